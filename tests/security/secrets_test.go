package security

import (
	"strings"
	"testing"
)

// TestNoSecretIsSaid puts a secret where things go wrong, and looks for it in everything that is said.
func TestNoSecretIsSaid(t *testing.T) {
	const secret = "hunter2CANARY"
	build := []string{"build", "."}
	for name, test := range map[string]struct {
		files map[string]string
		args  []string
	}{
		"a key twice":        {map[string]string{"s.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  a: b\n  a: " + secret + "\n"}, []string{"render", "."}},
		"no YAML":            {map[string]string{"s.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  a: [" + secret + "\n"}, []string{"check", "."}},
		"a bad literal":      {kustomize("secretGenerator: [{name: a, literals: ["+secret+"]}]\n", nil), build},
		"a bad line":         {kustomize("secretGenerator: [{name: a, envs: [e]}]\n", map[string]string{"e": "A=b\npass word " + secret + "\n"}), build},
		"no UTF-8":           {kustomize("secretGenerator: [{name: a, envs: [e]}]\n", map[string]string{"e": "A=\xff" + secret + "\n"}), build},
		"a patch that fails": {kustomize("secretGenerator: [{name: a, literals: [a="+secret+"]}]\npatches: [{target: {kind: Secret}, patch: '[{op: replace, path: /nothing/a, value: b}]'}]\n", nil), build},
		"a key of numbers":   {kustomize("resources: [s.yaml]\n", map[string]string{"s.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {5: " + secret + "}\n"}), build},
		"twice the same":     {kustomize("resources: [s.yaml, t.yaml]\n", map[string]string{"s.yaml": aSecret + secret + "\n", "t.yaml": aSecret + secret + "\n"}), build},
		"an address": {map[string]string{"d.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [" +
			"{name: a, image: b, env: [{name: DB_URL, value: 'postgres://me:" + secret + "@db.example.com:5432/x'}, {name: DB_PASSWORD, value: " + secret + "}, {name: DSN, value: 'host=db password=" + secret + "'}], args: ['--token=" + secret + "', 'redis://:" + secret + "@redis:6379']}]}}}\n"}, []string{"init", ".", "--stdout"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := run(t, tree(t, test.files), test.args...)
			if strings.Contains(got.stderr, secret) || test.args[0] != "render" && strings.Contains(got.stdout, secret) {
				t.Errorf("it is said:\n%s\n%s", got.stdout, got.stderr)
			}
			if got.code == 0 && test.args[0] == "build" {
				t.Errorf("nothing is wrong:\n%s", got.stdout)
			}
		})
	}
}

const aSecret = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  a: "
