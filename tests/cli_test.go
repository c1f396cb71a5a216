package tests

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestCommandLine runs the scripts of cli/, where meshfn is the program itself.
func TestCommandLine(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "cli", UpdateScripts: *update, RequireExplicitExec: true, RequireUniqueNames: true,
	})
}
