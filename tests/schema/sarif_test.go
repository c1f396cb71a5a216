package schema

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
)

// TestSARIF holds that the findings of every bad input are a valid SARIF log by the standard's own schema, without a field
// that the standard does not have, and that each result names a rule and a place.
func TestSARIF(t *testing.T) {
	paths, err := filepath.Glob("../errors/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files: %v", err)
	}
	results := 0
	for _, path := range paths {
		stdout, _, _ := run(t, "", "check", path, "--format", "sarif")
		log, err := sarif.FromString(stdout, sarif.WithStrictValidation())
		if err != nil {
			t.Fatalf("%s: %v\n%s", path, err, stdout)
		}
		strict := json.NewDecoder(strings.NewReader(stdout))
		strict.DisallowUnknownFields()
		if err := strict.Decode(&sarif.Report{}); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		for _, result := range log.Runs[0].Results {
			results++
			rule := log.Runs[0].Tool.Driver.Rules[result.RuleIndex]
			place := result.Locations[0].PhysicalLocation
			switch {
			case *rule.ID != *result.RuleID || *rule.ShortDescription.Text == "":
				t.Errorf("%s: result of %s has rule %s", path, *result.RuleID, *rule.ID)
			case place == nil || *place.ArtifactLocation.URI != path || place.Region == nil || *place.Region.StartLine < 1:
				t.Errorf("%s: %s has no place in the file: %s", path, *result.RuleID, *result.Message.Text)
			}
		}
	}
	if results < len(paths) {
		t.Errorf("only %d results of %d files", results, len(paths))
	}
}
