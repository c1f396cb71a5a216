package injection

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// effects finds labels and annotations of pods that are ignored.
func (c *checker) effects() {
	for _, pod := range c.Pods {
		if !c.badValue(pod) && !c.differs(pod) {
			c.ignored(pod)
		}
	}
}

// badValue finds values that are neither yes nor no.
func (c *checker) badValue(pod *cluster.Pod) bool {
	value, labelled := pod.Workload.Labels[facts.InjectLabel]
	at, what := labelAt(pod, facts.InjectLabel), "label"
	if !labelled {
		at, what = annotationAt(pod, facts.InjectLabel), "annotation"
		value, labelled = pod.Workload.Annotations[facts.InjectLabel]
	}
	if !labelled || value == "true" || value == "false" {
		return false
	}
	c.report(diag.Finding{
		Code: diag.InjectionValue, Severity: diag.Warning, Source: at,
		Message: fmt.Sprintf("%s %s: %q of %s is neither \"true\" nor \"false\", and Istio does as if it were absent", what, facts.InjectLabel, value, podsOf(pod)),
		Try:     `"true" or "false", as text`,
	})
	return true
}

// differs finds a label and the annotation of the same name that say the opposite.
func (c *checker) differs(pod *cluster.Pod) bool {
	label, labelled := pod.Workload.Labels[facts.InjectLabel]
	annotation, annotated := pod.Workload.Annotations[facts.InjectLabel]
	if !labelled || !annotated || label == annotation {
		return false
	}
	c.report(diag.Finding{
		Code: diag.InjectionDiffers, Severity: diag.Warning, Source: annotationAt(pod, facts.InjectLabel),
		Message: fmt.Sprintf("annotation %s: %q is ignored, because %s have the label of this name with %q", facts.InjectLabel, annotation, podsOf(pod), label),
		Related: []diag.Source{labelAt(pod, facts.InjectLabel)}, Try: "remove the annotation",
	})
	return true
}

// ignored finds a wish for a sidecar, or for a revision, that does not come true.
func (c *checker) ignored(pod *cluster.Pod) {
	injection := c.Injection(pod)
	key, at, asked := wish(pod)
	revision := pod.Workload.Labels[facts.RevisionLabel]
	switch {
	case !asked || injection.By == facts.ByPod && injection.Sidecar == facts.No: // It is a wish for none.
		return
	case injection.Sidecar == facts.No:
		why, related := c.why(pod, injection.By)
		c.report(diag.Finding{
			Code: diag.InjectionIgnored, Severity: diag.Warning, Source: at,
			Message: fmt.Sprintf("%s asks for a sidecar, and %s get none: %s", key, podsOf(pod), why),
			Related: related, Try: instead(pod, injection.By),
		})
	case injection.Sidecar == facts.Yes && revision != "" && revision != injection.Revision:
		namespace := c.Facts.Namespace(pod.Namespace)
		deciding := facts.InjectionLabel
		if _, ok := namespace.Labels[deciding]; !ok {
			deciding = facts.RevisionLabel
		}
		c.report(diag.Finding{
			Code: diag.InjectionIgnored, Severity: diag.Warning, Source: labelAt(pod, facts.RevisionLabel),
			Message: fmt.Sprintf("label %s: %s is ignored, and %s get the sidecar of revision %s: the label %s of Namespace %q wins",
				facts.RevisionLabel, revision, podsOf(pod), injection.Revision, deciding, pod.Namespace),
			Related: []diag.Source{namespaceLabel(namespace, deciding)}, Try: "remove the label from the pods, or from the Namespace",
		})
	}
}

// wish is how the pods ask for a sidecar.
func wish(pod *cluster.Pod) (key string, at diag.Source, asked bool) {
	switch {
	case pod.Workload.Labels[facts.InjectLabel] == "true":
		return "label " + facts.InjectLabel, labelAt(pod, facts.InjectLabel), true
	case pod.Workload.Labels[facts.RevisionLabel] != "":
		return "label " + facts.RevisionLabel, labelAt(pod, facts.RevisionLabel), true
	case pod.Workload.Annotations[facts.InjectLabel] == "true":
		return "annotation " + facts.InjectLabel, annotationAt(pod, facts.InjectLabel), true
	}
	return "", diag.Source{}, false
}

func (c *checker) why(pod *cluster.Pod, by facts.Decider) (string, []diag.Source) {
	switch by {
	case facts.ByNode:
		return "they use the network of the node, where Istio injects nothing", []diag.Source{pod.Source(pod.TemplateField("spec", "hostNetwork"))}
	case facts.BySystem:
		return "Istio never injects into namespace " + pod.Namespace, nil
	case facts.ByNamespace:
		namespace := c.Facts.Namespace(pod.Namespace)
		key := facts.InjectionLabel
		if _, ok := namespace.Labels[key]; !ok {
			key = facts.RevisionLabel
		}
		return fmt.Sprintf("Namespace %q has the label %s: %q, which wins", pod.Namespace, key, namespace.Labels[key]), []diag.Source{namespaceLabel(namespace, key)}
	case facts.ByNobody, facts.ByOthers, facts.ByPod:
		if revision, ok := pod.Workload.Labels[facts.RevisionLabel]; ok && revision == "" {
			return "their label " + facts.RevisionLabel + " has no value, and keeps the default revision away", []diag.Source{labelAt(pod, facts.RevisionLabel)}
		}
	}
	return "an annotation is read only where a label of the Namespace or the pod has selected the injector", nil
}

func instead(pod *cluster.Pod, by facts.Decider) string {
	switch by {
	case facts.ByNode:
		return "remove hostNetwork, or the label"
	case facts.BySystem:
		return "another namespace, or remove the label"
	case facts.ByNamespace:
		return "remove the label from the Namespace"
	case facts.ByNobody, facts.ByOthers, facts.ByPod:
		if revision, ok := pod.Workload.Labels[facts.RevisionLabel]; ok && revision == "" {
			return "remove the label " + facts.RevisionLabel + ", or give it a revision"
		}
	}
	return `the label sidecar.istio.io/inject: "true" instead of the annotation`
}
