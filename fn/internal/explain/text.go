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
		_, _ = fmt.Fprintf(table, "  %s\t%s\t%s\n", line.Field, cut(line.Value), from(line.From))
	}
	_ = table.Flush()
	for i, head := range strings.Split(strings.TrimSuffix(heads.String(), "\n"), "\n") {
		_, _ = fmt.Fprintln(w, head)
		for _, detail := range lines[i].details() {
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
	text := o.Layer.String()
	if o.Layer == spec.BuiltIn && o.At == (diag.Source{}) {
		return text
	}
	text += "  " + o.At.String()
	if note := o.NoteWithPlace(); note != "" {
		text += " (" + note + ")"
	}
	return text
}

// details is what there is to say about a line beside its value: a word, and the text.
func (l *Line) details() [][2]string {
	var out [][2]string
	add := func(word, text string) { out = append(out, [2]string{word, text}) }
	if utf8.RuneCountInString(l.Value) > widest {
		add("value", l.Value)
	}
	if l.From.Layer == spec.BuiltIn && l.From.Note != "" && l.From.At == (diag.Source{}) {
		add("because", l.From.Note)
	}
	for _, input := range l.Computed {
		add(inputWord(&l.From, input), inputText(input))
	}
	if l.Changed != (diag.Source{}) {
		add("changed", "by an overlay; what is written at "+l.Changed.String()+" is something else")
	}
	for _, before := range slices.Backward(l.From.Before()) {
		add("overrode", overrode(l.Field, before))
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

func inputWord(of *spec.Origin, input spec.Origin) string {
	if of.Computed == nil && input.Setting == "" {
		return "counted"
	}
	return "from"
}

// inputText is one thing that a value was computed from.
func inputText(input spec.Origin) string {
	if input.Setting == "" {
		return input.At.Resource.String() + "  " + input.At.String()
	}
	return input.Setting + "  " + from(input)
}

func overrode(field string, before spec.Overridden) string {
	value := before.Value
	if before.Field != field {
		value = strings.TrimPrefix(before.Field, field+".") + " " + value
	}
	return value + "  " + from(spec.Origin{Layer: before.Layer, At: before.At, Note: before.Note})
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
