package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/schemas"
)

func schemaCommand(process *Process) *cobra.Command {
	return &cobra.Command{
		Use: "schema [KIND]", Short: "Print the JSON Schema of a kind, for editors and other validators",
		Long: `Print the JSON Schema of a kind, for editors and other validators. Without a kind, list the kinds and say how an
editor finds their schemas.

A schema sees one document on its own. What only the whole build can tell, such as whether a Service exists, is checked
when the build is expanded.`,
		Example: `  meshfn schema Mesh > mesh.schema.json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError{fmt.Errorf("it takes one kind, and %d arguments were given", len(args))}
			}
			return nil
		},
		ValidArgs: schemas.Names(),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return listSchemas(process)
			}
			return printSchema(process, args[0])
		},
	}
}

func printSchema(process *Process, kind string) error {
	schema, ok := schemas.Schema(kind)
	if !ok {
		unknown := fmt.Errorf("there is no kind %q; allowed: %s", kind, diag.OneOf(schemas.Names()))
		if nearest, ok := diag.Nearest(kind, schemas.Names()); ok {
			unknown = fmt.Errorf("there is no kind %q; did you mean %s?", kind, nearest)
		}
		return usageError{unknown}
	}
	if _, err := process.Stdout.Write(schema); err != nil {
		return fmt.Errorf("cannot write the schema: %w", err)
	}
	return nil
}

func listSchemas(process *Process) error {
	var text strings.Builder
	text.WriteString("KIND          PUBLISHED AT\n")
	for _, kind := range schemas.Names() {
		fmt.Fprintf(&text, "%-12s  %s\n", kind, schemas.URL(kind))
	}
	fmt.Fprintf(&text, `
Editors with the YAML language server (VS Code, Neovim and others) check and complete a file that begins with

  # yaml-language-server: $schema=%s

Without a network, or for exactly this version, save the schema beside the file and name that:

  meshfn schema Mesh > mesh.schema.json

  # yaml-language-server: $schema=mesh.schema.json
`, schemas.URL("Mesh"))
	if _, err := process.Stdout.Write([]byte(text.String())); err != nil {
		return fmt.Errorf("cannot write the list: %w", err)
	}
	return nil
}
