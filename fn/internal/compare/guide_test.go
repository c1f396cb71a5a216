package compare

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/meshfn/meshfn/fn/internal/compare/changes"
	"github.com/meshfn/meshfn/fn/internal/compare/fields"
	"github.com/meshfn/meshfn/fn/internal/compare/objects"
)

// TestGuideNamesEveryField holds that docs/diff.md has each field of what leaves as JSON, and each effect.
func TestGuideNamesEveryField(t *testing.T) {
	text, err := os.ReadFile("../../../docs/diff.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range []reflect.Type{
		reflect.TypeFor[Document](), reflect.TypeFor[Counts](), reflect.TypeFor[changes.Change](), reflect.TypeFor[changes.Subject](),
		reflect.TypeFor[changes.Call](), reflect.TypeFor[objects.Object](), reflect.TypeFor[objects.Lines](), reflect.TypeFor[fields.Difference](),
	} {
		for field := range of.Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if name != "" && !strings.Contains(string(text), "`"+name+"`") {
				t.Errorf("%s.%s is not in the guide", of, name)
			}
		}
	}
	for _, effect := range changes.Effects() {
		if !strings.Contains(string(text), "`"+string(effect)+"`") {
			t.Errorf("effect %s is not in the guide", effect)
		}
	}
}
