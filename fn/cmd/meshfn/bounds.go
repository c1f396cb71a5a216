package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"runtime/metrics"
	"syscall"
	"time"
)

// bounds are what one process may take, so that a repository that nobody trusts cannot take a whole machine. What is read
// is bounded where it is read. This is for what becomes of it: kustomize applies every patch to every object, and a
// replacement can double a text as often as it is listed.
//
// A text that doubles is there twice while it is copied, so a look that comes too late finds at most twice the bound. The
// system refuses only what is far more than that, because a Go program ends badly then: without a sentence of its own.
type bounds struct {
	memory int64         // bytes
	cpu    time.Duration // of all cores together
}

// defaults leave room for builds of ten thousand Services, which take two gigabytes and half a minute.
func defaults() bounds { return bounds{memory: 3 << 30, cpu: 10 * time.Minute} }

const (
	lookAgain  = 20 * time.Millisecond
	exitFailed = 3
	// timeToEnd is how long a run may take to remove what it has made after it was told to end.
	timeToEnd = 2 * time.Second
)

// hold makes the process keep to its bounds. The context ends when it does not, or when somebody ends the program.
func (b bounds) hold() context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	debug.SetMemoryLimit(b.memory / 4 * 3) // Garbage is collected in time, and does not count.
	limitMemory(b.memory / 3 * 8)          // What is taken at once, between two looks.
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, os.Interrupt, syscall.SIGTERM)
	go func() {
		err := b.watch(ended)
		cancel(err)
		time.Sleep(timeToEnd) // What knows of the context ends with this error, and the program with it.
		_, _ = fmt.Fprintf(os.Stderr, "meshfn: %v\n", err)
		os.Exit(exitFailed)
	}()
	return ctx
}

// watch returns why the process has to end.
func (b bounds) watch(ended <-chan os.Signal) error {
	ticker := time.NewTicker(lookAgain)
	defer ticker.Stop()
	for {
		select {
		case <-ended:
			return errors.New("it was interrupted")
		case <-ticker.C:
			if memory() > b.memory {
				return fmt.Errorf("the input needs more than %d MiB of memory; split the build, or look for what multiplies in it", b.memory>>20)
			}
			if processorTime() > b.cpu {
				return fmt.Errorf("the input needs more than %s of processor time; split the build, or look for what multiplies in it", b.cpu)
			}
		}
	}
}

// memory is what the process has of the system.
func memory() int64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return int64(samples[0].Value.Uint64()) - int64(samples[1].Value.Uint64()) //nolint:gosec // No machine has 2^63 bytes.
}
