package security

import (
	"strings"
	"testing"
)

// TestNothingBesideTheRepository holds that no verb shows anything of what lies beside the repository, whichever way it is named.
func TestNothingBesideTheRepository(t *testing.T) {
	dir := world(t)
	for name, v := range verbs() {
		if !strings.HasPrefix(name, "evil") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			run := v.process(dir, "TMPDIR="+t.TempDir())
			run.args = append([]string{meshfn(t)}, run.args...)
			got := run.run(t)
			if strings.Contains(got.stdout+got.stderr, "CANARY") || strings.Contains(got.stdout+got.stderr, "root:x:0") {
				t.Errorf("it tells a secret:\n%s\n%s", got.stdout, got.stderr)
			}
			if strings.HasPrefix(name, "evil render in") || strings.Contains(name, "link") || strings.Contains(name, "build") || strings.Contains(name, "generate") {
				if got.code != 1 || !strings.Contains(got.stderr, "[MF0028]") {
					t.Errorf("exit code %d:\n%s", got.code, got.stderr)
				}
			}
		})
	}
}

// TestNothingIsToldToExist holds that a path out of the repository is refused with the same words whether there is a file or not.
func TestNothingIsToldToExist(t *testing.T) {
	for _, pair := range [][2]string{{"/etc/passwd", "/etc/passwx"}, {"../../victim", "../../nobody"}} {
		var said [2]string
		for i, target := range pair {
			dir := tree(t, map[string]string{
				"repo/.git/config": "",
				"repo/app/link":    "->" + target,
				"repo/app/kustomization.yaml": "resources: [link, " + target + "]\n" +
					"configMapGenerator: [{name: a, files: [link, " + target + "]}]\n",
				"victim/secret": "",
			})
			got := run(t, dir, "build", "repo/app")
			if got.code != 1 || strings.Count(got.stderr, "[MF0028]") != 4 {
				t.Errorf("exit code %d:\n%s", got.code, got.stderr)
			}
			said[i] = strings.ReplaceAll(got.stderr, target, "TARGET")
		}
		if said[0] != said[1] {
			t.Errorf("what is there: %s\nwhat is not: %s", said[0], said[1])
		}
	}
}
