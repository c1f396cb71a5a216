package cli

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/propose"
)

// reportProposal says what was found and what to do with it. It goes beside the proposal, never into it.
func reportProposal(process *Process, path string, found *initial, proposal *propose.Proposal, written []string, broken diag.List) error {
	w := process.Stdout
	if len(written) == 0 {
		w = process.Stderr
	}
	plain := diag.NewPlain(w)
	defer func() { _ = plain.Flush() }()
	w = plain
	_, _ = fmt.Fprintf(w, "found %s\n", proposal.Summary())
	for _, open := range proposal.Open {
		_, _ = fmt.Fprintf(w, "not understood: %s\n", diag.OneLine(open))
	}
	if len(written) > 0 {
		_, _ = fmt.Fprintf(w, "wrote %s\n", strings.Join(written, " and "))
		nextSteps(w, path, found, written)
	}
	if len(broken) == 0 {
		return nil
	}
	_, _ = fmt.Fprintln(process.Stderr, "what is proposed does not build yet, for what follows:")
	printFindings(process, broken, map[string][]byte{meshFile: proposal.Text})
	return errFindings
}

// nextSteps are the lines that a kustomization needs, which is its owner's to change.
func nextSteps(w io.Writer, path string, found *initial, written []string) {
	command := "render"
	if found.kustomized {
		command = "build"
		mesh, err := filepath.Rel(path, written[0])
		if err != nil {
			mesh = written[0]
		}
		_, _ = fmt.Fprintf(w, "\nLook through it, then add to the kustomization:\n\n  resources:\n  - %s\n", filepath.ToSlash(mesh))
		switch {
		case found.runs:
		case slices.Contains(written, filepath.ToSlash(filepath.Join(path, profileFile))):
			_, _ = fmt.Fprintf(w, "  transformers:\n  - %s\n", profileFile)
		default:
			_, _ = fmt.Fprintf(w, "  transformers:\n  - the MeshProfile that runs meshfn\n")
		}
	}
	_, _ = fmt.Fprintf(w, "\nand see what becomes of it:\n\n  meshfn %s %s\n  meshfn explain --dir %s\n", command, path, path)
}
