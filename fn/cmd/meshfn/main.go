// Command meshfn expands compact mesh specs into Istio configuration: as a KRM function, and as a build tool of its own.
package main

import (
	"os"

	"github.com/meshfn/meshfn/fn/cli"
)

func main() {
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	os.Exit(cli.Main(os.Args[1:], cli.Process{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Self: self, Terminal: terminal(os.Stdin),
		Context: defaults().hold(),
	}))
}

// terminal reports whether a person is at the other end, who wants help rather than a function that waits for input.
func terminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
