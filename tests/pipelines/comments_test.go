package pipelines

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// comments stands for the part of the programming interfaces of GitHub and GitLab that keeps comments.
type comments struct {
	*httptest.Server
	lock   sync.Mutex
	kept   []comment
	token  string // the only one that may write
	denied bool   // nobody may write
}

type comment struct {
	ID     int               `json:"id"`
	Body   string            `json:"body"`
	User   map[string]string `json:"user"`   // on GitHub
	Author map[string]int    `json:"author"` // on GitLab
}

const (
	onGitHub = "/repos/team/apps/issues/"
	onGitLab = "/projects/12/merge_requests/7/notes"
	bot      = 99
)

func newComments(t *testing.T, kept ...comment) *comments {
	t.Helper()
	c := &comments{kept: kept, token: "secret-token"}
	c.Server = httptest.NewServer(c)
	t.Cleanup(c.Close)
	return c
}

func (c *comments) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.lock.Lock()
	defer c.lock.Unlock()
	if r.Header.Get("Authorization") != "Bearer "+c.token && r.Header.Get("PRIVATE-TOKEN") != c.token || c.denied && r.Method != http.MethodGet {
		http.Error(w, "forbidden", http.StatusForbidden)
		return
	}
	var answer any
	switch path := r.URL.Path; {
	case r.Method == http.MethodGet && path == "/user":
		answer = map[string]int{"id": bot}
	case r.Method == http.MethodGet && (path == onGitHub+"7/comments" || path == onGitLab):
		answer = c.page(r)
	case r.Method == http.MethodPost && (path == onGitHub+"7/comments" || path == onGitLab):
		c.kept = append(c.kept, comment{ID: 1000 + len(c.kept), User: map[string]string{"login": "github-actions[bot]"}, Author: map[string]int{"id": bot}})
		answer = c.set(r, len(c.kept)-1)
	case r.Method == http.MethodPatch && strings.HasPrefix(path, onGitHub+"comments/"), r.Method == http.MethodPut && strings.HasPrefix(path, onGitLab+"/"):
		answer = c.set(r, c.find(path[strings.LastIndex(path, "/")+1:]))
	}
	if answer == nil {
		http.NotFound(w, r)
		return
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func (c *comments) page(r *http.Request) any {
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	from := min(100*(page-1), len(c.kept))
	return append([]comment{}, c.kept[from:min(from+100, len(c.kept))]...)
}

func (c *comments) find(id string) int {
	for i := range c.kept {
		if strconv.Itoa(c.kept[i].ID) == id {
			return i
		}
	}
	return -1
}

func (c *comments) set(r *http.Request, i int) any {
	var sent struct {
		Body string `json:"body"`
	}
	if err := json.NewDecoder(r.Body).Decode(&sent); err != nil || i < 0 {
		return nil
	}
	c.kept[i].Body = sent.Body
	return c.kept[i]
}

// ours are the comments that the pipeline has written.
func (c *comments) ours() []string {
	c.lock.Lock()
	defer c.lock.Unlock()
	var bodies []string
	for _, one := range c.kept {
		if strings.HasPrefix(one.Body, "<!-- meshfn-pull-request -->") {
			bodies = append(bodies, one.Body)
		}
	}
	return bodies
}

// post runs the script of the image, as a step of GitHub or a job of GitLab.
func (c *comments) post(t *testing.T, host, text string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "report.md"), text)
	environment := map[string][]string{
		"github": {"GITHUB_API_URL=" + c.URL, "GITHUB_REPOSITORY=team/apps", "PULL_REQUEST=7"},
		"gitlab": {"CI_API_V4_URL=" + c.URL, "CI_PROJECT_ID=12", "CI_MERGE_REQUEST_IID=7"},
	}[host]
	args := []string{"run", "--rm", "--network", "host", "--read-only", "--tmpfs", "/tmp", "--volume", dir + ":" + dir + ":ro"}
	for _, variable := range append(environment, "MESHFN_TOKEN="+c.token) {
		args = append(args, "--env", variable)
	}
	args = append(args, image, "meshfn-comment", filepath.Join(dir, "report.md"))
	output, err := exec.CommandContext(t.Context(), "docker", args...).CombinedOutput()
	return string(output), err
}

const image = "ghcr.io/meshfn/meshfn:v0.1-ci"

// TestComment writes one comment, and the next time replaces it and nobody else's.
func TestComment(t *testing.T) {
	for _, host := range []string{"github", "gitlab"} {
		t.Run(host, func(t *testing.T) {
			var others []comment
			for i := range 150 {
				others = append(others, comment{ID: i, Body: fmt.Sprint("a comment ", i), User: map[string]string{"login": "somebody"}, Author: map[string]int{"id": 1}})
			}
			// Somebody quotes the comment from its first line on.
			others[3].Body = "<!-- meshfn-pull-request -->\nquoted"
			c := newComments(t, others...)
			for _, text := range []string{"first \"text\" with `$(odd)` \\ characters\n", "second"} {
				if output, err := c.post(t, host, text); err != nil {
					t.Fatalf("%v\n%s", err, output)
				}
				ours := c.ours()
				if len(ours) != 2 || ours[0] != others[3].Body || ours[1] != "<!-- meshfn-pull-request -->\n"+text {
					t.Fatalf("after %q there is %q", text, ours)
				}
			}
			if output, err := c.post(t, host, strings.Repeat("é", 1_000_000)); err != nil {
				t.Fatalf("%v\n%s", err, output)
			}
			if got := len([]rune(c.ours()[1])); got > 1_000_000 || host == "github" && got > 65_536 {
				t.Errorf("the comment has %d characters", got)
			}
			contains(t, c.ours()[1], "The rest is in the results of the job.")
			c.denied = true
			output, err := c.post(t, host, "third")
			if err == nil {
				t.Error("a comment that could not be written is no failure")
			}
			contains(t, output, "status 403: the token may not do that")
			if strings.Contains(output, c.token) {
				t.Errorf("the token is in\n%s", output)
			}
		})
	}
}
