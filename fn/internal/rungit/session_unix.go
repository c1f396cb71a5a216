//go:build unix

package rungit

import (
	"os/exec"
	"syscall"
)

// detach puts git into a session of its own: ssh finds no terminal to ask on, and the programs that git runs end with it.
func detach(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
}
