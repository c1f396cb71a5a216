package krm

import (
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// place gives a generated object a file of its own below meshfn/, by the annotations through which a host that works on
// files knows where an item belongs. Both forms are needed: where the older one is missing, kpt masks an error of the
// function by one of its own. Hosts without files ignore them.
func place(resource diag.Resource) map[string]string {
	path := filePath(resource)
	return map[string]string{
		"config.kubernetes.io/path":           path,
		"internal.config.kubernetes.io/path":  path,
		"config.kubernetes.io/index":          "0",
		"internal.config.kubernetes.io/index": "0",
	}
}

// generatedFiles is the directory of a package that holds what was generated.
const generatedFiles = "meshfn/"

func filePath(resource diag.Resource) string {
	parts := []string{strings.ToLower(resource.Kind)}
	if resource.Namespace != "" {
		parts = append(parts, resource.Namespace)
	}
	return generatedFiles + strings.Join(append(parts, resource.Name), "_") + ".yaml"
}
