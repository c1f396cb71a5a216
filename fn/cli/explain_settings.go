package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/explain"
	"github.com/meshfn/meshfn/schemas"
)

// unlayered are the fields of an entry that no defaults can give.
func unlayered() []string { return []string{"versions", "expose", "manage", "stage"} }

// unset makes lines for a setting that nobody gave, one for each port or for the pods.
func unset(lines []explain.Line, field string) []explain.Line {
	setting, _ := settingOf(lines[0].Subject, field)
	first, _, _ := strings.Cut(field, ".")
	ofPort := ofPorts(field)
	var found []explain.Line
	for i := range lines {
		line := explain.Line{Subject: lines[i].Subject, Former: lines[i].Former, Field: field, Unset: &explain.Unset{Default: setting.Default}}
		if ofPort {
			line.Port = lines[i].Port
		}
		same := func(other explain.Line) bool { return other.Subject == line.Subject && other.Port == line.Port }
		if ofPort && line.Port == "" || slices.ContainsFunc(found, same) {
			continue
		}
		if !slices.Contains(unlayered(), first) {
			line.From.Setting = field
		}
		line.Layers = line.Ladder()
		found = append(found, line)
	}
	return found
}

// ofPorts reports whether a setting is one of calls to a port.
func ofPorts(field string) bool {
	_, ok := schemas.Lookup("Mesh", append([]string{"spec", "services", "x", "ports", "x"}, strings.Split(field, ".")...)...)
	return ok
}

// settingOf finds a setting of a Service or workload in the schema; "" is its whole entry. The stage is said of the whole
// Mesh, or in the rollout of the profile, and asked for like a setting.
func settingOf(subject, field string) (schemas.Field, bool) {
	if field == "stage" {
		return schemas.Lookup("Mesh", "spec", "stage")
	}
	keys := []string{"spec", "workloads", "x"}
	if diag.ParseResource(subject).Kind == "Service" {
		keys[1] = "services"
	}
	if field != "" {
		keys = append(keys, strings.Split(field, ".")...)
	}
	return schemas.Lookup("Mesh", keys...)
}

// checkSetting refuses a setting that does not exist, and says which do.
func checkSetting(subject, field string) error {
	parts := strings.Split(field, ".")
	if parts[0] == "ports" {
		return usageError{errors.New("ports is no setting; ask for one of its settings, such as timeout, and every port is shown")}
	}
	for i := range parts {
		if _, ok := settingOf(subject, strings.Join(parts[:i+1], ".")); ok {
			continue
		}
		above := strings.Join(parts[:i], ".")
		around, _ := settingOf(subject, above)
		if len(around.Fields) == 0 {
			return usageError{fmt.Errorf("there is no setting %q; %s is a single value", field, above)}
		}
		if nearest, ok := diag.Nearest(parts[i], around.Fields); ok {
			return usageError{fmt.Errorf("there is no setting %q; did you mean %s?", field, diag.Join(above, nearest))}
		}
		known := slices.DeleteFunc(around.Fields, func(name string) bool { return name == "ports" })
		return usageError{fmt.Errorf("there is no setting %q; there are: %s", field, strings.Join(known, ", "))}
	}
	return nil
}
