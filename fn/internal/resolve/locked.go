package resolve

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// locked finds what Meshes write although the profile locks it.
func (r *resolver) locked() {
	for _, m := range r.meshes {
		rules := r.out.Rules.In(m.namespace)
		for i := range rules.Locks {
			r.lockedIn(m, rules, &rules.Locks[i])
		}
	}
}

// lockedIn holds everything that a Mesh says against one lock.
func (r *resolver) lockedIn(m *mesh, rules *spec.Rules, lock *spec.Lock) {
	hold := func(v any, base string) {
		writer{presets: r.presets, visit: func(w write) bool {
			what, try := w.breaks(lock.Path)
			if what == "" {
				return true
			}
			finding := rules.Breach(lock, what, try)
			finding.Source = m.At(strings.TrimSuffix(base+"."+w.at, "."))
			r.report(finding)
			return false
		}}.fields(reflect.ValueOf(v), "", "")
	}
	in := &m.Value.Spec
	if in.Defaults != nil {
		hold(*in.Defaults, "spec.defaults")
	}
	for _, name := range slices.Sorted(maps.Keys(in.Services)) {
		base := diag.Join("spec.services", name)
		hold(*in.Services[name], base)
		for _, port := range slices.Sorted(maps.Keys(in.Services[name].Ports)) {
			hold(*in.Services[name].Ports[port], diag.Join(base+".ports", port))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(in.Workloads)) {
		hold(*in.Workloads[name], diag.Join("spec.workloads", name))
	}
	for _, name := range slices.Sorted(maps.Keys(in.External)) {
		hold(in.External[name].TrafficSettings, diag.Join("spec.external", name))
	}
	rest := *in
	rest.Defaults, rest.Services, rest.Workloads = nil, nil, nil
	hold(rest, "spec")
}

// write is one thing that a layer says.
type write struct {
	path  string // the field that it sets
	at    string // where it stands, another place where a short form stands for the field
	short string // the short form, such as: large
	off   bool   // it is `false`, which clears everything below
}

// breaks says how something that is written breaks a lock, and what to write instead; nothing where it does not.
func (w write) breaks(lock string) (what, try string) {
	switch {
	case w.off && w.path == lock:
		return w.path + " is set here", "remove " + w.at + ": false"
	case w.off && diag.Within(lock, w.path):
		return fmt.Sprintf("%s: false clears %s", w.at, lock), "remove " + w.at + ": false"
	case !diag.Within(w.path, lock):
		return "", ""
	case w.short != "" && w.at != w.path:
		return fmt.Sprintf("%s: %s sets %s", w.at, w.short, w.path), "write the fields that you need instead of " + w.short
	}
	return w.path + " is set here", "remove " + w.at
}

// writer tells everything that a layer says, a block before what is in it. It looks into a block if visit says so. Short
// forms are told as what they stand for.
type writer struct {
	presets presets
	visit   func(write) bool
	short   string
}

func (w writer) fields(of reflect.Value, path, at string) {
	for i := range of.NumField() {
		field := of.Type().Field(i)
		name, ok := v1alpha1.FieldName(field)
		switch {
		case !ok:
		case name == "":
			w.fields(of.Field(i), path, at)
		default:
			w.value(of.Field(i), diag.Join(path, name), w.below(at, name))
		}
	}
}

// below is where a field of a block stands, which is the short form where one stands for the block.
func (w writer) below(at, name string) string {
	if w.short != "" {
		return at
	}
	return diag.Join(at, name)
}

func (w writer) value(v reflect.Value, path, at string) {
	switch {
	case v.IsZero() || v.Kind() == reflect.Map && v.Len() == 0:
	case isBlock(v):
		w.block(v, path, at)
	case !w.visit(write{path: path, at: at, short: w.short}) || v.Kind() != reflect.Map:
	default:
		for _, key := range slices.SortedFunc(slices.Values(v.MapKeys()), func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) }) {
			w.value(v.MapIndex(key), diag.Join(path, key.String()), w.below(at, key.String()))
		}
	}
}

func (w writer) block(v reflect.Value, path, at string) {
	if _, index, ok := v1alpha1.SwitchForms(v.Type().Elem()); ok {
		switch written := switchOf(v, index); {
		case written.Off():
			w.visit(write{path: path, at: at, off: true})
			return
		case written.On() || written.Preset != "":
			name := written.Preset
			w.short = name
			if written.On() {
				name, w.short = onMeans(v.Interface()), strconv.FormatBool(true)
			}
			if found, ok := w.presets[v.Type()][name]; ok {
				v = found.block
			}
		}
	}
	if w.visit(write{path: path, at: at, short: w.short}) {
		w.fields(v.Elem(), path, at)
	}
}

// refusePatches refuses the patches of a Mesh where the profile allows none.
func (r *resolver) refusePatches(m *mesh) {
	rules := r.out.Rules.In(m.namespace)
	if rules.Patches == nil {
		return
	}
	for i := range m.Value.Spec.Patches {
		r.report(diag.Finding{
			Code: diag.PatchesForbidden, Source: m.At(diag.At("spec.patches", i)), Related: []diag.Source{*rules.Patches},
			Message: "patches are not allowed here; allowed: what the fields of the Mesh can say",
			Because: rules.Because("patches: false", ""),
			Try:     "remove the patch, or ask for a field or an exception",
		})
	}
}
