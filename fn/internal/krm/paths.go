package krm

import (
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// The annotations by which a host that works on files knows where an item belongs. Both forms are needed: kpt masks an
// error of the function by one of its own where the older form is missing.
func pathAnnotations() []string {
	return []string{"config.kubernetes.io/path", "internal.config.kubernetes.io/path"}
}

func indexAnnotations() []string {
	return []string{"config.kubernetes.io/index", "internal.config.kubernetes.io/index"}
}

// placeGenerated gives each generated item that has none a file of its own below meshfn/. Hosts without files ignore it.
func placeGenerated(items []*item.Item) error {
	for _, it := range items {
		if _, generated := it.Annotation(v1alpha1.SourceAnnotation); !generated || placed(it) {
			continue
		}
		for _, key := range pathAnnotations() {
			if err := it.SetString([]string{"metadata", "annotations", key}, filePath(it)); err != nil {
				return err
			}
		}
		for _, key := range indexAnnotations() {
			if err := it.SetString([]string{"metadata", "annotations", key}, "0"); err != nil {
				return err
			}
		}
	}
	return nil
}

func placed(it *item.Item) bool {
	for _, key := range pathAnnotations() {
		if _, ok := it.Annotation(key); ok {
			return true
		}
	}
	return false
}

func filePath(it *item.Item) string {
	parts := []string{strings.ToLower(it.Kind())}
	if it.Namespace() != "" {
		parts = append(parts, it.Namespace())
	}
	return "meshfn/" + strings.Join(append(parts, it.Name()), "_") + ".yaml"
}
