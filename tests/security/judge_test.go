package security

import (
	"path/filepath"
	"regexp"
	"strings"
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

// judge knows what a run may ask of the system.
type judge struct {
	dir, from       string // the world, and where in it the run is
	temporary, self string
	mayRunGit       bool
	git             map[string]bool // processes that are git by now
}

// programs are where git is, and where it looks for its own commands.
var programs = map[string]bool{"/usr/bin/git": true, "/usr/lib/git-core/git": true}

// call says what is wrong with a system call.
func (j *judge) call(line string) string {
	dir, temporary := j.dir, j.temporary
	found := call.FindStringSubmatch(line)
	if found == nil {
		return ""
	}
	var paths []string
	for _, one := range quoted.FindAllStringSubmatch(line, -1) {
		paths = append(paths, one[1])
	}
	if process, _, _ := strings.Cut(line, " "); j.git[process] {
		return ofGit(found[1], paths, line)
	} else if found[1] == "execve" && j.mayRunGit && len(paths) > 0 && programs[paths[0]] {
		j.git[process] = true
		return ""
	}
	switch found[1] {
	case "execve":
		if len(paths) == 0 || paths[0] != j.self {
			return "it executes something else"
		}
		return ""
	case "openat", "open", "newfstatat", "stat", "lstat", "statx", "access", "faccessat", "faccessat2", "readlinkat", "readlink":
	case "mkdirat", "mkdir", "unlinkat", "unlink", "rmdir", "renameat", "renameat2", "rename", "fchmodat", "chmod":
		for i := range paths {
			if path := absolute(line, paths[i], j.from); !below(temporary, path) && !below(dir+"/out", path) {
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
	path := absolute(line, paths[0], j.from)
	writes := strings.Contains(line, "O_WRONLY") || strings.Contains(line, "O_RDWR") || strings.Contains(line, "O_CREAT")
	mayWrite := below(temporary, path) || below(dir+"/out", path) || path == dir+"/examples/shop/app/mesh.yaml" || path == dir+"/examples/shop/app/meshfn.yaml"
	switch {
	case writes && !mayWrite:
		return "it writes a file"
	case mayWrite, path == j.self, j.mayRunGit && programs[path], known[path] != "":
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

// ofGit says what is wrong with a system call of git, which reads where it wants and does nothing else.
func ofGit(call string, paths []string, line string) string {
	switch call {
	case "execve":
		if len(paths) > 0 && programs[paths[0]] {
			return ""
		}
		return "git executes something else"
	case "openat", "open":
		if strings.Contains(line, "O_CREAT") || !strings.Contains(line, "O_RDONLY") && paths[0] != "/dev/null" {
			return "git writes a file"
		}
		return ""
	case "newfstatat", "stat", "lstat", "statx", "access", "faccessat", "faccessat2", "readlinkat", "readlink", "getcwd", "chdir", "statfs":
		return ""
	}
	return "git does what is not expected"
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
