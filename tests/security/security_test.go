// Package security holds the promises of SECURITY.md against the program as it is shipped.
package security

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const repository = "../.."

func meshfn(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(repository, ".cache", "security", "meshfn"))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestMain(m *testing.M) {
	if out, err := exec.Command("./setup.sh").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "setup.sh: %v\n%s", err, out)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// outcome is what a run left behind.
type outcome struct {
	code           int
	stdout, stderr string
	memory         int64 // bytes that the largest process had at once
	cpu            time.Duration
}

// patience is far beyond what the program allows itself; only a hang reaches it.
const patience = 15 * time.Minute

// process is a run to make.
type process struct {
	dir, stdin string
	env        []string
	args       []string
}

// run runs the program in a directory, with nothing in its environment.
func run(t *testing.T, dir string, args ...string) outcome {
	t.Helper()
	return process{dir: dir, env: []string{"TMPDIR=" + t.TempDir()}, args: append([]string{meshfn(t)}, args...)}.run(t)
}

func (p process) run(t *testing.T) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	command := exec.CommandContext(ctx, p.args[0], p.args[1:]...)
	var stdout, stderr bytes.Buffer
	command.Dir, command.Env, command.Stdin = p.dir, p.env, strings.NewReader(p.stdin)
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		t.Fatalf("%v: %v", p.args, errors.Join(err, ctx.Err()))
	}
	used := command.ProcessState.SysUsage().(*syscall.Rusage)
	return outcome{
		code: command.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String(),
		memory: used.Maxrss << 10, cpu: command.ProcessState.UserTime() + command.ProcessState.SystemTime(),
	}
}

// tree fills a new directory. A content that begins with an arrow is a link, and one that begins with a pipe a named pipe.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	top, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		path := filepath.Join(top, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		switch {
		case strings.HasPrefix(content, "->"):
			err = os.Symlink(strings.TrimPrefix(content, "->"), path)
		case content == "|":
			err = syscall.Mkfifo(path, 0o600)
		default:
			err = os.WriteFile(path, []byte(content), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return top
}

// examples is a copy of the examples, which a run may not change.
func examples(t *testing.T) string {
	t.Helper()
	top, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(top, "examples"), os.DirFS(filepath.Join(repository, "examples"))); err != nil {
		t.Fatal(err)
	}
	return top
}

const (
	aMesh    = "apiVersion: meshfn.dev/v1alpha1\nkind: Mesh\nmetadata: {name: shop, namespace: shop}\nspec: {}\n"
	aService = "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n" +
		"spec: {selector: {app: web}, ports: [{name: http, port: 80}]}\n"
	aList = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- apiVersion: v1\n  kind: Service\n" +
		"  metadata: {name: web, namespace: shop}\n  spec: {selector: {app: web}, ports: [{name: http, port: 80}]}\n" +
		"functionConfig:\n  apiVersion: meshfn.dev/v1alpha1\n  kind: Mesh\n  metadata: {name: shop, namespace: shop}\n  spec: {}\n"
)

// verbs are every way into the program, over the examples and over a repository that was made to do harm.
func verbs() map[string][]string {
	return map[string][]string{
		"build":               {"build", "examples/quickstart"},
		"build overlay":       {"build", "examples/overlay/prod"},
		"build platform":      {"build", "examples/platform/stock/eu"},
		"build shop":          {"build", "examples/shop/mesh"},
		"build versions":      {"build", "examples/versions"},
		"build workers":       {"build", "examples/workers"},
		"build into":          {"build", "examples/quickstart", "--output", "out/rendered"},
		"render":              {"render", "examples/kpt"},
		"render into":         {"render", "examples/kpt", "--output", "out/rendered"},
		"check":               {"check", "examples/shop/mesh"},
		"check manifests":     {"check", "examples/kpt"},
		"check sarif":         {"check", "examples/shop/mesh", "--format", "sarif"},
		"explain":             {"explain", "--dir", "examples/quickstart"},
		"explain field":       {"explain", "VirtualService/web", "spec.http[0].timeout", "--dir", "examples/quickstart"},
		"init":                {"init", "examples/shop/app", "--stdout"},
		"init into":           {"init", "examples/shop/app"},
		"catalog":             {"catalog", "examples/platform/shop", "examples/platform/billing"},
		"catalog into":        {"catalog", "examples/platform/shop", "-o", "out/catalog.yaml"},
		"schema":              {"schema", "Mesh"},
		"version":             {"version"},
		"function":            nil,
		"evil build":          {"build", "evil/app"},
		"evil render":         {"render", "evil/app"},
		"evil check":          {"check", "evil/app"},
		"evil init":           {"init", "evil/app", "--stdout"},
		"evil catalog":        {"catalog", "evil/app"},
		"evil explain":        {"explain", "--dir", "evil/app"},
		"evil link":           {"build", "evil/link"},
		"evil render link":    {"render", "evil/link.yaml"},
		"evil render in link": {"render", "evil/link/secret.yaml"},
		"evil catalog file":   {"catalog", "evil/link.yaml"},
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

// world is a machine with the examples and an evil repository on it.
func world(t *testing.T) string {
	t.Helper()
	top := examples(t)
	from := tree(t, evil())
	for _, name := range []string{"evil", "victim"} {
		if out, err := exec.Command("cp", "-a", filepath.Join(from, name), top).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	if err := os.Mkdir(filepath.Join(top, "out"), 0o755); err != nil {
		t.Fatal(err)
	}
	return top
}
