// Package security holds the promises of SECURITY.md against the program as it is shipped.
package security

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const repository = "../.."

func meshfn(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(repository, ".cache", "security", "meshfn"))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestMain(m *testing.M) {
	if out, err := exec.Command("./setup.sh").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "setup.sh: %v\n%s", err, out)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// outcome is what a run left behind.
type outcome struct {
	code           int
	stdout, stderr string
	memory         int64 // bytes that the largest process had at once
	cpu            time.Duration
}

// patience is far beyond what the program allows itself; only a hang reaches it.
const patience = 15 * time.Minute

// process is a run to make.
type process struct {
	dir, stdin string
	env        []string
	args       []string
}

// run runs the program in a directory, with nothing in its environment.
func run(t *testing.T, dir string, args ...string) outcome {
	t.Helper()
	return process{dir: dir, env: []string{"TMPDIR=" + t.TempDir()}, args: append([]string{meshfn(t)}, args...)}.run(t)
}

func (p process) run(t *testing.T) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	command := exec.CommandContext(ctx, p.args[0], p.args[1:]...)
	var stdout, stderr bytes.Buffer
	command.Dir, command.Env, command.Stdin = p.dir, p.env, strings.NewReader(p.stdin)
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		t.Fatalf("%v: %v", p.args, errors.Join(err, ctx.Err()))
	}
	used := command.ProcessState.SysUsage().(*syscall.Rusage)
	return outcome{
		code: command.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String(),
		memory: used.Maxrss << 10, cpu: command.ProcessState.UserTime() + command.ProcessState.SystemTime(),
	}
}

// sparse is the content of a file that says that it is large, and is not.
const sparse = "sparse"

// tree fills a new directory. A content that begins with an arrow is a link, and one that begins with a pipe a named pipe.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	top, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		path := filepath.Join(top, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		switch {
		case strings.HasPrefix(content, "->"):
			err = os.Symlink(strings.TrimPrefix(content, "->"), path)
		case content == sparse:
			if err = os.WriteFile(path, nil, 0o600); err == nil {
				err = os.Truncate(path, 100<<30)
			}
		case content == "|":
			err = syscall.Mkfifo(path, 0o600)
		default:
			err = os.WriteFile(path, []byte(content), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return top
}

// examples is a copy of the examples, which a run may not change.
func examples(t *testing.T) string {
	t.Helper()
	top, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(top, "examples"), os.DirFS(filepath.Join(repository, "examples"))); err != nil {
		t.Fatal(err)
	}
	return top
}

const (
	aMesh    = "apiVersion: meshfn.dev/v1alpha1\nkind: Mesh\nmetadata: {name: shop, namespace: shop}\nspec: {}\n"
	aService = "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n" +
		"spec: {selector: {app: web}, ports: [{name: http, port: 80}]}\n"
	aList = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- apiVersion: v1\n  kind: Service\n" +
		"  metadata: {name: web, namespace: shop}\n  spec: {selector: {app: web}, ports: [{name: http, port: 80}]}\n" +
		"functionConfig:\n  apiVersion: meshfn.dev/v1alpha1\n  kind: Mesh\n  metadata: {name: shop, namespace: shop}\n  spec: {}\n"
)
