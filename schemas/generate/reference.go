package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

// referenceFile is the reference for people, below the root.
const referenceFile = "docs/reference.md"

//go:embed intro.md
var intro string

// reference writes docs/reference.md. Settings that may stand in several places are described once, under the name they
// have in all of them.
type reference struct {
	out      bytes.Buffer
	groups   []*group
	shown    *block // the metadata that was described
	problems []string
}

// group is the settings of one embedded struct, or those that only one block takes.
type group struct {
	name, title string
	text        []string
	settings    []*setting
	shown       bool // with the first kind that has them
}

// setting is a field of a group with the places where it may stand.
type setting struct {
	*field
	places []string
}

// groupTitles are the headings of the groups, by the Go type that brings the fields.
func groupTitles() map[string]string {
	return map[string]string{
		"WorkloadSettings": "Pod settings",
		"TrafficSettings":  "Traffic settings",
		"Service":          "Settings of a Service only",
		"External":         "Settings of an external host only",
	}
}

func writeReference(comments docs, kinds []*kind) ([]byte, error) {
	r := &reference{}
	tellApart(kinds)
	for _, k := range kinds {
		r.collect(comments, k, k.root, "")
	}
	r.line("<!-- Generated from the doc comments in fn/api and from schemas/generate/intro.md by `go generate ./schemas`; do not edit. -->")
	r.out.WriteString(intro)
	r.glance(kinds)
	for _, k := range kinds {
		r.kind(k)
	}
	if len(r.problems) > 0 {
		return nil, fmt.Errorf("%s", strings.Join(r.problems, "\n"))
	}
	return r.out.Bytes(), nil
}

func (r *reference) line(format string, args ...any) {
	if len(args) == 0 {
		r.out.WriteString(format + "\n")
		return
	}
	fmt.Fprintf(&r.out, format+"\n", args...)
}

func (r *reference) problem(err error) {
	if err != nil && !slices.Contains(r.problems, err.Error()) {
		r.problems = append(r.problems, err.Error())
	}
}

// collect finds the groups: every block that takes shared settings adds a place to them, and its own fields are a group
// of their own.
func (r *reference) collect(comments docs, k *kind, b *block, path string) {
	holder, place := b.takesSettings(), fmt.Sprintf("`%s` of a %s", path, k.name)
	for _, f := range b.fields {
		switch {
		case f.group != "":
			r.group(comments, f.group).add(f, place)
			continue
		case holder:
			r.group(comments, b.goName).add(f, place)
		}
		if inner := f.shape.inner(); inner != nil {
			below, err := f.below(path)
			r.problem(err)
			r.collect(comments, k, inner, below)
		}
	}
}

func (b *block) takesSettings() bool {
	return slices.ContainsFunc(b.fields, func(f *field) bool { return f.group != "" })
}

// onlySettings reports whether a block has nothing but shared settings.
func (b *block) onlySettings() bool {
	return b != nil && !slices.ContainsFunc(b.fields, func(f *field) bool { return f.group == "" })
}

func (r *reference) group(comments docs, name string) *group {
	for _, g := range r.groups {
		if g.name == name {
			return g
		}
	}
	title, ok := groupTitles()[name]
	if !ok {
		r.problem(fmt.Errorf("the settings of %s have no heading; add one to groupTitles", name))
	}
	g := &group{name: name, title: title}
	if strings.HasSuffix(name, "Settings") { // An embedded struct, whose comment speaks of its fields.
		g.text = comments[name].named(name, "These").text
	}
	r.groups = append(r.groups, g)
	return g
}

func (g *group) add(f *field, place string) {
	for _, s := range g.settings {
		if s.goName == f.goName {
			s.places = append(s.places, place)
			return
		}
	}
	g.settings = append(g.settings, &setting{f, []string{place}})
}

// keyNames are what the free keys of a mapping are, by the name of the field.
func keyNames() map[string]string {
	return map[string]string{
		"workloads": "Kind/name", "ports": "port", "versions": "version", "expose": "gateway",
		"substituteSamples": "variable", "limits": "setting", "locked": "field",
		"circuitBreaker": "preset", "outlierDetection": "preset", "retries": "preset", "proxy": "preset", "telemetry": "preset",
		"namespaces": "namespace", "services": "Service", "gateways": "gateway", "labels": "label", "annotations": "annotation", "selector": "label", "matchLabels": "label",
		"to": "locality", "customTags": "tag", "tagOverrides": "tag",
		"external": "host", "jwt": "preset", "claims": "claim",
	}
}

// below is the path of what stands inside a field.
func (f *field) below(path string) (string, error) {
	path = join(path, f.name)
	for s := &f.shape; s.elem != nil; s = s.elem {
		if s.form == list {
			path += "[]"
			continue
		}
		name, ok := keyNames()[f.name]
		if !ok {
			return path, fmt.Errorf("the keys of %s have no name; add one to keyNames", f.goName)
		}
		path += ".<" + name + ">"
	}
	return path, nil
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
