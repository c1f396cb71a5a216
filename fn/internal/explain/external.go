package explain

import (
	"maps"
	"slices"
	"strconv"

	"github.com/meshfn/meshfn/fn/internal/spec"
)

// externalLines lists what is said of hosts outside the mesh. People ask for one by the ServiceEntry that it becomes.
func externalLines(resolved *spec.Spec) []Line {
	var lines []Line
	for i := range resolved.External {
		e := &resolved.External[i]
		at := placeOfExternal(e)
		lines = append(lines, externalEntry(at, e)...)
		lines = append(lines, settings(at, e.Traffic, e.Origins)...)
		lines = append(lines, staged(at.subject, e.Stage)...)
	}
	return lines
}

func placeOfExternal(e *spec.External) place {
	return place{e.Resource().String(), strconv.Itoa(int(e.Port()))}
}

// externalEntry lists what an entry says beside settings. There are no layers for it.
func externalEntry(at place, e *spec.External) []Line {
	values := map[string]string{}
	said := map[string]any{"url": e.Entry.URL.String(), "tls": e.Entry.TLS}
	if len(e.Entry.Addresses) > 0 {
		said["addresses"] = e.Entry.Addresses
	}
	flattenInto(values, "", decoded(said))
	var lines []Line
	for _, field := range slices.Sorted(maps.Keys(values)) {
		from := spec.Origin{Layer: spec.OwnEntry, At: e.At(field)}
		lines = append(lines, Line{Subject: at.subject, Port: at.port, Field: field, Value: values[field], From: from})
	}
	return lines
}

// nothingOutside is why nothing is written for something that is said of a host outside the mesh.
func nothingOutside(line *Line, all []Line) string {
	switch {
	case line.Field == "tls.mode" && line.Value == "originate":
		return "the sidecar speaks TLS, with what tls.sni and tls.subjectAltNames become"
	case line.Field == "tls.mode":
		return "the application speaks TLS, as it does anyway"
	}
	for i := range all {
		other := &all[i]
		if other.Subject == line.Subject && other.Port == line.Port && other.Field == line.Field && len(other.Became) > 0 {
			return "another Mesh of the namespace says the same, " + from(other.From)
		}
	}
	return ""
}
