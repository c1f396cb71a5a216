//go:build unix

package main

import (
	"syscall"
	"time"
)

// limitMemory makes the system refuse more, also to the function that a build runs. Where it cannot, the bound is still watched.
func limitMemory(bytes int64) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_DATA, &limit); err != nil || int64(limit.Cur) > 0 && int64(limit.Cur) < bytes { //nolint:gosec // Infinity is negative here.
		return
	}
	limit.Cur = uint64(bytes) //nolint:gosec // It is positive.
	_ = syscall.Setrlimit(syscall.RLIMIT_DATA, &limit)
}

func processorTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
