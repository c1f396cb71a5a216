package expand

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/manifest"
	"github.com/meshfn/meshfn/fn/internal/substitute"
)

// difference is what is not the same when another value stands for a variable.
type difference struct {
	object   diag.Resource
	field    string
	what     string        // in words
	at       *diag.Source  // where the documents have it, nil where that is not known
	ruled    bool          // only rules of the platform stand against the value
	more     []*difference // further places at which the documents have what is refused
	variable string        // by its name, "" where that is not known
}

// where is the object and the field.
func (d *difference) where() string {
	place := strings.TrimSpace(d.object.String() + " " + d.field)
	if place == "" {
		return "of another value: " + d.what
	}
	return place + ": " + d.what
}

// refusedIn is what a run says that has an error with other values than the samples.
func refusedIn(findings diag.List, restorer *substitute.Restorer) *difference {
	rules := diag.NewDirectory()
	first := &difference{ruled: true}
	for i := range findings {
		f := &findings[i]
		if f.Severity != diag.Error {
			continue
		}
		message, _ := restorer.Text(f.Message)
		first.more = append(first.more, &difference{what: message, at: &f.Source})
		first.ruled = first.ruled && rules[f.Code].Firm
	}
	first.what, first.at = first.more[0].what, first.more[0].at
	return first
}

// compare fills the samples into what is to be written, as Flux does, and expects what was judged.
func (f *follower) compare(written *manifest.Set) *difference {
	judged, filled := map[string]any{}, map[string]any{}
	objects := map[string]diag.Resource{}
	for i := range f.build.rendered.Objects {
		object := &f.build.rendered.Objects[i]
		key := keyOf(object.Resource)
		judged[key], objects[key] = plain(object.Fields), object.Resource
	}
	for i := range written.Objects {
		object := &written.Objects[i]
		key := f.variables.Filled(keyOf(object.Resource))
		filled[key], objects[key] = f.filled(object.Fields), object.Resource
	}
	for _, edit := range f.build.rendered.Edits {
		resource := f.build.built.Came(edit.Item).Resource()
		key := "edit of " + keyOf(resource) + strings.Join(edit.Path, "/")
		judged[key], objects[key] = edit.Value, resource
	}
	for _, edit := range written.Edits {
		resource := edit.Item.Resource()
		key := "edit of " + keyOf(resource) + f.variables.Filled(strings.Join(edit.Path, "/"))
		filled[key], objects[key] = f.filled(edit.Value), resource
	}
	return unequalObjects(judged, filled, objects)
}

func keyOf(r diag.Resource) string { return r.APIVersion + " " + r.String() }

// filled is what a value becomes when it is written, samples are filled in and the text is read again. Flux does it in this
// order, so that a text can become a number on the way.
func (f *follower) filled(value any) any {
	text, err := yaml.Marshal(value)
	if err != nil {
		return err.Error()
	}
	text, err = yaml.YAMLToJSON([]byte(f.variables.Filled(string(text))))
	if err != nil {
		return err.Error()
	}
	return parsed(text)
}

// plain is a value as JSON has it.
func plain(value any) any {
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return parsed(text)
}

func parsed(text []byte) any {
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return err.Error()
	}
	return value
}

// unequalObjects finds the first difference of two builds.
func unequalObjects(judged, filled map[string]any, objects map[string]diag.Resource) *difference {
	keys := map[string]bool{}
	for _, side := range []map[string]any{judged, filled} {
		for key := range side {
			keys[key] = true
		}
	}
	for _, key := range sortedKeys(keys) {
		found := &difference{object: objects[key]}
		was, one := judged[key]
		is, other := filled[key]
		switch {
		case one != other:
			found.what = "it is there for some values only"
			return found
		case unequal(was, is, "", found):
			return found
		}
	}
	return nil
}

// unequal finds the first place at which two values differ.
func unequal(was, is any, field string, found *difference) bool {
	switch was := was.(type) {
	case map[string]any:
		if other, ok := is.(map[string]any); ok {
			return unequalMaps(was, other, field, found)
		}
	case []any:
		if other, ok := is.([]any); ok && len(other) == len(was) {
			return slices.ContainsFunc(indexes(was), func(i int) bool { return unequal(was[i], other[i], diag.At(field, i), found) })
		}
	}
	if reflect.DeepEqual(was, is) {
		return false
	}
	found.field, found.what = field, "another value gives another result"
	if text, ok := was.(string); ok && fmt.Sprint(is) == text || is == nil {
		found.what = fmt.Sprintf("a text is wanted, and Flux fills in %v without quotes, which is none to YAML", was)
	}
	return true
}

func unequalMaps(was, is map[string]any, field string, found *difference) bool {
	keys := map[string]bool{}
	for key := range was {
		keys[key] = true
	}
	for key := range is {
		keys[key] = true
	}
	return slices.ContainsFunc(sortedKeys(keys), func(key string) bool { return unequal(was[key], is[key], diag.Join(field, key), found) })
}

func indexes(list []any) []int {
	all := make([]int, len(list))
	for i := range list {
		all[i] = i
	}
	return all
}

func sortedKeys(keys map[string]bool) []string {
	all := make([]string, 0, len(keys))
	for key := range keys {
		all = append(all, key)
	}
	slices.Sort(all)
	return all
}
