package facts

import (
	"maps"
	"slices"
)

// WithNamespaceLabel returns the facts as they will be once a Namespace has a label.
func (f *Facts) WithNamespaceLabel(name, key, value string) *Facts {
	out := *f
	out.Namespaces = slices.Clone(f.Namespaces)
	for i, namespace := range out.Namespaces {
		if namespace.Name != name {
			continue
		}
		labelled := *namespace
		labelled.Labels = maps.Clone(namespace.Labels)
		if labelled.Labels == nil {
			labelled.Labels = map[string]string{}
		}
		labelled.Labels[key] = value
		out.Namespaces[i] = &labelled
	}
	return &out
}
