package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// parameter is one that an Application may give. Argo CD does not send the defaults that it was told, so whoever reads a
// parameter applies them.
type parameter struct {
	Name     string `json:"name"`
	Title    string `json:"title"`
	Tooltip  string `json:"tooltip"`
	Required bool   `json:"required,omitempty"`
	Default  string `json:"string"` // the field of a text among the kinds of values
}

// The names of the parameters.
const (
	overlayParameter = "overlay"
	failOnParameter  = "fail-on"
)

// knownParameters are the parameters of every Application.
func knownParameters(flags platformFlags) []parameter {
	return []parameter{
		{
			Name: overlayParameter, Title: "Directory to build", Default: ".",
			Tooltip: "A directory with a kustomization, relative to the path of the Application.",
		},
		{
			Name: failOnParameter, Title: "Fail on", Default: flags.failOn,
			Tooltip: "The least severe finding that keeps the Application from being generated: " +
				strings.Join(severities(flags.failOn), ", ") + ".",
		},
	}
}

// announced are the parameters with what is known of this Application.
func (a *argoApplication) announced(flags platformFlags) []parameter {
	all := knownParameters(flags)
	for i := range all {
		if there := a.overlays(); all[i].Name == overlayParameter && len(there) > 0 {
			all[i].Tooltip += " There are: " + strings.Join(there, ", ") + "."
			all[i].Required = !kustomized(a.dir)
		}
	}
	return all
}

// severities lists what --fail-on may be, from what the platform wants on: an Application may only ask for more.
func severities(least string) []string {
	all := []string{diag.Error.String(), diag.Warning.String(), diag.Info.String()}
	return all[max(0, slices.Index(all, least)):]
}

// argocdParameters announces the parameters.
// https://argo-cd.readthedocs.io/en/stable/operator-manual/config-management-plugins/
func argocdParameters(process *Process, flags platformFlags) error {
	if _, err := severe(nil, flags.failOn); err != nil {
		return err
	}
	a, err := process.argoApplication()
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(process.Stdout)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(a.announced(flags))
}

// given is a parameter as an Application gives it.
type given struct {
	Name   string             `json:"name"`
	String *string            `json:"string"`
	Array  *[]string          `json:"array"`
	Map    *map[string]string `json:"map"`
}

// values are what the parameters come to, with the defaults of those that are not given.
func (a *argoApplication) values(flags platformFlags) (map[string]string, diag.List) {
	values, names := map[string]string{}, []string{}
	for _, known := range knownParameters(flags) {
		values[known.Name] = known.Default
		names = append(names, known.Name)
	}
	all, err := a.given()
	if err != nil {
		f := a.finding("plugin.parameters", "they cannot be read: %v", err)
		f.Try = "plugin:\n  parameters:\n  - {name: " + overlayParameter + ", string: overlays/prod}"
		return values, diag.List{f}
	}
	var findings diag.List
	seen := map[string]bool{}
	for i, one := range all {
		if finding := a.refuse(i, one, names, seen[one.Name]); finding != nil {
			findings = append(findings, *finding)
			continue
		}
		seen[one.Name] = true
		values[one.Name] = *one.String
	}
	return values, append(findings, a.refuseVariables(names)...)
}

// given reads what the server hands over; without parameters that is null, or nothing.
func (a *argoApplication) given() ([]given, error) {
	if a.parameters == "" {
		return nil, nil
	}
	decoder := json.NewDecoder(strings.NewReader(a.parameters))
	decoder.DisallowUnknownFields()
	var all []given
	if err := decoder.Decode(&all); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one list")
	}
	return all, nil
}

// refuse says what is wrong with a parameter, apart from its value.
func (a *argoApplication) refuse(i int, one given, names []string, again bool) *diag.Finding {
	at := diag.At("plugin.parameters", i)
	var f diag.Finding
	switch {
	case !slices.Contains(names, one.Name):
		f = a.finding(at, "there is no parameter %.100q; allowed: %s", one.Name, strings.Join(names, ", "))
		if nearest, ok := diag.Nearest(one.Name, names); ok {
			f.Try = "name: " + nearest
		}
	case again:
		f = a.finding(at, "the parameter %s is given twice", one.Name)
		f.Try = "keep one of them"
	case one.String == nil || one.Array != nil || one.Map != nil:
		f = a.finding(at, "the parameter %s takes one text, and has %s", one.Name, one.kinds())
		f.Try = fmt.Sprintf("{name: %s, string: …}", one.Name)
	default:
		return nil
	}
	return &f
}

// kinds says which kinds of values a parameter has.
func (g given) kinds() string {
	var kinds []string
	if g.String != nil {
		kinds = append(kinds, "a string")
	}
	if g.Array != nil {
		kinds = append(kinds, "an array")
	}
	if g.Map != nil {
		kinds = append(kinds, "a map")
	}
	if kinds == nil {
		return "no value"
	}
	return strings.Join(kinds, " and ")
}

// refuseVariables refuses what the Application sets in plugin.env: nothing reads it.
func (a *argoApplication) refuseVariables(names []string) diag.List {
	var findings diag.List
	for _, name := range a.unread {
		f := a.finding("plugin.env", "nothing reads the variable %.100q; an Application says what it wants in plugin.parameters: %s",
			name, strings.Join(names, ", "))
		f.Try = "remove it"
		if like := string(bytes.ReplaceAll([]byte(strings.ToLower(name)), []byte("_"), []byte("-"))); slices.Contains(names, like) {
			f.Try = fmt.Sprintf("parameters:\n- {name: %s, string: …}", like)
		}
		findings = append(findings, f)
	}
	return findings
}
