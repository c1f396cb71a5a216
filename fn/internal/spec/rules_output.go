package spec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Written holds what a setting has come to on the output against its limits, without its place. What clears a limit was
// refused where it was written, or is what nobody changed.
func (r *Rules) Written(path string, values []string) []diag.Finding {
	var findings []diag.Finding
	for i := range r.Limits {
		limit := &r.Limits[i]
		values := limit.words(values)
		if limit.Path != path || limit.Block || limit.Clears(values) {
			continue
		}
		if value, problem := limit.Broken(values); problem != "" {
			findings = append(findings, r.Outside(limit, value, problem))
		}
	}
	return findings
}

// Changed holds a change that somebody made of one setting on the output against the rules, without its place. A value that
// is gone is none.
func (r *Rules) Changed(path string, before, after []string) []diag.Finding {
	if slices.Equal(before, after) {
		return nil
	}
	var findings []diag.Finding
	for i := range r.Locks {
		if lock := &r.Locks[i]; diag.Within(path, lock.Path) {
			what := fmt.Sprintf("the patch changes %s from %s to %s", path, said(before), said(after))
			findings = append(findings, r.Breach(lock, what, "leave it out of the patch"))
		}
	}
	for i := range r.Limits {
		limit := &r.Limits[i]
		if limit.Path != path {
			continue
		}
		before, after := limit.words(before), limit.words(after)
		if len(after) == 0 || limit.Clears(after) {
			findings = append(findings, r.cleared(limit, before, after)...)
		} else if value, problem := limit.Broken(after); problem != "" {
			findings = append(findings, r.Outside(limit, value, problem))
		}
	}
	return findings
}

// cleared is the finding about a value that is gone, or has become no limit at all.
func (r *Rules) cleared(limit *Limit, before, after []string) []diag.Finding {
	switch {
	case len(before) == 0 || limit.Clears(before):
	case limit.Required:
		return []diag.Finding{r.Missing(limit, "the patch leaves it out")}
	case limit.Max != "" && limit.Unlimited:
		value := "to leave it out"
		if len(after) > 0 {
			value = after[0]
		}
		return []diag.Finding{r.Outside(limit, value, "means no limit at all")}
	}
	return nil
}

// ChangedBlock holds the change of a block as a whole against the rules: what is in it is looked at on its own.
func (r *Rules) ChangedBlock(path string, before, after []string) []diag.Finding {
	for i := range r.Limits {
		if limit := &r.Limits[i]; limit.Path == path && limit.Required && len(before) > 0 && len(after) == 0 {
			return []diag.Finding{r.Missing(limit, "the patch leaves it out")}
		}
	}
	return nil
}

// ChangedWhole holds the change of what stands for everything below a path against the rules.
func (r *Rules) ChangedWhole(path string, before, after []string) []diag.Finding {
	if slices.Equal(before, after) {
		return nil
	}
	var findings []diag.Finding
	for i := range r.Locks {
		if lock := &r.Locks[i]; diag.Within(path, lock.Path) || diag.Within(lock.Path, path) {
			findings = append(findings, r.Breach(lock, "the patch changes what "+path+" says", "leave it out of the patch"))
		}
	}
	return findings
}

// Replaced holds against the rules that what the platform set has no effect, because another setting takes its place.
func (r *Rules) Replaced(path, why string) []diag.Finding {
	var findings []diag.Finding
	for i := range r.Locks {
		if lock := &r.Locks[i]; diag.Within(path, lock.Path) || diag.Within(lock.Path, path) {
			findings = append(findings, r.Breach(lock, path+" has no effect any more: "+why, "remove this"))
		}
	}
	for i := range r.Limits {
		if limit := &r.Limits[i]; limit.Required && limit.Path == path {
			findings = append(findings, r.Missing(limit, "has no effect any more: "+why))
		}
	}
	return findings
}

// words takes the values of the output apart as those of the spec are.
func (l *Limit) words(values []string) []string {
	var words []string
	for _, value := range values {
		words = append(words, l.Scale.Split(value)...)
	}
	return words
}

func said(values []string) string {
	if len(values) == 0 {
		return "nothing"
	}
	return strings.Join(values, ", ")
}
