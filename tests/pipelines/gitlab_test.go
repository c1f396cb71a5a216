package pipelines

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// gitlab runs the job of the template.
func gitlab(t *testing.T, r request, c *comments) (string, error) {
	t.Helper()
	args := []string{
		"--container-executable", "podman", "--pull-policy", "if-not-present", "--network", "host",
		"--helper-image", "localhost/meshfn-pipelines-helper:1",
	}
	for _, variable := range []string{
		"CI_PIPELINE_SOURCE=merge_request_event", "CI_MERGE_REQUEST_DIFF_BASE_SHA=" + r.base, "CI_MERGE_REQUEST_IID=7",
		"CI_PROJECT_ID=12", "CI_API_V4_URL=" + c.URL, "MESHFN_TOKEN=" + c.token,
	} {
		args = append(args, "--variable", variable)
	}
	command := exec.CommandContext(t.Context(), "gitlab-ci-local", append(args, "meshfn")...)
	command.Dir = r.dir
	output, err := command.CombinedOutput()
	return string(output), err
}

// TestTemplate runs the job for a change that is safe, one that is not, and one that does not build.
func TestTemplate(t *testing.T) {
	for _, test := range []struct {
		name    string
		changed func(*testing.T) func(string)
		fails   bool
		posted  []string
		found   int // entries of the Code Quality report
	}{
		{"safe", longer, false, []string{"Mesh changes: apps/shop/overlays/prod", "5s", "7s"}, 0},
		{"unsafe", unsafe, true, []string{"shop.example.com", "MF16"}, 0},
		{"broken", broken, true, []string{"MF0007", "it does not build"}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newComments(t)
			r := newRequest(t, test.changed(t))
			output, err := gitlab(t, r, c)
			if (err != nil) != test.fails {
				t.Fatalf("%v\n%s", err, output)
			}
			ours := c.ours()
			if len(ours) != 1 {
				t.Fatalf("there are %d comments\n%s", len(ours), output)
			}
			contains(t, ours[0], test.posted...)
			artifacts := filepath.Join(r.dir, "meshfn")
			var quality []struct {
				Location struct{ Path string }
			}
			if err := json.Unmarshal([]byte(read(t, filepath.Join(artifacts, "codequality.json"))), &quality); err != nil || len(quality) < test.found {
				t.Errorf("%v, %d entries in the Code Quality report", err, len(quality))
			}
			for _, entry := range quality {
				if _, err := os.Stat(filepath.Join(r.dir, entry.Location.Path)); err != nil {
					t.Error(err)
				}
			}
			if _, err := os.Stat(filepath.Join(artifacts, "rendered/apps/billing")); err != nil {
				t.Error(err)
			}
		})
	}
}
