package expand

import (
	"cmp"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/manifest"
	"github.com/meshfn/meshfn/fn/internal/spec"
	"github.com/meshfn/meshfn/fn/internal/write"
)

// localConfig keeps a document out of what kustomize and kpt apply.
const localConfig = "config.kubernetes.io/local-config"

// separate finds the items that an earlier run generated from a Mesh of this build. Only they are replaced or removed;
// those of other Meshes are somebody else's.
func separate(items []*item.Item, meshes []spec.Owner) (own map[*item.Item]bool, others []*item.Item) {
	own = map[*item.Item]bool{}
	for _, it := range items {
		source, ok := it.Annotation(v1alpha1.SourceAnnotation)
		if ok && slices.ContainsFunc(meshes, func(m spec.Owner) bool { return m.String() == source }) {
			own[it] = true
		} else {
			others = append(others, it)
		}
	}
	return own, others
}

// upsert replaces the output of an earlier run in place, removes what is no longer generated, and adds what is new at the
// end, in a fixed order. Running twice therefore changes nothing.
func upsert(in Input, own map[*item.Item]bool, objects []manifest.Object) ([]*item.Item, error) {
	slices.SortStableFunc(objects, func(a, b manifest.Object) int { return compareResources(a.Resource, b.Resource) })
	pending := make(map[diag.Resource]*manifest.Object, len(objects))
	for i := range objects {
		pending[objects[i].Resource] = &objects[i]
	}
	out := make([]*item.Item, 0, len(in.Items)+len(objects))
	for _, it := range in.Items {
		if !own[it] {
			out = append(out, it)
			continue
		}
		object := pending[it.Resource()]
		if object == nil {
			continue
		}
		delete(pending, it.Resource())
		keepBookkeeping(object, it)
		written, err := write.Object(object, it.Place())
		if err != nil {
			return nil, err
		}
		out = append(out, written)
	}
	for i := range objects {
		if pending[objects[i].Resource] == nil {
			continue
		}
		if in.Place != nil {
			annotate(&objects[i], in.Place(objects[i].Resource))
		}
		written, err := write.Object(&objects[i], item.Place{})
		if err != nil {
			return nil, err
		}
		out = append(out, written)
	}
	return out, nil
}

// keepBookkeeping carries over the annotations by which a host recognises an item that it handed out.
func keepBookkeeping(object *manifest.Object, before *item.Item) {
	existing := before.Lookup("metadata", "annotations")
	if existing == nil {
		return
	}
	kept := map[string]string{}
	for i := 0; i+1 < len(existing.Content); i += 2 {
		key, value := existing.Content[i].Value, existing.Content[i+1].Value
		group, _, _ := strings.Cut(key, "/")
		if strings.HasSuffix(group, "config.kubernetes.io") || strings.HasSuffix(group, "config.k8s.io") {
			kept[key] = value
		}
	}
	annotate(object, kept)
}

func annotate(object *manifest.Object, extra map[string]string) {
	metadata, _ := object.Fields["metadata"].(map[string]any)
	annotations, _ := metadata["annotations"].(map[string]any)
	for key, value := range extra {
		annotations[key] = value
	}
}

func compareResources(a, b diag.Resource) int {
	return cmp.Or(
		cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name),
	)
}

// keepLocal marks our own documents, so that a host keeps them as files and never applies them.
func keepLocal(items []*item.Item) error {
	for _, it := range items {
		if it.Group() != v1alpha1.Group {
			continue
		}
		if err := it.SetString([]string{"metadata", "annotations", localConfig}, "true"); err != nil {
			return err
		}
	}
	return nil
}
