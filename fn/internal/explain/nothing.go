package explain

import (
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// nothing is why nothing is written for a setting that is not skipped: it was given to have nothing, or another place
// decides.
func (m *measurement) nothing(line *Line, all []Line) string {
	field := line.Field[strings.LastIndex(line.Field, ".")+1:]
	switch {
	case strings.HasPrefix(line.Field, "manage.") && line.Value == "false":
		return "you keep the " + field + " in your own hands"
	case strings.HasPrefix(line.Field, "manage."):
		return "this holds anyway"
	case strings.HasPrefix(line.Field, "versions.") && field == "retiring":
		return "it is known to proxies and gets no calls"
	case strings.HasPrefix(line.Field, "versions.") && field == "weight" && line.Value == "0":
		return "it gets no calls"
	case strings.HasPrefix(line.Field, "versions.") && field == "weight":
		return "it gets all calls, so there is nothing to share out"
	case line.Field == "stage":
		return "it permits what settings ask for"
	case line.Field == "callersComplete":
		return "it is a statement, which turning plain text off needs"
	case line.From.Note == "false", slices.Contains([]string{"false", "0s", "0"}, line.Value):
		return "it turns the setting off"
	}
	for _, c := range m.about(line) {
		if c.from.Setting == line.Field && len(c.leaves) > 0 && c.concerns(line) {
			return "decided by " + from(c.from)
		}
	}
	block, _ := diag.Parent(line.Field)
	for i := range all {
		other := &all[i]
		if other.From.Layer <= line.From.Layer || other.Port != line.Port || other.Subject != line.Subject {
			continue
		}
		if beside, _ := diag.Parent(other.Field); beside == block {
			return "replaced by " + other.Field + " of a higher layer, " + from(other.From)
		}
	}
	return ""
}
