// Package schemas holds the JSON Schemas of the kinds users write, for editors and for validation without this program.
package schemas

import (
	"embed"
	"strings"
)

//go:generate go run ./generate

//go:embed *.json
var files embed.FS

// Names lists the kinds that have a schema.
func Names() []string { return []string{"Mesh", "MeshProfile"} }

// FileName is the name of a kind's schema in this directory.
func FileName(kind string) string { return "meshfn.dev_" + strings.ToLower(kind) + ".v1alpha1.json" }

// Schema returns the JSON Schema of a kind.
func Schema(kind string) ([]byte, bool) {
	schema, err := files.ReadFile(FileName(kind))
	return schema, err == nil
}
