// Package diag describes what is wrong or worth knowing: one finding, where it is, why, and what to write instead.
// Every stage returns findings; the printers in this package are the only code that turns them into text.
package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says what a finding does to the run.
type Severity int

// The severities, most severe first. Only an Error makes the run fail and keeps output from being written.
const (
	Error Severity = iota
	Warning
	Info
)

// String returns the word that is printed, which is also the severity of a KRM result.
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	case Info:
		return "info"
	}
	return "unknown"
}

// MarshalText makes reports carry the word instead of a number.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the word back from a report.
func (s *Severity) UnmarshalText(text []byte) error {
	for _, known := range []Severity{Error, Warning, Info} {
		if known.String() == string(text) {
			*s = known
			return nil
		}
	}
	return fmt.Errorf("unknown severity %q", text)
}

// Resource identifies a document the way KRM does, so that a finding has an address even where no file is known.
type Resource struct {
	APIVersion string `json:"apiVersion,omitempty"`
	Kind       string `json:"kind,omitempty"`
	Namespace  string `json:"namespace,omitempty"`
	Name       string `json:"name,omitempty"`
}

// String is the short form used in messages: Kind namespace/name.
func (r Resource) String() string {
	name := r.Name
	if r.Namespace != "" {
		name = r.Namespace + "/" + r.Name
	}
	if r.Kind == "" {
		return name
	}
	if name == "" {
		return r.Kind
	}
	return r.Kind + " " + name
}

// ParseResource reads what String writes of a resource with a kind and a name.
func ParseResource(text string) Resource {
	kind, name, _ := strings.Cut(text, " ")
	if namespace, short, ok := strings.Cut(name, "/"); ok {
		return Resource{Kind: kind, Namespace: namespace, Name: short}
	}
	return Resource{Kind: kind, Name: name}
}

// Source is a place in the input. Line and Column are 1-based and zero when unknown: a host that hands over parsed
// documents has no lines, and a false line is worse than none.
type Source struct {
	File     string   `json:"file,omitempty"`
	Index    int      `json:"index,omitempty"` // position of the document in its file, from 0
	Resource Resource `json:"resource,omitzero"`
	Field    string   `json:"field,omitempty"`
	Line     int      `json:"line,omitempty"`
	Column   int      `json:"column,omitempty"`
}

// Finding is one thing the run has to say.
type Finding struct {
	Code     Code     `json:"code"`
	Severity Severity `json:"severity"`
	Source   Source   `json:"source"`
	Message  string   `json:"message"`            // what was found and what is allowed
	Because  []string `json:"because,omitempty"`  // the layer or rule that makes it so
	Try      string   `json:"try,omitempty"`      // what to write instead
	Proposed string   `json:"proposed,omitempty"` // a value a machine may put at Source.Field
	Related  []Source `json:"related,omitempty"`  // the other places that take part
}

// Details is what a finding says besides its message, a line each.
func (f Finding) Details() []string {
	var lines []string
	for _, because := range f.Because {
		lines = append(lines, "because: "+because)
	}
	for _, related := range f.Related {
		lines = append(lines, "see: "+related.String())
	}
	if f.Try != "" {
		lines = append(lines, "try: "+f.Try)
	}
	return lines
}

// List is the findings of a run.
type List []Finding

// HasErrors reports whether the run must fail.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(f Finding) bool { return f.Severity == Error })
}

// Sorted returns the findings by place, then code and message, without repetitions, so that equal input gives equal
// text whatever order the stages worked in.
func (l List) Sorted() List {
	out := slices.Clone(l)
	slices.SortStableFunc(out, compare)
	return slices.CompactFunc(out, func(a, b Finding) bool { return compare(a, b) == 0 })
}

func compare(a, b Finding) int {
	return cmp.Or(
		compareSource(a.Source, b.Source),
		cmp.Compare(a.Severity, b.Severity),
		cmp.Compare(a.Code, b.Code),
		cmp.Compare(a.Message, b.Message),
	)
}

func compareSource(a, b Source) int {
	return cmp.Or(
		cmp.Compare(a.File, b.File),
		cmp.Compare(a.Index, b.Index),
		cmp.Compare(a.Line, b.Line),
		cmp.Compare(a.Column, b.Column),
		cmp.Compare(a.Resource.String(), b.Resource.String()),
		cmp.Compare(a.Field, b.Field),
	)
}
