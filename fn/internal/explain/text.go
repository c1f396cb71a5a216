package explain

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Text prints lines as a table, one block per subject and port.
func Text(w io.Writer, lines []Line) error {
	var out bytes.Buffer
	for from := 0; from < len(lines); {
		to := from + 1
		for to < len(lines) && lines[to].heading() == lines[from].heading() {
			to++
		}
		if from > 0 {
			_, _ = fmt.Fprintln(&out)
		}
		_, _ = fmt.Fprintln(&out, lines[from].heading())
		block(&out, lines[from:to])
		from = to
	}
	_, err := w.Write(out.Bytes())
	return err
}

func (l *Line) heading() string {
	if l.Port == "" {
		return l.Subject
	}
	return l.Subject + ", port " + l.Port
}

// widest is how wide the column of values may make a table; a longer value stands out of line.
const widest = 24

func block(w io.Writer, lines []Line) {
	var heads bytes.Buffer
	table := tabwriter.NewWriter(&heads, 0, 0, 2, ' ', 0)
	for i := range lines {
		line := &lines[i]
		_, _ = fmt.Fprintf(table, "  %s\t%s\t%s", line.Field, cut(line.Value), line.From.Layer)
		if where := whereOf(line.From); where != "" {
			_, _ = fmt.Fprintf(table, "\t%s", where)
		}
		_, _ = fmt.Fprintln(table)
	}
	_ = table.Flush()
	for i, head := range strings.Split(strings.TrimSuffix(heads.String(), "\n"), "\n") {
		_, _ = fmt.Fprintln(w, head)
		for _, detail := range lines[i].details(false) {
			_, _ = fmt.Fprintf(w, "      %-8s  %s\n", detail[0], detail[1])
		}
	}
}

func cut(value string) string {
	if utf8.RuneCountInString(value) <= widest {
		return value
	}
	return string([]rune(value)[:widest-1]) + "…"
}

// from is the layer and the place of a value.
func from(o spec.Origin) string {
	return strings.TrimSpace(o.Layer.String() + "  " + whereOf(o))
}

// whereOf is the place of a value, and what it was written as.
func whereOf(o spec.Origin) string {
	if o.At == (diag.Source{}) {
		return ""
	}
	text := o.At.String()
	if note := o.NoteWithPlace(); note != "" && note != "false" {
		text += " (" + note + ")"
	}
	return text
}

// details is what there is to say about a line beside its value: a word, and the text. What a built-in value was computed
// from is for those who ask about the one setting.
func (l *Line) details(all bool) [][2]string {
	var out [][2]string
	add := func(word, text string) { out = append(out, [2]string{word, text}) }
	if utf8.RuneCountInString(l.Value) > widest {
		add("value", l.Value)
	}
	if l.From.Layer == spec.BuiltIn && l.From.Note != "" && l.From.At == (diag.Source{}) && l.Skipped == "" {
		add("because", l.From.Note)
	}
	for _, input := range l.Computed {
		if all {
			add("from", inputText(input))
		}
	}
	if l.Changed != (diag.Source{}) {
		add("changed", "by an overlay; what is written at "+l.Changed.String()+" is something else")
	}
	for _, before := range slices.Backward(l.From.Before()) {
		text := overrode(l.Field, before)
		if last := len(out) - 1; last < 0 || out[last] != [2]string{"overrode", text} {
			add("overrode", text)
		}
	}
	if l.Skipped != "" {
		add("skipped", l.Skipped)
	}
	if l.Nothing != "" {
		add("became", "nothing: "+l.Nothing)
	}
	for _, t := range targets(l.Became) {
		add("became", t.text(l.Value))
	}
	return out
}

// inputText is one thing that a value was computed from.
func inputText(input spec.Origin) string {
	if input.Setting == "" {
		return input.At.Resource.String() + "  " + input.At.String()
	}
	return input.Setting + "  " + from(input)
}

func overrode(field string, before spec.Overridden) string {
	origin := spec.Origin{Layer: before.Layer, At: before.At}
	if before.Field == field {
		origin.Note = before.Note
	}
	return wordOf(field, before) + "  " + from(origin)
}

// text is the object and its fields; the value where it is not the setting's own.
func (t *target) text(value string) string {
	text := t.object.String() + "  " + collapsed(t.fields)
	if t.value != value {
		text += " = " + t.value
	}
	if t.note != "" {
		text += " (" + t.note + ")"
	}
	return text
}
