package cli

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/explain"
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
	if len(lines) == 0 && len(objects) == 0 {
		objects = fieldsOfFormer(all, word)
	}
	switch {
	case len(objects) > 0 && (len(lines) == 0 || ofObject(field)):
		found, err := chosenFields(objects, word, field)
		return &answer{from: all, fields: found}, err
	case len(lines) > 0:
		found, err := chosenLines(lines, field)
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
		resource := diag.ParseResource(lines[i].Subject)
		if named(resource, word, true) || slices.ContainsFunc(lines[i].Former, func(former string) bool {
			resource.Name = former
			return named(resource, word, true)
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

// fieldsOfFormer finds an object by the name of a Service or workload from before an overlay, which is what stands in the
// manifests: what is generated is called as the Service or workload is now.
func fieldsOfFormer(all *explain.Explanation, word string) []explain.Field {
	former := map[string][]string{} // by namespace/name
	for i := range all.Lines {
		subject := diag.ParseResource(all.Lines[i].Subject)
		former[subject.Namespace+"/"+subject.Name] = all.Lines[i].Former
	}
	var found []explain.Field
	for i := range all.Fields {
		object := all.Fields[i].Object
		for _, name := range former[object.Namespace+"/"+object.Name] {
			object.Name = name
			if named(object, word, false) {
				found = append(found, all.Fields[i])
				break
			}
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
func chosenLines(lines []explain.Line, field string) ([]explain.Line, error) {
	if field == "" {
		return lines, nil
	}
	if err := checkSetting(lines[0].Subject, field); err != nil {
		return nil, err
	}
	var found []explain.Line
	for i := range lines {
		line := lines[i]
		if diag.Within(line.Field, field) {
			line.Layers = line.Ladder()
			found = append(found, line)
		}
	}
	if len(found) > 0 {
		return found, nil
	}
	return unset(lines, field), nil
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
		if diag.Within(path, wanted) {
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

// unknownWord says what there is to ask about.
func unknownWord(all *explain.Explanation, word string) error {
	known, forms := map[string]bool{}, map[string]bool{}
	add := func(object diag.Resource, kind string) {
		full := kind + strings.TrimPrefix(object.Namespace+"/"+object.Name, "/")
		known[full], forms[full], forms[kind+object.Name] = true, true, true
	}
	for i := range all.Lines {
		resource := diag.ParseResource(all.Lines[i].Subject)
		if resource.Kind == "Service" {
			add(resource, "")
		} else {
			add(resource, resource.Kind+"/")
		}
	}
	for i := range all.Fields {
		add(all.Fields[i].Object, all.Fields[i].Object.Kind+"/")
	}
	if len(known) == 0 {
		return usageError{errors.New("there is nothing to explain: no Mesh covers a Service or workload here")}
	}
	const what = "%q is no Service or workload with settings here, and no object that is generated or edited"
	if nearest, ok := diag.Nearest(word, slices.Collect(maps.Keys(forms))); ok {
		return usageError{fmt.Errorf(what+"; did you mean %s?", word, nearest)}
	}
	return usageError{fmt.Errorf(what+"; there are: %s", word, diag.OneOf(slices.Collect(maps.Keys(known))))}
}
