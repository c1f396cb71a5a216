package propose

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// width is how long a line may get before its comment goes above it.
const width = 120

// proposal writes what was found, with the places that it comes from as comments.
func (p *proposer) proposal() *Proposal {
	out := &Proposal{Services: len(p.facts.Services)}
	var text bytes.Buffer
	several := len(p.meshes) > 1
	for i, namespace := range p.namespaces() {
		m := p.meshes[namespace]
		w := &writer{out: &text}
		if i > 0 {
			w.line("---")
		}
		p.write(w, m, several)
		out.External += len(m.external)
		out.Open = append(out.Open, m.open...)
		for _, e := range m.entries {
			out.Dependencies += len(e.calls)
			if e.service == nil {
				out.Workloads++
			}
		}
	}
	out.Text = text.Bytes()
	return out
}

func (p *proposer) write(w *writer, m *mesh, several bool) {
	w.line("# Proposed by meshfn init. Each line says where it comes from: look through it, correct it, and it is yours.")
	w.line("apiVersion: " + v1alpha1.GroupVersion)
	w.line("kind: " + v1alpha1.KindMesh)
	w.line("metadata:")
	w.line("  name: " + plain(cmp.Or(m.namespace, p.in.Name)))
	if several && m.namespace != "" {
		w.line("  namespace: " + plain(m.namespace))
	}
	w.line("spec:")
	w.line("  defaults:")
	w.line("    sidecar: true")
	w.line("    # Once this says of everybody whom they call, these two lines make of it who may call whom:")
	w.line("    # dependsOn: []   # who has no other dependsOn below calls nobody")
	w.line("    # callers: []     # who calls a Service says so with dependsOn, is a caller of it below, or comes through its gateway")
	p.section(w, "services", m, func(e *entry) bool { return e.service != nil })
	p.section(w, "workloads", m, func(e *entry) bool { return e.service == nil })
	if len(m.external) > 0 {
		w.line("  external:")
		for _, name := range slices.Sorted(maps.Keys(m.external)) {
			outside := m.external[name]
			w.entry("    "+plain(name)+": {url: "+plain(outside.url())+"}", outside.from.String())
		}
	}
	w.list("Whom these call was not found, or they call nobody:", p.quiet(m), true)
	w.list("Not understood:", m.open, false)
	w.list("To look at:", m.look, false)
}

// section writes the entries of one kind, those that say nothing as comments.
func (p *proposer) section(w *writer, name string, m *mesh, of func(*entry) bool) {
	var said, all []*entry
	for _, key := range slices.Sorted(maps.Keys(m.entries)) {
		if e := m.entries[key]; of(e) && e.speaks() {
			all = append(all, e)
			if len(e.settings()) > 0 {
				said = append(said, e)
			}
		}
	}
	if len(all) == 0 {
		return
	}
	if len(said) > 0 {
		w.line("  " + name + ":")
	} else {
		w.line("  # " + name + ":")
	}
	for _, e := range all {
		if settings := e.settings(); len(settings) > 0 {
			w.entry("    "+plain(e.key)+": {"+strings.Join(settings, ", ")+"}", e.why())
		}
		for _, proposed := range p.later(e) {
			w.entry("    # "+printable(plain(e.key)+": {"+proposed.text+"}"), proposed.why)
		}
	}
}

// speaks reports whether there is anything to say of an entry.
func (e *entry) speaks() bool { return len(e.settings())+len(e.callers)+len(e.exposed) > 0 }

// settings are those of an entry that hold from the first day.
func (e *entry) settings() []string {
	var out []string
	if e.out != "" {
		out = append(out, "sidecar: false")
	}
	if len(e.calls) > 0 {
		names := slices.Sorted(maps.Keys(e.calls))
		for i := range names {
			names[i] = plain(names[i])
		}
		out = append(out, "dependsOn: ["+strings.Join(names, ", ")+"]")
	}
	if len(e.manage) > 0 {
		kinds := slices.Sorted(slices.Values(e.manage))
		out = append(out, "manage: {"+strings.Join(kinds, ": false, ")+": false}")
	}
	return out
}

// why is where the settings of an entry come from.
func (e *entry) why() string {
	var all causes
	for _, name := range slices.Sorted(maps.Keys(e.calls)) {
		for _, one := range e.calls[name].list {
			all.add(one)
		}
	}
	reasons := []string{}
	if e.out != "" {
		reasons = append(reasons, e.out)
	}
	if len(all.list) > 0 {
		reasons = append(reasons, all.String())
	}
	if len(e.manage) > 0 {
		reasons = append(reasons, "kept by hand: "+strings.Join(slices.Sorted(slices.Values(e.manage)), ", "))
	}
	return strings.Join(reasons, "; ")
}

// proposed is a setting that somebody has to decide about.
type proposed struct{ text, why string }

// later are the settings of an entry that a person has to turn on.
func (p *proposer) later(e *entry) []proposed {
	var out []proposed
	if len(e.callers) > 0 {
		var all causes
		names := slices.Sorted(maps.Keys(e.callers))
		for _, name := range names {
			all.list = append(all.list, e.callers[name].list...)
		}
		out = append(out, proposed{"callers: [" + strings.Join(names, ", ") + "]", "not of this Mesh: " + all.String()})
	}
	gateway, known := p.gateway()
	for _, x := range e.exposed {
		text := "hosts: [" + strings.Join(x.hosts, ", ") + "]"
		if !slices.Equal(x.paths, []string{"/"}) {
			text += ", paths: [" + strings.Join(x.paths, ", ") + "]"
		}
		why := "Ingress/" + x.from
		if !known {
			why += "; needs a gateway of that name in the MeshProfile"
		}
		out = append(out, proposed{"expose: {" + gateway + ": {" + text + "}}", why})
	}
	return out
}

// quiet are the entries of which no call was found.
func (p *proposer) quiet(m *mesh) []string {
	var out []string
	for _, key := range slices.Sorted(maps.Keys(m.entries)) {
		e := m.entries[key]
		own := slices.ContainsFunc(e.workloads, func(w *facts.Workload) bool { return p.entryOf(w) == e })
		if len(e.calls) == 0 && own {
			out = append(out, key)
		}
	}
	return out
}

// Summary is the proposal in a line: what was found, and how much of it needs a person.
func (p *Proposal) Summary() string {
	return fmt.Sprintf("%s and %s without one: %s, %s", counted(p.Services, "Service"), counted(p.Workloads, "workload"),
		counted(p.Dependencies, "dependency"), counted(p.External, "host")+" outside")
}

func counted(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	if stem, ok := strings.CutSuffix(word, "y"); ok {
		return fmt.Sprintf("%d %sies", n, stem)
	}
	return fmt.Sprintf("%d %ss", n, word)
}
