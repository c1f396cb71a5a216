package injection

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"istio.io/api/annotation"
	"istio.io/api/label"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// labels finds labels for Istio that stand in the wrong place or are misspelled.
func (c *checker) labels() {
	for _, pod := range c.Pods {
		c.beside(pod)
		c.foreign(pod)
		for _, key := range slices.Sorted(maps.Keys(pod.Workload.Labels)) {
			c.misspelled(key, labelAt(pod, key), podsOf(pod))
		}
	}
	for _, namespace := range c.Facts.Namespaces {
		what := fmt.Sprintf("Namespace %q", namespace.Name)
		for _, key := range slices.Sorted(maps.Keys(namespace.Labels)) {
			c.misspelled(key, namespaceLabel(namespace, key), what)
		}
		c.ofPods(namespace)
	}
}

// beside finds the label of pods on the object that creates them.
func (c *checker) beside(pod *cluster.Pod) {
	value, ok := pod.Item.Label(facts.InjectLabel)
	_, onPods := pod.Labels[facts.InjectLabel]
	if !ok || onPods || pod.Kind == "Pod" {
		return
	}
	c.report(diag.Finding{
		Code: diag.LabelMisplaced, Severity: diag.Warning, Source: pod.Source(diag.Join("metadata.labels", facts.InjectLabel)),
		Message: fmt.Sprintf("label %s: %q of %s %q does nothing: Istio looks at the labels of pods", facts.InjectLabel, value, pod.Kind, pod.Name),
		Try:     "move it to " + pod.MetadataField("labels"),
	})
}

// foreign finds labels of pods that belong elsewhere: on a Namespace, or among the annotations.
func (c *checker) foreign(pod *cluster.Pod) {
	if _, ok := pod.Workload.Labels[facts.InjectionLabel]; ok {
		c.report(diag.Finding{
			Code: diag.LabelMisplaced, Severity: diag.Warning, Source: labelAt(pod, facts.InjectionLabel),
			Message: fmt.Sprintf("label %s of %s does nothing: it is for Namespaces", facts.InjectionLabel, podsOf(pod)),
			Try:     `sidecar.istio.io/inject: "true"`,
		})
	}
	for _, key := range slices.Sorted(maps.Keys(pod.Workload.Labels)) {
		if !c.knownLabels[key] && c.knownAnnotations[key] != nil {
			c.report(diag.Finding{
				Code: diag.LabelMisplaced, Severity: diag.Warning, Source: labelAt(pod, key),
				Message: fmt.Sprintf("label %s of %s does nothing: it is an annotation", key, podsOf(pod)),
				Try:     "move it to " + pod.MetadataField("annotations"),
			})
		}
	}
}

// ofPods finds the label of pods on a Namespace, and the label of a Namespace among its annotations.
func (c *checker) ofPods(namespace *facts.Namespace) {
	if value, ok := namespace.Annotations[facts.InjectionLabel]; ok {
		c.report(diag.Finding{
			Code: diag.LabelMisplaced, Severity: diag.Warning, Source: namespace.Source(diag.Join("metadata.annotations", facts.InjectionLabel)),
			Message: fmt.Sprintf("annotation %s: %q of Namespace %q does nothing: it is a label", facts.InjectionLabel, value, namespace.Name),
			Try:     "move it to metadata.labels",
		})
	}
	_, decided := namespace.Labels[facts.InjectionLabel]
	if value, ok := namespace.Labels[facts.InjectLabel]; ok && !decided {
		c.report(diag.Finding{
			Code: diag.LabelMisplaced, Severity: diag.Warning, Source: namespaceLabel(namespace, facts.InjectLabel),
			Message: fmt.Sprintf("label %s: %q of Namespace %q does nothing: it is for pods", facts.InjectLabel, value, namespace.Name),
			Try:     "istio-injection: enabled",
		})
	}
}

// misspelled finds labels that come close to one by which pods join the mesh. Istio ignores what it does not know.
func (c *checker) misspelled(key string, at diag.Source, what string) {
	if c.knownLabels[key] || c.knownAnnotations[key] != nil {
		return
	}
	domain, name, _ := strings.Cut(key, "/")
	for _, known := range []string{facts.InjectLabel, facts.RevisionLabel, facts.DataplaneLabel, waypointLabel, facts.InjectionLabel} {
		knownDomain, knownName, _ := strings.Cut(known, "/")
		whole := name == "" && knownName == ""
		if whole && near(domain, knownDomain) || !whole && domain == knownDomain && near(name, knownName) {
			c.report(diag.Finding{
				Code: diag.LabelUnknown, Severity: diag.Warning, Source: at,
				Message: fmt.Sprintf("label %s of %s means nothing to Istio", key, what), Try: known,
			})
			return
		}
	}
}

func near(word, known string) bool {
	_, ok := diag.Nearest(word, []string{known})
	return ok
}

// labelNames are the labels that Istio's API knows, with the one of Namespaces that is older than it.
func labelNames() map[string]bool {
	names := map[string]bool{facts.InjectionLabel: true}
	for _, known := range label.AllResourceLabels() {
		names[known.Name] = true
	}
	return names
}

// annotationNames are the annotations that Istio's API knows.
func annotationNames() map[string]*annotation.Instance {
	names := map[string]*annotation.Instance{}
	for _, known := range annotation.AllResourceAnnotations() {
		names[known.Name] = known
	}
	return names
}
