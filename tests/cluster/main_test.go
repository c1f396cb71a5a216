// Package cluster applies what the program writes to a real Kubernetes API server that asks a real istiod, the way Argo CD
// and Flux apply it.
package cluster

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

// repository and tools are where the project is, and where setup.sh puts what the tests run.
var repository, tools string

// servers is the cluster that all tests share.
var servers *cluster

func TestMain(m *testing.M) {
	// The servers end with the thread that started them, so it has to stay.
	runtime.LockOSThread()
	os.Exit(with(m))
}

func with(m *testing.M) int {
	log.SetLogger(logr.Discard())
	here, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	repository = filepath.Dir(filepath.Dir(here))
	tools = filepath.Join(repository, ".cache", "cluster")
	setup := exec.Command("./setup.sh")
	setup.Stdout, setup.Stderr = os.Stderr, os.Stderr
	if err := setup.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "setup.sh failed:", err)
		return 1
	}
	dir, err := os.MkdirTemp("", "meshfn-cluster-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	servers, err = newCluster(dir)
	defer servers.stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "the cluster did not start:", err)
		return 1
	}
	return m.Run()
}
