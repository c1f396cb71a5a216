package security

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// known are the files of the system that are read, and why.
var known = map[string]string{
	"/sys/kernel/mm/transparent_hugepage/hpage_pmd_size": "the Go runtime asks for the size of large pages",
	"/proc/self/cgroup":    "the Go runtime asks how many processors a container may use",
	"/proc/self/mountinfo": "the Go runtime asks how many processors a container may use",
	"/proc/self/exe":       "to run itself as the function",
	"/dev/null":            "the standard streams of what has none",
}

var (
	call     = regexp.MustCompile(`^\d+\s+(?:<\.\.\. )?([a-z_0-9]+)\(`)
	quoted   = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`)
	relative = regexp.MustCompile(`\((\d+)<([^>]*)>, "`) // a path below an open directory
)

// TestSystemCalls runs every verb under strace and holds what the program asks of the system: it executes nothing but itself,
// opens no socket, looks at no file outside of the repository and its temporary directory, and changes nothing but its output.
func TestSystemCalls(t *testing.T) {
	for name, args := range verbs() {
		t.Run(name, func(t *testing.T) {
			dir, temporary := world(t), t.TempDir()
			trace := filepath.Join(t.TempDir(), "trace")
			stdin := ""
			if args == nil {
				stdin = aList
			}
			before := listing(t, dir)
			process{
				dir: dir, stdin: stdin, env: []string{"TMPDIR=" + temporary, "HOME=" + dir + "/victim", "PATH=/usr/bin:/bin"},
				args: append([]string{
					"/usr/bin/strace", "-f", "-y", "-qq", "-e", "signal=none", "-s", "4096", "-e", "trace=%file,%network,execve,execveat",
					"-o", trace, meshfn(t),
				}, args...),
			}.run(t)
			text, err := os.ReadFile(trace)
			if err != nil || len(text) == 0 {
				t.Fatalf("no trace: %v", err)
			}
			for line := range strings.Lines(string(text)) {
				if problem := judge(strings.TrimSpace(line), dir, temporary, meshfn(t)); problem != "" {
					t.Errorf("%s:\n%s", problem, line)
				}
			}
			if left := listing(t, temporary); left != "" {
				t.Errorf("left behind:\n%s", left)
			}
			for line := range strings.Lines(listing(t, dir)) {
				wanted := strings.HasPrefix(line, "out/") || name == "init into" && strings.HasPrefix(line, "examples/shop/app/mesh")
				if !strings.Contains(before, line) && !wanted {
					t.Errorf("created: %s", line)
				}
			}
		})
	}
}

// judge says what is wrong with a system call.
func judge(line, dir, temporary, self string) string {
	found := call.FindStringSubmatch(line)
	if found == nil {
		return ""
	}
	var paths []string
	for _, one := range quoted.FindAllStringSubmatch(line, -1) {
		paths = append(paths, one[1])
	}
	switch found[1] {
	case "execve":
		if len(paths) == 0 || paths[0] != self {
			return "it executes something else"
		}
		return ""
	case "openat", "open", "newfstatat", "stat", "lstat", "statx", "access", "faccessat", "faccessat2", "readlinkat", "readlink":
	case "mkdirat", "mkdir", "unlinkat", "unlink", "rmdir", "renameat", "renameat2", "rename", "fchmodat", "chmod":
		for i := range paths {
			if path := absolute(line, paths[i], dir); !below(temporary, path) && !below(dir+"/out", path) {
				return "it changes a file"
			}
		}
		return ""
	case "getcwd", "chdir":
		return ""
	default:
		return "a system call that is not expected"
	}
	if len(paths) == 0 {
		return ""
	}
	path := absolute(line, paths[0], dir)
	writes := strings.Contains(line, "O_WRONLY") || strings.Contains(line, "O_RDWR") || strings.Contains(line, "O_CREAT")
	mayWrite := below(temporary, path) || below(dir+"/out", path) || path == dir+"/examples/shop/app/mesh.yaml" || path == dir+"/examples/shop/app/meshfn.yaml"
	switch {
	case writes && !mayWrite:
		return "it writes a file"
	case mayWrite, path == self, known[path] != "":
		return ""
	case strings.HasPrefix(path, "/sys/fs/cgroup/"): // The Go runtime again.
		return ""
	case below(dir+"/victim", path), below(dir+"/evil/.git", path) && path != dir+"/evil/.git":
		return "it looks at what is not the repository's"
	case below(dir, path):
		return ""
	case !strings.HasPrefix(found[1], "open") && below(filepath.Dir(path), dir) && (below(path, dir) || filepath.Base(path) == ".git"):
		return "" // Where the repository lies, and whether git has checked it out.
	case below(filepath.Dir(temporary), path) && !strings.HasPrefix(found[1], "readlink"): // To remove what is in the temporary directory.
		return ""
	}
	return "it looks at a file outside"
}

// absolute is the path that a call is about.
func absolute(line, path, dir string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	if at := relative.FindStringSubmatch(line); at != nil {
		return filepath.Join(at[2], path)
	}
	return filepath.Join(dir, path)
}

func below(dir, path string) bool {
	return path == dir || strings.HasPrefix(path, strings.TrimSuffix(dir, "/")+"/")
}

// listing is everything below a directory.
func listing(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if path != dir {
			all.WriteString(strings.TrimPrefix(path, dir+"/") + "\n")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
