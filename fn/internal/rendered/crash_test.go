//go:build unix

package rendered

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
)

// Variables of the environment that make the test binary one run that ends early.
const (
	crashStep = "RENDERED_CRASH_STEP"
	crashSlow = "RENDERED_CRASH_WITHOUT_EXCHANGE"
)

func TestMain(m *testing.M) {
	if os.Getenv(crashStep) != "" {
		crash()
	}
	child()
	os.Exit(m.Run())
}

// crash is a run in the working directory that is killed before one of its steps.
func crash() {
	dir, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	last, err := strconv.Atoi(os.Getenv(crashStep))
	if err != nil {
		panic(err)
	}
	steps := 0
	run := target(dir)
	run.noExchange = os.Getenv(crashSlow) != ""
	run.before = func(string, string) error {
		if steps++; steps == last {
			if err := syscall.Kill(os.Getpid(), syscall.SIGKILL); err != nil {
				panic(err)
			}
			select {}
		}
		return nil
	}
	if _, err := run.Write(after()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// TestKilledBeforeEachStep holds that each application is old or new wherever a run is killed, and that the next run ends it.
func TestKilledBeforeEachStep(t *testing.T) {
	for step := 1; ; step++ {
		dir := world(t)
		if !killed(t, dir, step, false) {
			finished(t, dir)
			t.Logf("%d steps", step-1)
			if step < 50 {
				t.Errorf("a run has only %d steps", step-1)
			}
			return
		}
		either(t, dir)
		next(t, dir)
		if t.Failed() {
			t.Fatalf("killed before step %d", step)
		}
	}
}

// TestKilledBetweenTwoRenames holds the same for file systems without an exchange, as soon as the next run has cleared away.
func TestKilledBetweenTwoRenames(t *testing.T) {
	for step := 1; ; step++ {
		dir := world(t)
		if !killed(t, dir, step, true) {
			finished(t, dir)
			return
		}
		if err := target(dir).recover(); err != nil {
			t.Fatal(err)
		}
		either(t, dir)
		next(t, dir)
		if t.Failed() {
			t.Fatalf("killed before step %d", step)
		}
	}
}

// TestKilledTwice holds that what clears away after a killed run can be killed as well.
func TestKilledTwice(t *testing.T) {
	for _, first := range []int{20, 45, 55} {
		for step := 1; ; step++ {
			dir := world(t)
			if !killed(t, dir, first, false) || !killed(t, dir, step, false) {
				break
			}
			either(t, dir)
			next(t, dir)
			if t.Failed() {
				t.Fatalf("killed before step %d, and then before step %d", first, step)
			}
		}
	}
}

// killed runs until a step and reports whether there is one of that number.
func killed(t *testing.T, dir string, step int, slow bool) bool {
	t.Helper()
	run := exec.CommandContext(t.Context(), os.Args[0])
	run.Dir = dir
	run.Env = append(os.Environ(), fmt.Sprintf("%s=%d", crashStep, step))
	if slow {
		run.Env = append(run.Env, crashSlow+"=1")
	}
	out, err := run.CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() && status.Signal() == syscall.SIGKILL {
			return true
		}
	}
	if err != nil {
		t.Fatalf("step %d: %v\n%s", step, err, out)
	}
	return false
}

func next(t *testing.T, dir string) {
	t.Helper()
	if _, err := target(dir).Write(after()); err != nil {
		t.Error(err)
	}
	finished(t, dir)
}

// TestEachStepFails holds that a run which the file system stops says so, leaves each application old or new, and clears away
// itself.
func TestEachStepFails(t *testing.T) {
	for _, slow := range []bool{false, true} {
		for step := 1; ; step++ {
			dir := world(t)
			steps := 0
			run := target(dir)
			run.noExchange = slow
			run.before = func(string, string) error {
				if steps++; steps == step {
					return syscall.ENOSPC
				}
				return nil
			}
			_, err := run.Write(after())
			either(t, dir)
			if err == nil {
				finished(t, dir) // It could do without.
			}
			next(t, dir)
			if t.Failed() {
				t.Fatalf("step %d of %d failed: %v", step, steps, err)
			}
			if steps < step {
				break
			}
		}
	}
}
