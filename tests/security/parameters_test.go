package security

import (
	"strings"
	"testing"
)

// TestParameters gives what an Application of Argo CD says of itself, which its author writes: as much of it as the system
// hands over in one variable.
func TestParameters(t *testing.T) {
	const most = 127 << 10 // https://man7.org/linux/man-pages/man2/execve.2.html
	dir := world(t)
	for name, test := range map[string]struct{ parameters, want string }{
		"deep":             {strings.Repeat("[", most), "[MF0051]"},
		"long":             {`[{"name":"overlay","string":"` + strings.Repeat("x/", most/2-50) + `"}]`, "[MF0051]"},
		"many":             {"[" + strings.TrimSuffix(strings.Repeat(`{"name":"a"},`, most/13-1), ",") + "]", "[MF0051]"},
		"up":               {`[{"name":"overlay","string":"../../victim"}]`, "leads out of the repository"},
		"up to nothing":    {`[{"name":"overlay","string":"../../nobody"}]`, "leads out of the repository"},
		"a link":           {`[{"name":"overlay","string":"out"}]`, "is a link that leads out of the repository"},
		"of git":           {`[{"name":"overlay","string":"../.git"}]`, "belongs to git"},
		"through the link": {`[{"name":"overlay","string":"out/../out"}]`, "is a link that leads out of the repository"},
		"a terminal":       {`[{"name":"\u001b[2Joverlay"}]`, "[MF0051]"},
	} {
		for _, verb := range []string{"generate", "discover"} {
			t.Run(name+" "+verb, func(t *testing.T) {
				run := in("evil/app", "argocd", verb).process(dir, "TMPDIR="+t.TempDir(), "ARGOCD_APP_NAME=evil", "ARGOCD_APP_PARAMETERS="+test.parameters)
				run.args = append([]string{meshfn(t)}, run.args...)
				got := run.run(t)
				if got.code > 1 || verb == "generate" && (got.code != 1 || got.stdout != "") || !strings.Contains(got.stderr, test.want) {
					t.Errorf("exit code %d:\n%.2000s", got.code, got.stderr)
				}
				if strings.Contains(got.stdout+got.stderr, "CANARY") || strings.Contains(got.stderr, "\x1b") {
					t.Errorf("it tells a secret, or acts on a terminal:\n%.2000s", got.stderr)
				}
				if got.memory > 256<<20 {
					t.Errorf("it took %d MiB", got.memory>>20)
				}
			})
		}
	}
}
