package explain

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/plan"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// resolvedLines lists every setting that somebody gave, built-in ones included.
func resolvedLines(resolved *spec.Spec) []Line {
	var lines []Line
	for i := range resolved.Services {
		service := &resolved.Services[i]
		subject, from := service.Facts.Item.Resource().String(), len(lines)
		lines = append(lines, settings(place{subject: subject}, service.Workload.Settings, service.Workload.Origins)...)
		lines = append(lines, structure(subject, service)...)
		lines = append(lines, staged(subject, service.Stage)...)
		for j := range service.Ports {
			port := &service.Ports[j]
			lines = append(lines, settings(place{subject, port.Facts.Key()}, port.Traffic, port.Origins)...)
		}
		for j := range lines[from:] {
			lines[from+j].Former = service.Facts.PreviousNames
			lines[from+j].pods = podsOf(&service.Workload)
		}
	}
	for i := range resolved.Workloads {
		workload := &resolved.Workloads[i]
		for _, template := range workload.Templates {
			subject := template.Item.Resource().String()
			found := append(settings(place{subject: subject}, workload.Settings, workload.Origins), staged(subject, workload.Stage)...)
			for j := range found {
				found[j].Former = template.PreviousNames
			}
			lines = append(lines, found...)
		}
	}
	return append(lines, externalLines(resolved)...)
}

func podsOf(workload *spec.Workload) []string {
	var pods []string
	for _, template := range workload.Templates {
		pods = append(pods, template.Item.Resource().String())
	}
	return pods
}

// structure lists what an entry says beside settings: versions, hosts, and what the user keeps in their own hands. There
// are no layers for these.
func structure(subject string, service *spec.Service) []Line {
	blocks := []struct {
		name  string
		value any
	}{{"versions", service.Versions}, {"expose", service.Expose}, {"manage", service.Manage}}
	var lines []Line
	for _, block := range blocks {
		values := map[string]string{}
		flattenInto(values, block.name, decoded(block.value))
		for _, field := range slices.Sorted(maps.Keys(values)) {
			from := spec.Origin{Layer: spec.OwnEntry, At: service.At(field)}
			lines = append(lines, Line{Subject: subject, Field: field, Value: values[field], From: from})
		}
	}
	return lines
}

// staged says how far something has come on its way into the mesh, where somebody says so.
func staged(subject string, stage spec.Stage) []Line {
	if !stage.Stated {
		return nil
	}
	from := spec.Origin{Layer: spec.ProfileDefaults, At: stage.At}
	if stage.At.Resource.Kind == v1alpha1.KindMesh {
		from.Layer = spec.MeshDefaults
	}
	return []Line{{Subject: subject, Field: "stage", Value: string(stage.Name), From: from}}
}

// settings lists the values of a block with their origins. A block that only groups values is left out.
func settings(at place, block any, origins spec.Origins) []Line {
	values := flatten(block)
	for field, origin := range origins {
		if word := origin.Note; word == "false" || word == "true" && !holds(values, field) {
			values[field] = word
		}
	}
	var lines []Line
	for _, field := range slices.Sorted(maps.Keys(values)) {
		if origin := origins.Of(field); origin.Layer != spec.Unset {
			lines = append(lines, Line{Subject: at.subject, Port: at.port, Field: field, Value: values[field], From: origin})
		}
	}
	return lines
}

// holds reports whether there is a value of a field, or below it.
func holds(values map[string]string, field string) bool {
	for path := range values {
		if diag.Within(path, field) {
			return true
		}
	}
	return false
}

// skips are what does not hold, by the Service or workload that it is about.
type skips map[string][]*plan.Skipped

func skipsOf(planned *plan.Plan) skips {
	out := skips{}
	for i := range planned.Skipped {
		skip := &planned.Skipped[i]
		about := subject("Service", skip.Namespace, skip.Service)
		if kind, name, ok := strings.Cut(skip.Workload, " "); ok {
			about = subject(kind, skip.Namespace, name)
		}
		out[about] = append(out[about], skip)
	}
	return out
}

// of is why a setting does not hold in one place.
func (s skips) of(line *Line) string {
	for _, skip := range s[line.Subject] {
		if (skip.Port == "" || skip.Port == line.Port) && diag.Within(line.Field, skip.Setting) {
			return skip.Why
		}
	}
	return ""
}

// flatten returns the values of a block by their field paths.
func flatten(block any) map[string]string {
	out := map[string]string{}
	if fields, ok := decoded(block).(map[string]any); ok {
		flattenInto(out, "", fields)
	}
	return out
}

// decoded is a value as JSON reads it.
func decoded(value any) any {
	text, err := json.Marshal(value)
	if err != nil {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var out any
	if err := decoder.Decode(&out); err != nil {
		return nil
	}
	return out
}

func flattenInto(out map[string]string, path string, value any) {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			flattenInto(out, diag.Join(path, key), inner)
		}
	case []any:
		if len(value) == 0 {
			out[path] = "[]"
			break
		}
		words := make([]string, 0, len(value))
		for _, entry := range value {
			words = append(words, word(entry))
		}
		out[path] = strings.Join(words, ", ")
	case nil:
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
