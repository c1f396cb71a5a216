//go:build !unix

package main

import "time"

func limitMemory(int64) {}

func processorTime() time.Duration { return 0 }
