// Package rungit runs the git of this machine in a way that nothing a repository says runs a program, and nobody is asked a
// question.
package rungit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Command is how one command of git runs.
type Command struct {
	Program string   // absolute path of git
	Dir     string   // where it runs
	GitDir  string   // of the repository; empty for the one that git finds from Dir
	Config  []string // further settings, each name=value
	Env     func(inherited []string) []string
	Stdin   io.Reader
}

// waitForGit is how long git's own programs may hold its output open after it was stopped.
const waitForGit = 2 * time.Second

// Run runs one command: without hooks, without the transport that runs any program, without background work, and without a
// question to anybody. The error is what git said.
func (c *Command) Run(ctx context.Context, out io.Writer, args ...string) error {
	var all []string
	if c.GitDir != "" {
		all = append(all, "--git-dir="+c.GitDir)
	}
	for _, setting := range append([]string{
		"core.hooksPath=" + os.DevNull, "core.fsmonitor=false", "protocol.ext.allow=never",
		"gc.auto=0", "maintenance.auto=false", "submodule.recurse=false", "advice.detachedHead=false",
	}, c.Config...) {
		all = append(all, "-c", setting)
	}
	command := exec.CommandContext(ctx, c.Program, append(all, args...)...) //nolint:gosec // Git itself, found by the caller.
	command.Dir = c.Dir
	command.Env = append(c.Env(command.Environ()), "GIT_TERMINAL_PROMPT=0", "LC_ALL=C")
	command.WaitDelay = waitForGit
	said := &head{}
	command.Stdin, command.Stdout, command.Stderr = c.Stdin, out, said
	detach(command)
	err := command.Run()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case len(said.text) == 0:
		return fmt.Errorf("git %s: %w", args[0], err)
	}
	return errors.New("git says: " + said.line())
}

// maxSaid is as much as is kept of what git says.
const maxSaid = 16 << 10

// head keeps the beginning of what is written to it.
type head struct{ text []byte }

func (h *head) Write(text []byte) (int, error) {
	h.text = append(h.text, text[:min(len(text), maxSaid-len(h.text))]...)
	return len(text), nil
}

// maxLine keeps an error that quotes much readable.
const maxLine = 1000

// line is the text in one line, without what could control a terminal. Both ends of a fetch write into it, in any order,
// so the lines are sorted.
func (h *head) line() string {
	var lines []string
	for line := range strings.Lines(strings.ReplaceAll(strings.ToValidUTF8(string(h.text), ""), "\r", "\n")) {
		line = strings.TrimSuffix(strings.TrimSpace(strings.Map(printable, line)), ".")
		if line != "" && !strings.HasPrefix(line, "Please make sure") && line != "and the repository exists" {
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	text := strings.Join(strings.Fields(strings.Join(slices.Compact(lines), "; ")), " ")
	if len(text) > maxLine {
		text = strings.ToValidUTF8(text[:maxLine], "") + fmt.Sprintf(" ... (%d more bytes)", len(text)-maxLine)
	}
	return text
}

func printable(r rune) rune {
	if unicode.IsControl(r) {
		return -1
	}
	return r
}
