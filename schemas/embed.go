// Package schemas holds the JSON Schemas of the kinds users write, for editors and for validation without this program.
package schemas

import (
	"embed"
	"slices"
	"strings"
)

//go:generate go run ./generate

//go:embed *.json
var files embed.FS

// Names lists the kinds that have a schema.
func Names() []string { return []string{"Mesh", "MeshProfile", "MeshCatalog"} }

// Schema returns the JSON Schema of a kind.
func Schema(kind string) ([]byte, bool) {
	if !slices.Contains(Names(), kind) {
		return nil, false
	}
	schema, err := files.ReadFile(fileName(kind))
	return schema, err == nil
}

// URL is where the newest schema of a kind is published.
func URL(kind string) string {
	return "https://raw.githubusercontent.com/meshfn/meshfn/main/schemas/" + fileName(kind)
}

func fileName(kind string) string { return "meshfn.dev_" + strings.ToLower(kind) + ".v1alpha1.json" }
