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

// answer is the part of an explanation that was asked for: lines, or fields of objects.
type answer struct {
	from   *explain.Explanation
	lines  []explain.Line
	fields []explain.Field
}

// choose understands the arguments. The kinds decide: an object that is generated or edited goes backwards, a Service or
// workload forwards. What is both, a workload without a Service, goes backwards where the field is one of the object.
func choose(all *explain.Explanation, args []string) (*answer, error) {
	if len(args) == 0 {
		return &answer{from: all, lines: all.Lines}, nil
	}
	word, field := args[0], ""
	if len(args) == 2 {
		field = args[1]
	}
	lines := linesOfSubject(all.Lines, word)
	objects := fieldsOfObject(all.Fields, word)
	switch {
	case len(objects) > 0 && (len(lines) == 0 || ofObject(field)):
		found, err := chosenFields(objects, word, field)
		return &answer{from: all, fields: found}, err
	case len(lines) > 0:
		found, err := chosenLines(lines, word, field)
		return &answer{from: all, lines: found}, err
	}
	return nil, unknownWord(all, word)
}

// ofObject reports whether a field path begins as those of objects do, and not as those of settings.
func ofObject(field string) bool {
	first, _, _ := strings.Cut(field, ".")
	return first == "spec" || first == "metadata"
}

func linesOfSubject(lines []explain.Line, word string) []explain.Line {
	var found []explain.Line
	for i := range lines {
		kind, name, _ := strings.Cut(lines[i].Subject, " ")
		namespace, short, namespaced := strings.Cut(name, "/")
		if !namespaced {
			namespace, short = "", namespace
		}
		resource := diag.Resource{Kind: kind, Namespace: namespace, Name: short}
		if named(resource, word, true) || slices.ContainsFunc(lines[i].Former, func(former string) bool {
			return named(diag.Resource{Kind: kind, Namespace: namespace, Name: former}, word, true)
		}) {
			found = append(found, lines[i])
		}
	}
	return found
}

func fieldsOfObject(fields []explain.Field, word string) []explain.Field {
	var found []explain.Field
	for i := range fields {
		if named(fields[i].Object, word, false) {
			found = append(found, fields[i])
		}
	}
	return found
}

// named reports whether a word on the command line means an object: web, shop/web, web.shop, each with Kind/ before it or,
// where the kind is clear, without.
func named(object diag.Resource, word string, kindIsClear bool) bool {
	if kind, name, ok := strings.Cut(word, "/"); ok && strings.EqualFold(kind, object.Kind) {
		word = name
	} else if !kindIsClear {
		return false
	}
	return word == object.Name || word == object.Namespace+"/"+object.Name || word == object.Name+"."+object.Namespace
}

// chosenLines keeps the lines of one setting and what is below it. One that nobody set is explained too.
func chosenLines(lines []explain.Line, word, field string) ([]explain.Line, error) {
	if field == "" {
		return lines, nil
	}
	if err := checkSetting(lines[0].Subject, field); err != nil {
		return nil, err
	}
	var found []explain.Line
	for i := range lines {
		line := lines[i]
		if line.Field == field || strings.HasPrefix(line.Field, field+".") {
			line.Layers = line.Ladder()
			found = append(found, line)
		}
	}
	if len(found) > 0 {
		return found, nil
	}
	_ = word
	return unset(lines, field), nil
}

