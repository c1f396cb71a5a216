package rendered

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// childKind makes the test binary one run in the working directory under other conditions.
const childKind = "RENDERED_CHILD"

func child() {
	kind := os.Getenv(childKind)
	if kind == "" {
		return
	}
	dir, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	switch kind {
	case "nobody":
		for _, err := range []error{syscall.Setgroups(nil), syscall.Setgid(65534), syscall.Setuid(65534)} {
			if err != nil && os.Getuid() == 0 {
				panic(err)
			}
		}
		say(dir, after())
	case "full", "read-only":
		small(kind, dir)
	}
	os.Exit(0)
}

// say runs, and tells the end on standard output.
func say(dir string, apps []App) {
	plan, err := target(dir).Write(apps)
	fmt.Printf("pending %v, error %v\n", plan != nil && plan.Pending(), err)
}

// small is a run in a file system that is full or cannot be written. What holds afterwards is looked at in here: the file system
// ends with the process.
func small(kind, dir string) {
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	must(syscall.Mount("none", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""))
	must(syscall.Mount("none", dir, "tmpfs", 0, "size=256k"))
	out := filepath.Join(dir, "out")
	_, err := New(out).Write(before())
	must(err)
	apps := after()
	if kind == "full" {
		apps[1].Files["large.yaml"] = make([]byte, 300<<10)
	} else {
		must(syscall.Mount("none", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
		say(out, before()[:1]) // Nothing to write but what is to be removed.
		unpruned := New(out)
		plan, err := unpruned.Write(before())
		fmt.Printf("unchanged: pending %v, error %v\n", plan.Pending(), err)
	}
	say(out, apps)
	for _, app := range before() {
		fmt.Println(app.Name, holds(filepath.Join(out, app.Name), &app))
	}
	_, left := os.Lstat(filepath.Join(out, workDir))
	_, billing := os.Lstat(filepath.Join(out, "team"))
	fmt.Printf("left: %v, begun: %v\n", left == nil, billing == nil)
}

func runChild(t *testing.T, kind, dir string, attributes *syscall.SysProcAttr) string {
	t.Helper()
	run := exec.CommandContext(t.Context(), os.Args[0])
	run.Env = append(os.Environ(), childKind+"="+kind)
	run.Dir = dir
	run.SysProcAttr = attributes
	out, err := run.CombinedOutput()
	if err != nil {
		if attributes != nil && strings.Contains(err.Error(), "operation not permitted") {
			t.Skipf("this machine gives out no namespaces: %v", err)
		}
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

// own is a user namespace in which anybody may mount.
func own() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
}

// TestFullDisk holds that a disk that is full is found before the first application changes.
func TestFullDisk(t *testing.T) {
	got := runChild(t, "full", t.TempDir(), own())
	for _, wanted := range []string{"pending true, error cannot write to ", "no space left on device", "shop <nil>", "deep/old <nil>", "left: false, begun: false"} {
		if !strings.Contains(got, wanted) {
			t.Errorf("%q is missing:\n%s", wanted, got)
		}
	}
}

// TestReadOnly holds that a run without a change does not mind, and that any other says why it cannot.
func TestReadOnly(t *testing.T) {
	got := runChild(t, "read-only", t.TempDir(), own())
	for _, wanted := range []string{
		"unchanged: pending false, error <nil>", "read-only file system", "shop <nil>", "deep/old <nil>", "left: false, begun: false",
	} {
		if !strings.Contains(got, wanted) {
			t.Errorf("%q is missing:\n%s", wanted, got)
		}
	}
	if strings.Count(got, "read-only file system") < 2 {
		t.Errorf("removing alone is not refused:\n%s", got)
	}
}

// TestPermissions holds that a run that may not write where it should changes nothing.
func TestPermissions(t *testing.T) {
	dir := world(t)
	for at := filepath.Dir(dir); strings.Contains(at, "endered"); at = filepath.Dir(at) {
		if err := os.Chmod(at, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			err = os.Chmod(path, 0o555)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	earlier := state(t, dir)
	got := runChild(t, "nobody", dir, nil)
	if !strings.Contains(got, "pending true, error") || !strings.Contains(got, "permission denied") {
		t.Errorf("it says\n%s", got)
	}
	if later := state(t, dir); fmt.Sprint(earlier) != fmt.Sprint(later) {
		t.Errorf("it was\n%v\nand is\n%v", earlier, later)
	}
	_ = filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			err = os.Chmod(path, 0o755)
		}
		return err
	})
}
