package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/build"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/expand"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/propose"
)

// The files that are written beside a kustomization.
const (
	meshFile    = "mesh.yaml"
	profileFile = "meshfn.yaml"
)

type initFlags struct {
	output string
	stdout bool
	remote bool

	namespace string
}

func initCommand(process *Process) *cobra.Command {
	var flags initFlags
	command := &cobra.Command{
		Use: "init DIR|FILE|-", Short: "Propose the first Mesh of a repository, from what is there",
		Long: `Propose the first Mesh of a repository that has none: who calls whom, by the addresses in the environment, the arguments
and the mounted ConfigMaps of its containers and by its NetworkPolicies; which hosts outside they call; and which workloads
are better left without a sidecar. Each line says where it comes from. What was not understood is listed, not guessed. The
values of Secrets are never read.

DIR is built without meshfn, as for meshfn build, and mesh.yaml is written into it, with a meshfn.yaml that runs meshfn where
nothing does yet. Nothing is overwritten, and the kustomization is left to you: what to add to it is printed. What is
proposed for a file or for standard input goes to standard output.`,
		Example: `  meshfn init .
  meshfn init overlays/prod --stdout
  helm template shop ./chart | meshfn init - > mesh.yaml`,
		Args: exactly(1, "a kustomization, a directory or file of manifests, or - for standard input"),
		RunE: func(_ *cobra.Command, args []string) error { return runInit(process, &flags, args[0]) },
	}
	command.Flags().StringVarP(&flags.output, "output", "o", "", "write the Mesh into this new file instead, or - for standard output")
	command.Flags().BoolVar(&flags.stdout, "stdout", false, "write the Mesh to standard output, and no file")
	addRemote(command, &flags.remote)
	addNamespace(command, &flags.namespace)
	return command
}

func runInit(process *Process, flags *initFlags, path string) error {
	target, err := initTarget(flags, path)
	if err != nil {
		return err
	}
	found, err := initInput(process, flags, path)
	if err != nil {
		return err
	}
	if at := firstMesh(found); at != "" {
		return usageError{fmt.Errorf("there is a Mesh already, %s: init proposes only the first one. See what it says with meshfn explain --dir %s", at, path)}
	}
	if found.findings.HasErrors() {
		printFindings(process, found.findings, found.texts)
		return errFindings
	}
	proposal, findings := propose.New(propose.Input{Items: found.items, Name: meshName(path), File: found.file})
	if findings.HasErrors() {
		for i := range findings {
			if findings[i].Code == diag.NoInput {
				findings[i].Source.File = path
			}
		}
		printFindings(process, findings, found.texts)
		return errFindings
	}
	broken, err := prove(found.items, proposal)
	if err != nil {
		return err
	}
	written, err := writeProposal(process, target, path, found, proposal)
	if err != nil {
		return err
	}
	return reportProposal(process, path, found, proposal, written, broken)
}

// initTarget is the file to write, "" for standard output.
func initTarget(flags *initFlags, path string) (string, error) {
	target := flags.output
	switch {
	case flags.stdout && target != "" && target != "-":
		return "", usageError{errors.New("--stdout and --output name two places; give one of them")}
	case flags.stdout || target == "-":
		return "", nil
	case target == "" && !isDirectory(path): // What is wrong with it is said when it is read.
		return "", nil
	case target == "":
		target = filepath.Join(path, meshFile)
	}
	if _, err := os.Lstat(target); err == nil {
		return "", usageError{fmt.Errorf("%s is there already, and nothing of yours is overwritten; name a new file with --output, or look at the proposal with --stdout", target)}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", usageError{fmt.Errorf("cannot write %s: %w", target, err)}
	}
	return target, mayWrite(target)
}

func isDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// firstMesh is where the build has a Mesh, "" where it has none.
func firstMesh(found *initial) string {
	for _, it := range found.written {
		if it.Group() == v1alpha1.Group && it.Kind() == v1alpha1.KindMesh {
			return fmt.Sprintf("%s in %s", it.Name(), it.Place().File)
		}
	}
	return ""
}

// meshName names a Mesh after its directory.
func meshName(path string) string {
	if abs, err := filepath.Abs(path); err == nil && path != "-" {
		path = abs
	}
	name := regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.ToLower(strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))), "-")
	name = strings.Trim(name[:min(len(name), 54)], "-")
	if !regexp.MustCompile(`^[a-z]`).MatchString(name) {
		return "mesh"
	}
	return name
}

// prove builds what was proposed, as the function would. What is wrong then was wrong before, or needs a person.
func prove(items []*item.Item, proposal *propose.Proposal) (diag.List, error) {
	meshes, findings := item.Stream(meshFile, proposal.Text)
	if findings.HasErrors() {
		return findings, nil
	}
	_, findings, err := expand.Run(expand.Input{Items: slices.Concat(items, meshes)})
	return slices.DeleteFunc(findings, func(f diag.Finding) bool { return f.Severity != diag.Error }), err
}

// writeProposal writes the Mesh and, where nothing runs meshfn yet, the file that does. It returns what it wrote.
func writeProposal(process *Process, target, path string, found *initial, proposal *propose.Proposal) ([]string, error) {
	if target == "" {
		if _, err := process.Stdout.Write(proposal.Text); err != nil {
			return nil, fmt.Errorf("cannot write the output: %w", err)
		}
		return nil, nil
	}
	if err := writeNew(target, proposal.Text); err != nil {
		return nil, err
	}
	written := []string{filepath.ToSlash(target)}
	if profile := filepath.Join(path, profileFile); found.kustomized && !found.runs && target == filepath.Join(path, meshFile) {
		err := writeNew(profile, []byte(profileHead+build.Profile("platform")))
		switch {
		case err == nil:
			written = append(written, filepath.ToSlash(profile))
		case !errors.Is(err, fs.ErrExist):
			return nil, err
		}
	}
	return written, nil
}

const profileHead = `# The function that kustomize runs. Facts about the mesh, gateways and rules of the platform go here, too.
`

// writeNew writes a file that is not there yet.
func writeNew(path string, text []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // Manifests are not secret.
	if err != nil {
		return fmt.Errorf("cannot write: %w", err)
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Close())
}
