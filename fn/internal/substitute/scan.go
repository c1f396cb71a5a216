package substitute

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// Disabled keeps Flux from filling in anything in an object, as a label or an annotation.
// https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
const (
	disabledKey = "kustomize.toolkit.fluxcd.io/substitute"
	disabled    = "disabled"
)

// scan finds the variables in the values of a document of ours.
func (v *Variables) scan(d document) {
	root, err := d.item.Node()
	if err != nil || !bytes.Contains(d.item.Raw(), []byte(mark)) {
		return
	}
	v.walk(&d, root, "")
}

// walk looks at every value and every key. Comments are no part of a build, nor are labels and annotations of documents that
// are never applied; samples are read elsewhere.
func (v *Variables) walk(d *document, node *yaml.Node, path string) {
	switch {
	case path == samplesField, path == "metadata.annotations", path == "metadata.labels":
	case node.Kind == yaml.ScalarNode:
		v.value(d, node, path)
	case node.Kind == yaml.SequenceNode:
		for i, entry := range node.Content {
			v.walk(d, entry, diag.At(path, i))
		}
	case node.Kind == yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			below := diag.Join(path, node.Content[i].Value)
			v.value(d, node.Content[i], below)
			v.walk(d, node.Content[i+1], below)
		}
	}
}

func (v *Variables) value(d *document, node *yaml.Node, path string) {
	found := tokens(node.Value)
	if len(found) == 0 {
		return
	}
	at := d.at(node, path)
	for i := range found {
		if !v.understood(&found[i], at) {
			return
		}
	}
	for i := range found {
		v.use(&found[i], at)
	}
	v.scalars = append(v.scalars, scalar{node.Value, at})
}

// understood reports what cannot be followed.
func (v *Variables) understood(t *token, at diag.Source) bool {
	switch _, declared := v.samples[t.name]; {
	case t.name == escape:
	case t.name == "":
		v.report(diag.Finding{
			Code: diag.VariableForm, Source: at,
			Message: fmt.Sprintf("%q is a form of variable that cannot be followed; allowed: ${NAME}, ${NAME:=value} and ${NAME:-value}, with a value that holds no variable", t.text),
			Try:     "give the variable the value that is wanted here, or write $${ where the text itself is meant",
		})
		return false
	case t.standard != nil && (*v1alpha1.Sample)(new(string)).UnmarshalText([]byte(*t.standard)) != nil:
		v.report(diag.Finding{
			Code: diag.VariableForm, Source: at,
			Message: fmt.Sprintf("%q has a default that needs quotes in YAML, where Flux writes it without", t.text),
			Try:     "a default without quotes, backslashes and signs that mean something to YAML",
		})
		return false
	case t.standard == nil && !declared:
		v.report(v.undeclared(t.name, at))
		return false
	}
	return true
}

func (v *Variables) undeclared(name string, at diag.Source) diag.Finding {
	try := fmt.Sprintf("%s: {%s: …} in the Mesh or the MeshProfile, with a value as it will be filled in; or $${%s}, where the text itself is meant",
		samplesField, name, name)
	if nearest, ok := diag.Nearest(name, slices.Collect(maps.Keys(v.samples))); ok {
		try = "${" + nearest + "}"
	}
	return diag.Finding{
		Code: diag.UndeclaredVariable, Source: at, Try: try,
		Message: fmt.Sprintf("nothing says what ${%s} may look like, so what depends on it cannot be checked; %s", name, v.known()),
	}
}

// use notes a variable of a document of ours.
func (v *Variables) use(t *token, at diag.Source) {
	if one := v.find(t.name); one != nil {
		if one.text != t.text {
			v.report(diag.Finding{
				Code: diag.VariableForm, Source: at,
				Message: fmt.Sprintf("%s and %s are one variable in two forms: where nobody gives it a value, they would not be the same", t.text, one.text),
				Related: one.at[:1], Try: "write " + one.text + " here too",
			})
			return
		}
		one.at = append(one.at, at)
		return
	}
	v.used = append(v.used, v.variable(t, at))
}

// variable is one with its sample: the one that is declared, or the default that it brings.
func (v *Variables) variable(t *token, at ...diag.Source) *used {
	one := &used{name: t.name, text: t.text, at: at}
	declared, ok := v.samples[t.name]
	switch {
	case t.name == escape:
		one.sample = "$"
	case ok:
		one.sample, one.from = declared.value, declared.by
	case t.standard != nil:
		one.sample, one.from = *t.standard, "its default"
	}
	return one
}

func (v *Variables) find(name string) *used {
	at := slices.IndexFunc(v.used, func(one *used) bool { return one.name == name })
	if at < 0 {
		return nil
	}
	return v.used[at]
}

// also notes the variables of a manifest that have a sample, so that what is read of it is what it may look like.
func (v *Variables) also(it *item.Item) {
	if v.owned[it] || !filled(it) {
		return
	}
	for _, t := range tokens(string(it.Raw())) {
		_, declared := v.samples[t.name]
		fine := t.standard != nil && (*v1alpha1.Sample)(new(string)).UnmarshalText([]byte(*t.standard)) == nil
		switch one := v.find(t.name); {
		case t.name == "":
		case one != nil: // What is said of it in documents of ours counts.
			one.mixed = one.mixed || one.foreign && one.text != t.text
		case declared || fine:
			one = v.variable(&t, it.Source(""))
			one.foreign = true
			v.used = append(v.used, one)
		}
	}
}

// filled reports whether Flux fills something in that may be of interest. Scripts in ConfigMaps have variables of their own.
func filled(it *item.Item) bool {
	if !bytes.Contains(it.Raw(), []byte(mark)) {
		return false
	}
	switch it.Kind() {
	case "ConfigMap", "Secret", "CustomResourceDefinition":
		return false
	}
	label, _ := it.Label(disabledKey)
	annotation, _ := it.Annotation(disabledKey)
	return label != disabled && annotation != disabled
}

// unused finds samples of a Mesh that nothing in the build asks for. Those of a profile are for many builds.
func (v *Variables) unused(items []*item.Item) {
	if len(v.findings) > 0 {
		return
	}
	for name, declared := range v.samples {
		asked := []byte(mark + name)
		if declared.kind != v1alpha1.KindMesh || v.find(name) != nil {
			continue
		}
		if slices.ContainsFunc(items, func(it *item.Item) bool { return !v.owned[it] && bytes.Contains(it.Raw(), asked) }) {
			continue
		}
		v.report(diag.Finding{
			Code: diag.UnusedSample, Severity: diag.Info, Source: declared.at,
			Message: fmt.Sprintf("nothing in this build holds ${%s}", name), Try: "remove it, or check how the variable is spelled",
		})
	}
}
