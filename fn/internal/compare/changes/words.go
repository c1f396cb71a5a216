package changes

import (
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/explain"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// asWord tells several fields as the one word that stands for them: a preset, true, or what is built in.
func asWord(fields []settingChange) (Change, bool) {
	if len(fields) < 2 {
		return Change{}, false
	}
	var old, now common
	for i := range fields {
		old.add(fields[i].old)
		now.add(fields[i].new)
	}
	if old.many || now.many || old.line == nil && now.line == nil {
		return Change{}, false
	}
	block := fields[0].block()
	change := Change{Setting: block, Old: old.word, New: now.word}
	change.place(old.line, now.line)
	list := inner(fields)
	switch {
	case old.word == now.word:
		change.Text = block + " " + now.word + " means something else: " + list
		change.redefined(old.line, now.line)
	case old.line == nil && old.skipped != "":
		change.Text = block + " " + now.word + " holds from now on (it was skipped: " + old.skipped + "): " + list
	case now.line == nil && now.skipped != "":
		change.Text = block + " " + old.word + " does not hold any more: " + now.skipped
	case now.line == nil:
		change.Text = setText(block, old.word, "")
	default:
		change.Text = setText(block, old.word, now.word) + ": " + list
	}
	return change, true
}

// common is the one word that fields have in one build.
type common struct {
	line    *explain.Line // the first that holds
	word    string
	skipped string // why the fields do not hold
	many    bool   // there is no such word
}

func (w *common) add(line *explain.Line) {
	if line == nil {
		return
	}
	if line.Skipped != "" {
		w.skipped = line.Skipped
		return
	}
	word := wordOf(line)
	if w.line == nil {
		w.line, w.word = line, word
	}
	if word == "" || word != w.word || line.From.Layer != w.line.From.Layer || line.From.At != w.line.From.At {
		w.many = true
	}
}

// wordOf is what a value was written as, "" for itself.
func wordOf(line *explain.Line) string {
	switch note := line.From.Note; {
	case strings.HasPrefix(note, "preset "), note == "true":
		return note
	case note == "false":
		return "off"
	case line.From.Layer == spec.BuiltIn:
		return "as built in"
	}
	return ""
}

// redefined puts the places where a profile says what a word stands for in place of those of the word.
func (c *Change) redefined(old, now *explain.Line) {
	if old.From.Via != (diag.Source{}) || now.From.Via != (diag.Source{}) {
		c.OldAt, c.At = old.From.Via, now.From.Via
		c.OldLayer, c.Layer = spec.ProfileDefaults.String(), spec.ProfileDefaults.String()
	}
}

// inner lists the fields of a block with their values.
func inner(fields []settingChange) string {
	var list []string
	for i := range fields {
		old, now := holding(fields[i].old), holding(fields[i].new)
		name := strings.TrimPrefix(strings.TrimPrefix(fields[i].field, fields[i].block()), ".")
		switch {
		case old == "":
			list = append(list, strings.TrimSpace(name+" "+shortened(now)))
		case now == "":
			list = append(list, strings.TrimSpace("no "+name+" any more"))
		default:
			list = append(list, strings.TrimSpace(name+" "+shortened(old)+" → "+shortened(now)))
		}
	}
	return fold(list)
}
