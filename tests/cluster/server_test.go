package cluster

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// server is one process of the cluster.
type server struct {
	name    string
	command *exec.Cmd
	log     string
	ended   chan struct{}
}

// start starts a program of setup.sh. It ends with the test, however that ends.
func start(dir, name string, environment []string, args ...string) (*server, error) {
	s := &server{name: name, log: filepath.Join(dir, name+".log"), ended: make(chan struct{})}
	log, err := os.Create(s.log)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	s.command = exec.Command(filepath.Join(tools, "bin", name), args...)
	s.command.Dir, s.command.Stdout, s.command.Stderr = dir, log, log
	s.command.Env = append(os.Environ(), environment...)
	s.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = s.command.Wait()
		close(s.ended)
	}()
	return s, nil
}

// ready waits until the probe succeeds.
func (s *server) ready(probe func() error) error {
	deadline := time.After(2 * time.Minute)
	for {
		err := probe()
		if err == nil {
			return nil
		}
		select {
		case <-s.ended:
			return fmt.Errorf("%s ended: %v\n%s", s.name, s.command.ProcessState, s.tail())
		case <-deadline:
			return fmt.Errorf("%s is not ready after two minutes: %w\n%s", s.name, err, s.tail())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// tail is the end of the server's log.
func (s *server) tail() string {
	text, err := os.ReadFile(s.log)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(string(bytes.TrimSpace(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-20):], "\n")
}

// stop ends the server and says what it took.
func (s *server) stop() {
	_ = s.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.ended:
	case <-time.After(10 * time.Second):
		_ = s.command.Process.Kill()
		<-s.ended
	}
	state := s.command.ProcessState
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		fmt.Fprintf(os.Stderr, "cluster: %s took %d MB and %.0f CPU seconds\n", s.name, usage.Maxrss/1024,
			(state.UserTime() + state.SystemTime()).Seconds())
	}
}

// freePorts are loopback addresses that nobody listens on. They are taken together, so that none comes twice.
func freePorts(count int) ([]string, error) {
	var addresses []string
	var failed error
	for range count {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer func() { failed = errors.Join(failed, listener.Close()) }()
		addresses = append(addresses, listener.Addr().String())
	}
	return addresses, failed
}
