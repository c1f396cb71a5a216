package limits

import (
	"slices"
	"strconv"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/manifest"
)

// implied is a lock that a patch broke without a word about the field: Istio's own values come with a block that the patch
// brings, and everything in a block goes with it.
type implied struct {
	finding diag.Finding
	within  string // the field, as the finding has it, that the patch does speak of
}

// report notes a finding about a patch. What the patch only implies waits for what it says.
func (l *limiter) report(finding diag.Finding, patch *manifest.Patch, field string) {
	if finding.Code == diag.LockedField {
		if within := spoken(patch.Merge, field); within != field || field == "spec" {
			l.implied = append(l.implied, implied{finding, patch.At(within).Field})
			return
		}
	}
	l.findings = append(l.findings, finding)
}

// settle says of each lock what a patch implies, once for each field of the patch that nothing was said of.
func (l *limiter) settle(from int) {
	for _, one := range l.implied {
		if !slices.ContainsFunc(l.findings[from:], func(said diag.Finding) bool {
			return said.Code == one.finding.Code && said.Related[0] == one.finding.Related[0] && strings.HasPrefix(said.Source.Field+".", one.within+".")
		}) {
			l.findings = append(l.findings, one.finding)
		}
	}
	l.implied = nil
}

// spoken is the part of a field path that a patch has.
func spoken(merge any, field string) string {
	for end := 0; end < len(field); {
		next := strings.IndexAny(field[end+1:], ".[") + end + 1
		if next == end {
			next = len(field)
		}
		switch key := strings.Trim(field[end:next], ".[]"); within := merge.(type) {
		case map[string]any:
			merge = within[key]
		case []any:
			merge = nil
			if index, err := strconv.Atoi(key); err == nil && index >= 0 && index < len(within) {
				merge = within[index]
			}
		default:
			merge = nil
		}
		if merge == nil {
			return field[:end]
		}
		end = next
	}
	return field
}
