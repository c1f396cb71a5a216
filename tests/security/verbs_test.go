package security

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// verb is a way into the program.
type verb struct {
	args  []string
	in    string // the directory of the world that it runs in
	stdin string
	git   bool // a revision is named, and git reads it
}

// process is the run of a verb in a world.
func (v verb) process(dir string, env ...string) process {
	return process{dir: filepath.Join(dir, v.in), stdin: v.stdin, env: env, args: v.args}
}

func of(args ...string) verb { return verb{args: args} }

func in(dir string, args ...string) verb { return verb{in: dir, args: args} }

func withGit(args ...string) verb { return verb{in: "committed", args: args, git: true} }

// verbs are every way into the program, over the examples and over a repository that was made to do harm.
func verbs() map[string]verb {
	return map[string]verb{
		"build":               of("build", "examples/quickstart"),
		"build overlay":       of("build", "examples/overlay/prod"),
		"build platform":      of("build", "examples/platform/stock/eu"),
		"build shop":          of("build", "examples/shop/mesh"),
		"build into":          of("build", "examples/quickstart", "--output", "out/rendered"),
		"render":              of("render", "examples/kpt"),
		"render into":         of("render", "examples/kpt", "--output", "out/rendered"),
		"rendered":            of("rendered", "examples/quickstart", "examples/kpt", "--output", "out/rendered"),
		"rendered check":      of("rendered", "examples/quickstart", "--output", "out/rendered", "--check"),
		"check":               of("check", "examples/shop/mesh"),
		"check manifests":     of("check", "examples/kpt"),
		"check sarif":         of("check", "examples/quickstart", "--format", "sarif"),
		"diff":                of("diff", "examples/overlay/prod", "examples/quickstart"),
		"diff with nothing":   of("diff", "/dev/null", "examples/quickstart", "--format", "markdown"),
		"diff revision":       withGit("diff", "HEAD:app", "app"),
		"diff merge base":     withGit("diff", "HEAD:", "HEAD~1:", "--dir", "app", "--merge-base"),
		"explain":             of("explain", "--dir", "examples/quickstart"),
		"explain field":       of("explain", "VirtualService/web", "spec.http[0].timeout", "--dir", "examples/quickstart"),
		"init":                of("init", "examples/shop/app", "--stdout"),
		"init into":           of("init", "examples/shop/app"),
		"catalog":             of("catalog", "examples/platform/shop", "examples/platform/billing"),
		"catalog into":        of("catalog", "examples/platform/shop", "-o", "out/catalog.yaml"),
		"schema":              of("schema", "Mesh"),
		"version":             of("version"),
		"function":            {stdin: aList},
		"argocd discover":     in("examples/quickstart", "argocd", "discover"),
		"argocd generate":     in("examples/quickstart", "argocd", "generate"),
		"argocd parameters":   in("examples/quickstart", "argocd", "parameters"),
		"evil build":          of("build", "evil/app"),
		"evil render":         of("render", "evil/app"),
		"evil rendered":       of("rendered", "evil/app", "--output", "out/rendered"),
		"evil check":          of("check", "evil/app"),
		"evil diff":           of("diff", "examples/quickstart", "evil/app"),
		"evil diff link":      of("diff", "/dev/null", "evil/link"),
		"evil init":           of("init", "evil/app", "--stdout"),
		"evil catalog":        of("catalog", "evil/app"),
		"evil explain":        of("explain", "--dir", "evil/app"),
		"evil link":           of("build", "evil/link"),
		"evil render link":    of("render", "evil/link.yaml"),
		"evil render in link": of("render", "evil/link/secret.yaml"),
		"evil catalog file":   of("catalog", "evil/link.yaml"),
		"evil discover":       in("evil/app", "argocd", "discover"),
		"evil generate":       in("evil/app", "argocd", "generate"),
		"evil parameters":     in("evil/app", "argocd", "parameters"),
	}
}

// evil is a repository beside which secrets lie.
func evil() map[string]string {
	return map[string]string{
		"evil/.git/config": "[http] extraheader = CANARY",
		"evil/app/kustomization.yaml": `resources:
- web.yaml
- ../../victim
- out
- ../../../../../../../../proc/self/cwd
- /etc
- ../.git
- https://127.0.0.1:9/a?ref=v1
- git@127.0.0.1:org/repo?ref=v1
- github.com/org/repo?ref=v1
- gh:org/repo
- file:///tmp/repo?ref=v1
- "gi\u0074::https://127.0.0.1:9/a"
configMapGenerator:
- {name: a, files: [../.git/config, ../../victim/secret.yaml, /etc/passwd, /proc/self/environ, secret.yaml, token]}
- {name: b, envs: [/proc/self/environ, environ]}
configurations: [../../victim/secret.yaml, /etc/passwd]
crds: [/etc/passwd, "https://127.0.0.1:9/crd.json"]
openapi: {path: /etc/passwd}
patches: [{path: ../../victim/secret.yaml}, {path: secret.yaml}]
replacements: [{path: /etc/passwd}]
helmCharts: [{name: a, repo: "https://127.0.0.1:9"}]
transformers:
- |
  apiVersion: v1
  kind: Evil
  metadata: {name: evil, annotations: {config.kubernetes.io/function: "exec: {path: /bin/sh}"}}
- |
  apiVersion: builtin
  kind: ConfigMapGenerator
  metadata: {name: c}
  files: [/etc/passwd, token]
generators: [../../victim]
validators: [out]
`,
		"evil/app/web.yaml":    aService,
		"evil/app/out":         "->../../victim",
		"evil/app/secret.yaml": "->../../victim/secret.yaml",
		"evil/app/token":       "->../.git/config",
		"evil/app/environ":     "->/proc/self/environ",
		"evil/link":            "->../victim",
		"evil/link.yaml":       "->../victim/secret.yaml",
		"victim/.git/config":   "CANARY",
		"victim/kustomization.yaml": "secretGenerator: [{name: a, files: [secret.yaml]}]\n" +
			"resources: [secret.yaml]\n",
		"victim/secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: CANARY}\nstringData: {a: CANARY}\n",
	}
}

// world is a machine with the examples, an evil repository and one with a history on it.
func world(t *testing.T) string {
	t.Helper()
	top := examples(t)
	from := tree(t, evil())
	for _, name := range []string{"evil", "victim"} {
		if out, err := exec.Command("cp", "-a", filepath.Join(from, name), top).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	commit(t, top)
	if err := os.Mkdir(filepath.Join(top, "out"), 0o755); err != nil {
		t.Fatal(err)
	}
	return top
}
