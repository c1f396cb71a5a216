package cluster

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Namespaces lists the namespaces that the build speaks for: it owns the Namespace, or something in it.
func (v *View) Namespaces() []string {
	seen := map[string]bool{}
	for _, namespace := range v.Facts.Namespaces {
		seen[namespace.Name] = true
	}
	for _, it := range v.Items {
		seen[it.Namespace()] = true
	}
	for i := range v.Declared {
		seen[v.Declared[i].Namespace] = true
	}
	if v.Egress != nil {
		seen[v.Egress.Namespace] = true
	}
	delete(seen, "")
	return slices.Sorted(maps.Keys(seen))
}

// LabelText writes labels the way kubectl takes them.
func LabelText(labels map[string]string) string {
	pairs := make([]string, 0, len(labels))
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		pairs = append(pairs, fmt.Sprintf("%s=%s", key, labels[key]))
	}
	return strings.Join(pairs, ",")
}
