package cluster

import (
	"maps"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/manifest"
)

// Pod is the pods of one template as they will be created.
type Pod struct {
	*facts.Workload
	Labels      map[string]string // of the pod, with what this run adds
	Annotations map[string]string

	edited map[edited]diag.Source // what this run sets, and where it was asked for
}

func (v *View) pods(edits []manifest.Edit) {
	added := map[*item.Item][]manifest.Edit{}
	for _, edit := range edits {
		added[edit.Item] = append(added[edit.Item], edit)
	}
	for _, namespace := range v.Facts.Namespaces {
		for _, edit := range added[namespace.Item] {
			v.Facts = v.Facts.WithNamespaceLabel(namespace.Name, edit.Path[len(edit.Path)-1], edit.Value)
		}
	}
	for _, workload := range v.Facts.Workloads {
		pod := &Pod{Workload: workload, Labels: workload.Labels, Annotations: workload.Annotations}
		for _, edit := range added[workload.Item] {
			pod.edit(edit)
		}
		v.Pods = append(v.Pods, pod)
	}
}

// edit applies one edit of the pod's metadata.
func (p *Pod) edit(edit manifest.Edit) {
	if len(edit.Path) < 2 {
		return
	}
	field, key := edit.Path[len(edit.Path)-2], edit.Path[len(edit.Path)-1]
	if p.edited == nil {
		p.edited = map[edited]diag.Source{}
	}
	p.edited[edited{field, key}] = edit.From
	switch field {
	case "labels":
		p.Labels = with(p.Labels, key, edit.Value)
	case "annotations":
		p.Annotations = with(p.Annotations, key, edit.Value)
	}
}

func with(before map[string]string, key, value string) map[string]string {
	after := maps.Clone(before)
	if after == nil {
		after = map[string]string{}
	}
	after[key] = value
	return after
}

// Selected lists the pods of a namespace whose labels a selector matches. An empty selector selects all of them, as in a
// policy of Istio's. In the root namespace it selects the pods of the whole mesh.
func (v *View) Selected(namespace string, selector map[string]string) []*Pod {
	list := v.known.podsIn[namespace]
	if namespace == v.Istio.RootNamespace {
		list = v.known.pods
	}
	if len(selector) == 0 && list != nil {
		return slices.Clone(list.All)
	}
	return list.Selected(selector)
}

// SelectedIn lists the pods of a namespace whose labels a selector matches, as in a Service: an empty one selects nothing.
func (v *View) SelectedIn(namespace string, selector map[string]string) []*Pod {
	return v.known.podsIn[namespace].Selected(selector)
}

// Holds reports whether the build has workloads in a namespace, so that it can say something about its pods.
func (v *View) Holds(namespace string) bool { return v.known.podsIn[namespace] != nil }
