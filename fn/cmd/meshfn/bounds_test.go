package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain lets the test binary be a process that does not keep to its bounds.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "exceed" {
		exceed(os.Args[2])
		return
	}
	os.Exit(m.Run())
}

func exceed(what string) {
	ctx := bounds{memory: 400 << 20, cpu: 300 * time.Millisecond}.hold()
	ended := ctx.Done()
	if what == "deaf" {
		ended = nil
	}
	var taken [][]byte
	for {
		select {
		case <-ended:
			fmt.Println("told")
			os.Exit(exitFailed)
		default:
		}
		switch what {
		case "memory":
			taken = append(taken, make([]byte, 10<<20))
			for i := range taken[len(taken)-1] {
				taken[len(taken)-1][i] = 1
			}
			time.Sleep(10 * time.Millisecond)
		case "at once":
			taken = append(taken, make([]byte, 1<<30))
			taken[0][len(taken[0])-1] = 1
		case "signal":
			_ = syscall.Kill(os.Getpid(), syscall.SIGTERM)
			time.Sleep(time.Second)
		}
	}
}

// TestBounds holds that a process ends when it takes too much, that what it runs is told before, and that it does not
// depend on whether that listens.
func TestBounds(t *testing.T) {
	for _, test := range []struct{ what, stdout, stderr string }{
		{"memory", "told", ""},
		{"processor", "told", ""},
		{"signal", "told", ""},
		{"deaf", "", "more than 300ms of processor time"},
		{"at once", "", ""},
	} {
		t.Run(test.what, func(t *testing.T) {
			t.Parallel()
			command := exec.CommandContext(t.Context(), os.Args[0], "exceed", test.what)
			var stdout, stderr strings.Builder
			command.Stdout, command.Stderr = &stdout, &stderr
			err := command.Run()
			if err == nil || !strings.Contains(stdout.String(), test.stdout) || !strings.Contains(stderr.String(), test.stderr) {
				t.Errorf("%v\n%s\n%.500s", err, stdout.String(), stderr.String())
			}
			used := command.ProcessState.SysUsage().(*syscall.Rusage)
			if mib := used.Maxrss >> 10; mib > 800 {
				t.Errorf("it took %d MiB", mib)
			}
		})
	}
}
