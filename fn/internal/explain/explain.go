// Package explain says for every resolved setting which layer set it, and where.
package explain

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/plan"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Line is one setting of one Service, port or workload.
type Line struct {
	Subject string      `json:"subject"`          // Service shop/web, Deployment shop/worker
	Former  []string    `json:"former,omitempty"` // names the subject had before an overlay renamed it
	Port    string      `json:"port,omitempty"`
	Field   string      `json:"field"`
	Value   string      `json:"value"`
	From    spec.Origin `json:"from"`
	Skipped string      `json:"skipped,omitempty"` // why the setting does not hold here
}

// Lines explains every setting, in the order of the build.
func Lines(resolved *spec.Spec, planned *plan.Plan) []Line {
	var lines []Line
	for i := range resolved.Services {
		service := &resolved.Services[i]
		subject, from := service.Facts.Item.Resource().String(), len(lines)
		lines = append(lines, settings(subject, "", service.Workload.Settings, service.Workload.Origins)...)
		for j := range service.Ports {
			port := &service.Ports[j]
			lines = append(lines, settings(subject, port.Facts.Key(), port.Traffic, port.Origins)...)
		}
		for j := range lines[from:] {
			lines[from+j].Former = service.Facts.PreviousNames
		}
	}
	for i := range resolved.Workloads {
		workload := &resolved.Workloads[i]
		for _, template := range workload.Templates {
			lines = append(lines, settings(template.Item.Resource().String(), "", workload.Settings, workload.Origins)...)
		}
	}
	for i := range lines {
		lines[i].Skipped = skipped(planned, &lines[i])
	}
	return lines
}

func skipped(planned *plan.Plan, line *Line) string {
	for i := range planned.Skipped {
		skip := &planned.Skipped[i]
		covers := line.Field == skip.Setting || strings.HasPrefix(line.Field, skip.Setting+".")
		if subjectOf(skip) == line.Subject && skip.Port == line.Port && covers {
			return skip.Why
		}
	}
	return ""
}

// subjectOf is what a setting was skipped for, as lines name it.
func subjectOf(skip *plan.Skipped) string {
	kind, name := "Service", skip.Service
	if skip.Workload != "" {
		kind, name, _ = strings.Cut(skip.Workload, " ")
	}
	return diag.Resource{Kind: kind, Namespace: skip.Namespace, Name: name}.String()
}

// settings lists the values of a block with their origins. A block that only groups values is left out.
func settings(subject, port string, block any, origins spec.Origins) []Line {
	values := flatten(block)
	for field, origin := range origins {
		if word := origin.Note; word == "false" || word == "true" && !holds(values, field) {
			values[field] = word
		}
	}
	var lines []Line
	for _, field := range slices.Sorted(maps.Keys(values)) {
		if origin := origins.Of(field); origin.Layer != spec.Unset {
			lines = append(lines, Line{Subject: subject, Port: port, Field: field, Value: values[field], From: origin})
		}
	}
	return lines
}

// holds reports whether there is a value of a field, or below it.
func holds(values map[string]string, field string) bool {
	_, ok := values[field]
	for path := range values {
		ok = ok || strings.HasPrefix(path, field+".")
	}
	return ok
}

// flatten returns the values of a block by their field paths.
func flatten(block any) map[string]string {
	text, err := json.Marshal(block)
	if err != nil {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var fields map[string]any
	if err := decoder.Decode(&fields); err != nil {
		return nil
	}
	out := map[string]string{}
	flattenInto(out, "", fields)
	return out
}

func flattenInto(out map[string]string, path string, value any) {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			field := key
			if path != "" {
				field = path + "." + key
			}
			flattenInto(out, field, inner)
		}
	case []any:
		words := make([]string, 0, len(value))
		for _, entry := range value {
			words = append(words, word(entry))
		}
		out[path] = strings.Join(words, ", ")
	default:
		out[path] = fmt.Sprint(value)
	}
}

// word is one entry of a list; what is more than a word is shown as JSON.
func word(entry any) string {
	if _, ok := entry.(map[string]any); ok {
		if text, err := json.Marshal(entry); err == nil {
			return string(text)
		}
	}
	return fmt.Sprint(entry)
}

// Text prints lines as a table, one block per subject.
func Text(w io.Writer, lines []Line) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	last := ""
	for i := range lines {
		line := &lines[i]
		heading := line.Subject
		if line.Port != "" {
			heading += ", port " + line.Port
		}
		if heading != last {
			if last != "" {
				_, _ = fmt.Fprintln(table)
			}
			_, _ = fmt.Fprintln(table, heading)
			last = heading
		}
		note := line.From.String()
		if line.Skipped != "" {
			note += "; skipped: " + line.Skipped
		}
		_, _ = fmt.Fprintf(table, "  %s\t%s\t%s\n", line.Field, line.Value, note)
	}
	return table.Flush()
}
