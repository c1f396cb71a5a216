//go:build unix

package build

import (
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestNamedPipe must not wait for somebody to write into the pipe.
func TestNamedPipe(t *testing.T) {
	w := enter(t, txtar.Parse([]byte("-- kustomization.yaml --\nresources: [pipe]\nconfigMapGenerator: [{name: a, files: [pipe]}]\n")))
	if err := syscall.Mkfifo("pipe", 0o644); err != nil {
		t.Fatal(err)
	}
	_, findings := w.build(t, ".")
	if len(findings) != 2 || !strings.Contains(findings[0].Message, "a named pipe") {
		t.Errorf("findings: %v", findings)
	}
}
