package cluster

import (
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// Injection says whether the pods get a sidecar, with the labels that this run adds.
func (v *View) Injection(p *Pod) facts.Injection {
	return v.Facts.Injection(p.Workload, p.Labels, p.Annotations)
}

// Decided reports whether this run decides about the sidecar of the pods, because a Mesh says so.
func (p *Pod) Decided() bool {
	_, inject := p.edited[edited{"labels", facts.InjectLabel}]
	_, revision := p.edited[edited{"labels", facts.RevisionLabel}]
	return inject || revision
}

// InjectionLabel returns the label of the pods that decides about a sidecar, and whether it asks for one.
func (p *Pod) InjectionLabel() (key, value string, ok bool) {
	if value, ok := p.Labels[facts.InjectLabel]; ok {
		return facts.InjectLabel, value, true
	}
	_, ok = p.Labels[facts.RevisionLabel]
	return facts.RevisionLabel, "true", ok
}

// LabelAt is the place of a label of the pods: in their template, or in the compact spec that adds it.
func (p *Pod) LabelAt(key string) diag.Source {
	if from, ok := p.edited[edited{"labels", key}]; ok {
		return from
	}
	return p.Source(p.MetadataField("labels", key))
}

// AnnotationAt is the place of an annotation of the pods: in their template, or in the compact spec that adds it.
func (p *Pod) AnnotationAt(key string) diag.Source {
	if from, ok := p.edited[edited{"annotations", key}]; ok {
		return from
	}
	return p.Source(p.MetadataField("annotations", key))
}

// AnnotationByHand returns an annotation that the template has itself.
func (p *Pod) AnnotationByHand(key string) (string, bool) {
	if _, ok := p.edited[edited{"annotations", key}]; ok {
		return "", false
	}
	value, ok := p.Annotations[key]
	return value, ok
}

// edited is a label or an annotation that this run sets.
type edited struct{ field, key string }