// unset makes lines for a setting that nobody gave, one for each port or for the pods.
func unset(lines []explain.Line, field string) []explain.Line {
	var found []explain.Line
	setting, _ := settingOf(lines[0].Subject, field)
	ofPort := ofPorts(field)
	for i := range lines {
		line := explain.Line{Subject: lines[i].Subject, Field: field, Unset: &explain.Unset{Default: setting.Default}}
		if ofPort {
			line.Port = lines[i].Port
		}
		known := func(other explain.Line) bool { return other.Subject == line.Subject && other.Port == line.Port }
		if ofPort && line.Port == "" || slices.ContainsFunc(found, known) {
			continue
		}
		if first, _, _ := strings.Cut(field, "."); !slices.Contains([]string{"versions", "expose", "manage"}, first) {
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

func settingOf(subject, field string) (schemas.Field, bool) {
	keys := []string{"spec", "services", "x"}
	if !strings.HasPrefix(subject, "Service ") {
		keys[1] = "workloads"
	}
	return schemas.Lookup("Mesh", append(keys, strings.Split(field, ".")...)...)
}

// checkSetting refuses a setting that does not exist, and says which do.
func checkSetting(subject, field string) error {
	parts := strings.Split(field, ".")
	for i := range parts {
		if _, ok := settingOf(subject, strings.Join(parts[:i+1], ".")); ok {
			continue
		}
		around, _ := settingOf(subject, strings.Join(parts[:i], "."))
		if i == 0 {
			around, _ = schemas.Lookup("Mesh", "spec", map[bool]string{true: "services", false: "workloads"}[strings.HasPrefix(subject, "Service ")], "x")
		}
		where := ""
		if i > 0 {
			where = " in " + strings.Join(parts[:i], ".")
		}
		if nearest, ok := diag.Nearest(parts[i], around.Fields); ok {
			return usageError{fmt.Errorf("there is no setting %q%s; did you mean %s?", parts[i], where, strings.Join(append(parts[:i:i], nearest), "."))}
		}
		if len(around.Fields) == 0 {
			return usageError{fmt.Errorf("there is no setting %q; %s is a single value", field, strings.Join(parts[:i], "."))}
		}
		return usageError{fmt.Errorf("there is no setting %q%s; there are: %s", parts[i], where, strings.Join(around.Fields, ", "))}
	}
	return nil
}

// chosenFields keeps a field of an object and what is below it.
func chosenFields(fields []explain.Field, word, field string) ([]explain.Field, error) {
	if field == "" {
		return fields, nil
	}
	var found []explain.Field
	var known []string
	wanted := bare(field)
	for i := range fields {
		path := bare(fields[i].Field)
		rest, below := strings.CutPrefix(path, wanted)
		if below && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			found = append(found, fields[i])
		}
		known = append(known, fields[i].Field)
	}
	if len(found) > 0 {
		return found, nil
	}
	if nearest, ok := diag.Nearest(field, known); ok {
		return nil, usageError{fmt.Errorf("%s has no field %s here; did you mean %s?", word, field, nearest)}
	}
	return nil, usageError{fmt.Errorf("%s has no field %s here; without a field, all of them are shown: %s", word, field, diag.OneOf(known))}
}

// bare is a path without the quotes around keys, which are tedious in a shell.
func bare(path string) string {
	return strings.NewReplacer(`["`, "[", `"]`, "]").Replace(path)
}

func unknownWord(all *explain.Explanation, word string) error {
	var known []string
	add := func(name string) {
		if !slices.Contains(known, name) {
			known = append(known, name)
		}
	}
	for i := range all.Lines {
		kind, name, _ := strings.Cut(all.Lines[i].Subject, " ")
		if kind == "Service" {
			add(name)
		} else {
			add(kind + "/" + name)
		}
	}
	for i := range all.Fields {
		object := all.Fields[i].Object
		add(object.Kind + "/" + strings.TrimPrefix(object.Namespace+"/"+object.Name, "/"))
	}
	if len(known) == 0 {
		return errors.New("there is nothing to explain: no Mesh covers a Service or workload here")
	}
	problem := fmt.Errorf("%q is neither a Service or workload with settings nor an object that is generated or edited here; there are: %s", word, diag.OneOf(known))
	if nearest, ok := diag.Nearest(word, known); ok {
		problem = fmt.Errorf("%q is neither a Service or workload with settings nor an object that is generated or edited here; did you mean %s?", word, nearest)
	}
	return usageError{problem}
}
