// Package argocd runs meshfn as a plugin of Argo CD: in its image, under Argo CD's own plugin server, with the rights that the
// sidecar of examples/argocd has, asked by the code of Argo CD's own repo server.
package argocd

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	log "github.com/sirupsen/logrus"
)

// repository and tools are where the project is, and where setup.sh puts what the tests run.
var repository, tools string

// named and discovering are the plugin as an Application names it, and as it is found.
var named, discovering *sidecar

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	log.SetLevel(log.FatalLevel) // Argo CD's code says much on the way.
	here, err := os.Getwd()
	if err != nil {
		return 0, err
	}
	repository = filepath.Dir(filepath.Dir(here))
	tools = filepath.Join(repository, ".cache", "argocd")
	setup := exec.Command("./setup.sh")
	setup.Stdout, setup.Stderr = os.Stderr, os.Stderr
	if err := setup.Run(); err != nil {
		return 0, fmt.Errorf("setup.sh failed: %w", err)
	}
	for _, start := range []struct {
		of         **sidecar
		components []string
	}{
		{&named, []string{"repo-server"}},
		{&discovering, []string{"repo-server", "discovery"}},
	} {
		if *start.of, err = startSidecar(start.components...); err != nil {
			return 0, err
		}
		defer (*start.of).end()
	}
	return m.Run(), nil
}
