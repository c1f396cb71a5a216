package security

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestEnvironment holds that what the environment says changes no byte of what is written or said.
func TestEnvironment(t *testing.T) {
	dir := world(t)
	plugins := filepath.Join(t.TempDir(), "plugins", "example.com")
	if err := os.MkdirAll(plugins, 0o755); err != nil {
		t.Fatal(err)
	}
	much := []string{
		"HOME=/nowhere", "XDG_CONFIG_HOME=" + plugins, "KUSTOMIZE_PLUGIN_HOME=" + plugins,
		"KUBECONFIG=/nowhere", "HTTP_PROXY=http://127.0.0.1:1", "HTTPS_PROXY=http://127.0.0.1:1", "GIT_DIR=/nowhere",
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=core.hooksPath", "GIT_CONFIG_VALUE_0=/nowhere", "LANG=tr_TR.UTF-8",
		"LC_ALL=tr_TR.UTF-8", "TZ=Asia/Kathmandu", "GODEBUG=randautoseed=1", "GOMAXPROCS=1", "PATH=/nowhere", "USER=nobody",
		"KUSTOMIZE_ENABLE_ALPHA_COMMANDS=true", "PWD=/nowhere", "NO_COLOR=1", "TERM=xterm", "CI=true", "GITHUB_ACTIONS=true",
		"DOCKER_HOST=tcp://127.0.0.1:1", "web=a", "MESHFN_DEBUG=1",
	}
	for name, v := range verbs() {
		t.Run(name, func(t *testing.T) {
			if name == "init into" {
				t.Skip("it writes no file twice; init --stdout says the same")
			}
			var got [2]outcome
			for i, env := range [][]string{nil, much} {
				if v.git { // Which git, and which repository, is for the user to say.
					env = slices.DeleteFunc(slices.Clone(env), func(of string) bool { return strings.HasPrefix(of, "GIT_DIR=") || strings.HasPrefix(of, "PATH=") })
					env = append(env, "PATH=/usr/bin:/bin")
				}
				_ = os.RemoveAll(filepath.Join(dir, "out", "rendered"))
				run := v.process(dir, append(env, "TMPDIR="+t.TempDir())...)
				run.args = append([]string{meshfn(t)}, run.args...)
				got[i] = run.run(t)
				got[i].memory, got[i].cpu = 0, 0
			}
			if got[0] != got[1] {
				t.Errorf("nothing in the environment:\n%+v\nmuch in it:\n%+v", got[0], got[1])
			}
			if !strings.HasPrefix(name, "evil") && got[0].code > 1 {
				t.Errorf("exit code %d:\n%s", got[0].code, got[0].stderr)
			}
		})
	}
}
