package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/catalog"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/expand"
	"github.com/meshfn/meshfn/fn/internal/files"
	"github.com/meshfn/meshfn/fn/internal/item"
)

type catalogFlags struct {
	remote, complete bool
	name, output     string
	namespace        string
}

func catalogCommand(process *Process) *cobra.Command {
	var flags catalogFlags
	command := &cobra.Command{
		Use: "catalog DIR|FILE...", Short: "Write down what other repositories have to know of these builds",
		Long: `Build each directory as meshfn build or meshfn render would, and write one MeshCatalog: every Service with its ports,
its stage, its identities, who may call it, whom it calls and the hosts that expose it, and the workloads that no Service
selects. It holds no secrets and nothing of the cluster, and the same builds give the same bytes.

Another repository has the document among its resources. Its references to these Services are then checked without a
cluster: a Service that is gone, a port that has another name, a caller whose identity nobody knows.

A FILE that holds MeshCatalogs is laid together with the others. What it says of a Mesh that is built here is left out, so
that the catalogue of a whole platform can be brought up to date from one repository.

Nothing is written when a build fails. See docs/catalog.md.`,
		Example: `  meshfn catalog overlays/prod -o catalog.yaml
  meshfn catalog shop/ billing/ stock/prod --name platform --complete -o catalog/catalog.yaml

  # Bring one part of it up to date.
  meshfn catalog shop/ catalog/catalog.yaml --name platform -o catalog/catalog.yaml`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{errors.New("it takes directories to build, or files of MeshCatalogs, and none was given")}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return runCatalog(process, &flags, args) },
	}
	command.Flags().StringVar(&flags.name, "name", "catalog", "the name of the document; the catalogues of a build need different ones")
	command.Flags().BoolVar(&flags.complete, "complete", false, "state that everything that calls anything in the cluster is in it")
	command.Flags().StringVarP(&flags.output, "output", "o", "", "write this file, in place of an earlier one, instead of standard output")
	addRemote(command, &flags.remote)
	addNamespace(command, &flags.namespace)
	return command
}

func runCatalog(process *Process, flags *catalogFlags, paths []string) error {
	var parts []catalog.Part
	failed := false
	for _, path := range paths {
		found, findings, texts, err := catalogPart(process, path, asked{remote: flags.remote, namespace: flags.namespace, catalog: true})
		if err != nil {
			return err
		}
		if findings.HasErrors() { // What else there is to say belongs to the build.
			printFindings(process, findings, texts)
			failed = true
		}
		parts = append(parts, found...)
	}
	if failed {
		return errFindings
	}
	whole, conflicts := catalog.Lay(parts)
	if len(conflicts) > 0 {
		printFindings(process, conflicting(parts, conflicts), nil)
		return errFindings
	}
	if flags.complete {
		whole.Complete = &flags.complete
	}
	text, err := catalog.Write(flags.name, whole)
	if err != nil {
		return err
	}
	return writeFile(process, text, flags.output)
}

// catalogPart reads or builds one argument.
func catalogPart(process *Process, path string, how asked) ([]catalog.Part, diag.List, map[string][]byte, error) {
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
		input, findings, err := files.Read(path, process.Stdin)
		if err != nil || findings.HasErrors() {
			return nil, findings, nil, err
		}
		if !slices.ContainsFunc(input.Items, func(it *item.Item) bool { return it.Kind() != v1alpha1.KindMeshCatalog }) {
			parts, findings := readCatalogs(path, input.Items)
			return parts, findings, input.Texts, nil
		}
	}
	result, err := fromEither(process, path, how)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := result.judge(); err != nil {
		return nil, nil, nil, err
	}
	if result.findings.HasErrors() {
		return nil, result.findings, result.texts, nil
	}
	built, findings := result.catalogued(path)
	return []catalog.Part{{From: path, Built: true, Spec: built}}, findings, result.texts, nil
}

func readCatalogs(path string, items []*item.Item) ([]catalog.Part, diag.List) {
	var parts []catalog.Part
	documents, findings := expand.ReadCatalogs(items)
	for _, document := range documents {
		findings = append(findings, expand.CheckCatalog(document)...)
		parts = append(parts, catalog.Part{From: path, Spec: &document.Value.Spec})
	}
	return parts, findings
}

// conflicting reports names that are in two places.
func conflicting(parts []catalog.Part, conflicts []catalog.Conflict) diag.List {
	var findings diag.List
	for _, conflict := range conflicts {
		first, second := parts[conflict.Parts[0]], parts[conflict.Parts[1]]
		finding := diag.Finding{
			Code: diag.CatalogConflict, Source: diag.Source{File: filepath.ToSlash(second.From), Field: diag.Join("spec."+conflict.Field, conflict.Key)},
			Message: fmt.Sprintf("%s is in %s and in %s, which say different things of it", conflict.Key, first.From, second.From),
			Related: []diag.Source{{File: filepath.ToSlash(first.From)}},
			Try:     "leave out the one that is out of date",
		}
		if second.Built {
			finding.Message = fmt.Sprintf("%s is built by %s and by %s", conflict.Key, first.From, second.From)
			finding.Source.Field = ""
			finding.Try = "one catalogue for each cluster: the builds of one cluster have each name once"
		}
		findings = append(findings, finding)
	}
	return findings.Sorted()
}
