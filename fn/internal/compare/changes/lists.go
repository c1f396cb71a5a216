package changes

import (
	"encoding/json"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/compare/fields"
)

// isList reports whether a value is one of several entries, or one that is more than a word. Conditions for retries are a list
// in one word.
func isList(field, value string) bool {
	return strings.HasSuffix(field, "retryOn") || value == "[]" || strings.HasPrefix(value, "{") || strings.Contains(value, ", ")
}

// entry is one entry of a list.
type entry struct {
	name  string // what tells it apart: its name, else all of it
	text  string
	value any
}

// entriesOf takes a list apart.
func entriesOf(value string) []entry {
	var out []entry
	if value == "[]" {
		return nil
	}
	for rest := value; rest != ""; rest = strings.TrimPrefix(rest, ", ") {
		if object, length := objectAt(rest); object != nil {
			out, rest = append(out, entry{nameOf(object, rest[:length]), rest[:length], object}), rest[length:]
			continue
		}
		text, after, _ := strings.Cut(rest, ", ")
		out, rest = append(out, entry{text, text, text}), after
	}
	return out
}

// objectAt reads an entry that is more than a word, and how long it is; nil for a word.
func objectAt(text string) (object map[string]any, length int) {
	if !strings.HasPrefix(text, "{") {
		return nil, 0
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	if err := decoder.Decode(&object); err != nil {
		return nil, 0
	}
	return object, int(decoder.InputOffset())
}

func nameOf(object map[string]any, text string) string {
	if name, ok := object["name"].(string); ok && name != "" {
		return name
	}
	return text
}

// listChange tells which entries come, go and change, instead of both lists.
func listChange(field, old, now string) (gained, lost []string, text string) {
	if strings.HasSuffix(field, "retryOn") {
		old, now = strings.ReplaceAll(old, ",", ", "), strings.ReplaceAll(now, ",", ", ")
	}
	before, after := entriesOf(old), entriesOf(now)
	var parts []string
	for _, e := range after {
		if known := find(before, e.name); known == nil {
			gained = append(gained, e.name)
		} else if known.text != e.text {
			parts = append(parts, e.name+" changes: "+differences(known.value, e.value))
		}
	}
	for _, e := range before {
		if find(after, e.name) == nil {
			lost = append(lost, e.name)
		}
	}
	if len(gained) > 0 {
		parts = append(parts, "gains "+foldWords(gained))
	}
	if len(lost) > 0 {
		parts = append(parts, "loses "+foldWords(lost))
	}
	switch {
	case old == "":
		return gained, lost, field + " " + orNothing(gained) + " (was not set)"
	case now == "":
		return gained, lost, field + " is not set any more (was " + orNothing(lost) + ")"
	case len(parts) == 0:
		return nil, nil, field + " is in another order: " + shortened(now)
	}
	return gained, lost, field + " " + strings.Join(parts, "; ")
}

func orNothing(list []string) string {
	if len(list) == 0 {
		return "[]"
	}
	return foldWords(list)
}

func foldWords(list []string) string {
	short := make([]string, 0, len(list))
	for _, word := range list {
		short = append(short, shortened(word))
	}
	return fold(short)
}

func find(entries []entry, name string) *entry {
	for i := range entries {
		if entries[i].name == name {
			return &entries[i]
		}
	}
	return nil
}

// differences lists the fields that are not the same, in one line.
func differences(old, now any) string { return listed(fields.Of(old, now)) }

func listed(all []fields.Difference) string {
	var list []string
	for _, d := range all {
		list = append(list, setText(d.Field, d.Old, d.New))
	}
	return fold(list)
}
