package schema

import (
	"strings"
	"testing"

	"github.com/meshfn/meshfn/schemas"
)

func TestCommand(t *testing.T) {
	for _, kind := range schemas.Names() {
		want, _ := schemas.Schema(kind)
		if stdout, stderr, code := run(t, "", "schema", kind); code != 0 || stdout != string(want) {
			t.Errorf("schema %s ends with %d and is not the published one: %s", kind, code, stderr)
		}
	}
	stdout, _, code := run(t, "", "schema")
	for _, want := range append(schemas.Names(), "# yaml-language-server: $schema="+schemas.URL("Mesh")) {
		if code != 0 || !strings.Contains(stdout, want) {
			t.Errorf("the list ends with %d and has no %q:\n%s", code, want, stdout)
		}
	}
	for written, want := range map[string]string{
		"mesh":    `there is no kind "mesh"; did you mean Mesh?`,
		"Profile": `there is no kind "Profile"; allowed: Mesh, MeshCatalog, MeshProfile`,
	} {
		if _, stderr, code := run(t, "", "schema", written); code != 2 || !strings.Contains(stderr, want) {
			t.Errorf("schema %s ends with %d and says %s", written, code, stderr)
		}
	}
}
