package compare

import (
	"encoding/json"
	"io"

	"github.com/meshfn/meshfn/fn/internal/compare/changes"
	"github.com/meshfn/meshfn/fn/internal/compare/objects"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Document is a comparison as other programs read it. Fields may be added to it; those that there are keep their meaning.
type Document struct {
	Old       string           `json:"old"`       // the sides, as they were named
	New       string           `json:"new"`       //
	Same      bool             `json:"same"`      // whether the same would be applied
	Summary   string           `json:"summary"`   // in one line, for people
	Counts    Counts           `json:"counts"`    // how much is different
	Changes   []changes.Change `json:"changes"`   // what is different for whom; who is affected most comes first
	Calls     []changes.Call   `json:"calls"`     // the calls that begin or end
	Objects   []objects.Object `json:"objects"`   // the objects that are not the same
	Rewritten []diag.Resource  `json:"rewritten"` // objects that mean the same and are only written in another way
	Unbuilt   []string         `json:"unbuilt"`   // applications that do not build, and so are not compared
	diag.Reported
}

// JSON prints a comparison for other programs, with everything that there is.
func JSON(w io.Writer, c *Comparison) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(Document{
		Old: c.Old, New: c.New, Same: c.Same(), Summary: c.Summary(), Counts: c.Counts(),
		Changes: orEmpty(c.Changes), Calls: orEmpty(c.Calls), Objects: orEmpty(c.Objects), Rewritten: orEmpty(c.Rewritten), Unbuilt: orEmpty(c.Unbuilt),
		Reported: diag.Report(c.Findings),
	})
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
