//go:build unix

package rendered

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// summarize is what a plan says of each application.
func summarize(plan *Plan) string {
	var out strings.Builder
	for _, c := range plan.Changes {
		fmt.Fprintf(&out, "%s +%v -%v =%v", c.Name, c.Written, c.Removed, c.Unchanged)
		if c.Pruned {
			out.WriteString(" pruned")
		}
		if len(c.Others) > 0 {
			fmt.Fprintf(&out, " beside %v", c.Others)
		}
		for _, refused := range c.Refused {
			fmt.Fprintf(&out, " refused %s", filepath.Base(refused.Path))
		}
		out.WriteString("\n")
	}
	if len(plan.Left) > 0 {
		fmt.Fprintf(&out, "left %v\n", plan.Left)
	}
	return out.String()
}

func write(t *testing.T, run *Target, apps []App) string {
	t.Helper()
	plan, err := run.Write(apps)
	if err != nil {
		t.Fatal(err)
	}
	return summarize(plan)
}

// TestChanges shows what is said, and that files that stay are the same files.
func TestChanges(t *testing.T) {
	dir := world(t)
	earlier := state(t, dir)
	want := "shop +[] -[] =[changes.yaml goes.yaml same.yaml] beside [theirs.yaml]\nleft [deep/old]\n"
	if got := write(t, New(dir), before()[:1]); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if later := state(t, dir); !maps.Equal(earlier, later) {
		t.Errorf("nothing changes, and it was\n%v\nand is\n%v", earlier, later)
	}
	want = "deep/old +[] -[a.yaml b.yaml] =[] pruned\n" +
		"shop +[changes.yaml comes.yaml] -[goes.yaml] =[same.yaml] beside [theirs.yaml]\nteam/billing +[bill.yaml] -[] =[]\n"
	if got := write(t, target(dir), after()); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	finished(t, dir)
	later := state(t, dir)
	for _, name := range []string{"/shop/same.yaml", "/shop/theirs.yaml", "/shop/sub/dir/deep.txt", "/README"} {
		if earlier[name] != later[name] || later[name] == "" {
			t.Errorf("%s was %s and is %s", name, earlier[name], later[name])
		}
	}
	if earlier["/shop/sub/dir"][:30] != later["/shop/sub/dir"][:30] {
		t.Errorf("the directory was %s and is %s", earlier["/shop/sub/dir"], later["/shop/sub/dir"])
	}
}

// TestPruneKeepsWhatIsNotOurs holds that the directory of an application stays when something else is in it.
func TestPruneKeepsWhatIsNotOurs(t *testing.T) {
	dir := world(t)
	write(t, target(dir), before()[1:])
	untouched(t, dir)
	for _, name := range []string{IndexName, "same.yaml", "changes.yaml", "goes.yaml"} {
		if _, err := os.Lstat(filepath.Join(dir, "shop", name)); err == nil {
			t.Errorf("%s is still there", name)
		}
	}
}

// TestAppears holds that what somebody puts into a directory, or changes there, just before it is replaced is not lost.
func TestAppears(t *testing.T) {
	for name, c := range map[string]struct{ file, text, kept, wrong string }{
		"a new file":              {"late.txt", "late\n", "shop/late.txt", ""},
		"a file that is replaced": {"changes.yaml", "late\n", workDir + "/ready/shop/changes.yaml", "was changed while the directory was replaced"},
		"a file that is removed":  {"goes.yaml", "late\n", "shop/goes.yaml", ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := world(t)
			run := target(dir)
			run.before = func(step, path string) error {
				if step != "exchange" || filepath.Base(path) != "shop" {
					return nil
				}
				late := filepath.Join(dir, "late")
				return errors.Join(os.WriteFile(late, []byte(c.text), 0o600), os.Rename(late, filepath.Join(dir, "shop", c.file)))
			}
			_, err := run.Write(after())
			if (err == nil) != (c.wrong == "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("it says %v", err)
			}
			if text, err := os.ReadFile(filepath.Join(dir, c.kept)); err != nil || string(text) != c.text {
				t.Errorf("%s is %q, %v", c.kept, text, err)
			}
			forced := target(dir)
			forced.Force = true
			if _, err := forced.Write(after()); err != nil {
				t.Error(err)
			}
			if _, err := os.Lstat(filepath.Join(dir, workDir)); err == nil {
				t.Error("something is left")
			}
		})
	}
}

// TestLinkedOutput holds that the directory of all applications may be a link.
func TestLinkedOutput(t *testing.T) {
	dir := world(t)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	write(t, target(link), after())
	finished(t, dir)
	if to, err := os.Readlink(link); err != nil || to != dir {
		t.Errorf("the link leads to %s, %v", to, err)
	}
}

// TestTogether holds that of several runs at a time each one does its work or says that another one is at it.
func TestTogether(t *testing.T) {
	dir := world(t)
	var wait sync.WaitGroup
	var lock sync.Mutex
	done := 0
	for i := range 8 {
		wait.Go(func() {
			apps := [][]App{before(), after()}[i%2]
			plan, err := New(dir).Write(apps)
			lock.Lock()
			defer lock.Unlock()
			switch {
			case err == nil && len(plan.Refused()) == 0:
				done++
			case err == nil || !strings.Contains(err.Error(), "another run writes into "+dir):
				t.Errorf("%v", err)
			}
		})
	}
	wait.Wait()
	if done == 0 {
		t.Error("nobody did anything")
	}
	write(t, target(dir), after())
	finished(t, dir)
}

// TestLocked holds that a run says so when another one is at it, and changes nothing.
func TestLocked(t *testing.T) {
	dir := world(t)
	unlock, err := lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	earlier := state(t, dir)
	if _, err := target(dir).Write(after()); err == nil || !strings.Contains(err.Error(), "another run writes into") {
		t.Errorf("it says %v", err)
	}
	if later := state(t, dir); !maps.Equal(earlier, later) {
		t.Errorf("it was\n%v\nand is\n%v", earlier, later)
	}
	unlock()
	write(t, target(dir), after())
	finished(t, dir)
}

// TestWithoutLinks holds that a file system without hard links is good enough.
func TestWithoutLinks(t *testing.T) {
	dir := world(t)
	run := target(dir)
	run.before = func(step, _ string) error {
		if step == "link" {
			return errors.ErrUnsupported
		}
		return nil
	}
	earlier := state(t, dir)
	write(t, run, after())
	finished(t, dir)
	mode := func(line string) []string { return strings.Fields(line)[:3] }
	if later := state(t, dir); !slices.Equal(mode(earlier["/shop/theirs.yaml"]), mode(later["/shop/theirs.yaml"])) {
		t.Errorf("it was %s and is %s", earlier["/shop/theirs.yaml"], later["/shop/theirs.yaml"])
	}
}
