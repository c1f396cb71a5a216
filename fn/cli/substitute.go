package cli

import (
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
)

// substitutes are what variables are taken to be, by name.
type substitutes map[string]string

var variableName = regexp.MustCompile(`^[_A-Za-z][_A-Za-z0-9]*$`)

func addSubstitute(command *cobra.Command, samples *substitutes) {
	command.Flags().Var(samples, "substitute", "NAME=value of a variable that is filled in after the build; may be there several times")
}

// Set takes one NAME=value.
func (s *substitutes) Set(text string) error {
	name, value, ok := strings.Cut(text, "=")
	if !ok || !variableName.MatchString(name) {
		return fmt.Errorf("%q is not NAME=value", text)
	}
	var sample v1alpha1.Sample
	if err := sample.UnmarshalText([]byte(value)); err != nil {
		return fmt.Errorf("variable %s: %w", name, err)
	}
	if *s == nil {
		*s = substitutes{}
	}
	(*s)[name] = value
	return nil
}

// String is nothing, because there is no default to show.
func (s *substitutes) String() string { return "" }

// Type is what stands behind the flag in its description.
func (s *substitutes) Type() string { return "NAME=value" }

// unused says which of them nothing that was read holds: a name that is misspelled would leave the sample in its place.
func (s substitutes) unused(w io.Writer, texts map[string][]byte) {
	for _, name := range slices.Sorted(maps.Keys(s)) {
		written := regexp.MustCompile(`\$\{` + name + `\b`)
		held := func(text []byte) bool { return written.Match(text) }
		if !slices.ContainsFunc(slices.Collect(maps.Values(texts)), held) {
			_, _ = fmt.Fprintf(w, "--substitute %s has no effect: nothing that was read holds ${%s}\n", name, name)
		}
	}
}

// flags hands them on to another run of this program.
func (s substitutes) flags() []string {
	var flags []string
	for _, name := range slices.Sorted(maps.Keys(s)) {
		flags = append(flags, "--substitute="+name+"="+s[name])
	}
	return flags
}
