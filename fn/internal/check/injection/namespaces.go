package injection

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

func (c *checker) namespaces() {
	for _, namespace := range c.Facts.Namespaces {
		c.injectionValue(namespace)
		c.severalLabels(namespace)
		c.notInjected(namespace)
	}
}

// injectionValue finds values that Istio takes for a no.
func (c *checker) injectionValue(namespace *facts.Namespace) {
	value, ok := namespace.Labels[facts.InjectionLabel]
	if ok && value != "enabled" && value != "disabled" {
		c.report(diag.Finding{
			Code: diag.InjectionValue, Severity: diag.Warning, Source: namespaceLabel(namespace, facts.InjectionLabel),
			Message: fmt.Sprintf("label %s: %q of Namespace %q is neither enabled nor disabled, and Istio takes it for disabled",
				facts.InjectionLabel, value, namespace.Name),
			Because: []string{"the label of a pod does not count in a Namespace with such a label"},
			Try:     "enabled or disabled",
		})
	}
	mode, ok := namespace.Labels[facts.DataplaneLabel]
	if ok && mode != "ambient" && mode != "none" {
		c.report(diag.Finding{
			Code: diag.InjectionValue, Severity: diag.Warning, Source: namespaceLabel(namespace, facts.DataplaneLabel),
			Message: fmt.Sprintf("label %s: %q of Namespace %q is neither ambient nor none, and has no effect", facts.DataplaneLabel, mode, namespace.Name),
			Try:     "ambient or none",
		})
	}
}

func namespaceLabel(namespace *facts.Namespace, key string) diag.Source {
	return namespace.Source(diag.Join("metadata.labels", key))
}

// severalLabels finds Namespaces that are told twice how their pods join the mesh. A Namespace that is disabled for
// sidecars may well be ambient.
func (c *checker) severalLabels(namespace *facts.Namespace) {
	injection, injected := namespace.Labels[facts.InjectionLabel]
	_, revised := namespace.Labels[facts.RevisionLabel]
	mode, ambient := namespace.Labels[facts.DataplaneLabel]
	if injected && injection != "enabled" {
		return
	}
	switch {
	case ambient && mode == "ambient" && (injected || revised):
		other := facts.InjectionLabel
		if !injected {
			other = facts.RevisionLabel
		}
		c.report(diag.Finding{
			Code: diag.SidecarAndAmbient, Severity: diag.Warning, Source: namespaceLabel(namespace, facts.DataplaneLabel),
			Message: fmt.Sprintf("Namespace %q has the labels %s and %s: its pods get a sidecar, and ambient mode leaves those alone",
				namespace.Name, facts.DataplaneLabel, other),
			Related: []diag.Source{namespaceLabel(namespace, other)}, Try: "one of the two labels, except while moving from one mode to the other",
		})
	case injected && revised:
		c.report(diag.Finding{
			Code: diag.SeveralLabels, Severity: diag.Warning, Source: namespaceLabel(namespace, facts.RevisionLabel),
			Message: fmt.Sprintf("Namespace %q has the labels %s and %s: the first one wins, and its pods get the default revision",
				namespace.Name, facts.InjectionLabel, facts.RevisionLabel),
			Related: []diag.Source{namespaceLabel(namespace, facts.InjectionLabel)}, Try: "remove one of the two labels",
		})
	}
}

// notInjected finds Namespaces without a label, none of whose pods has one, though an object in them is for sidecars.
func (c *checker) notInjected(namespace *facts.Namespace) {
	for _, label := range []string{facts.InjectionLabel, facts.RevisionLabel, facts.DataplaneLabel} {
		if _, ok := namespace.Labels[label]; ok {
			return
		}
	}
	pods := c.Selected(namespace.Name, nil)
	if namespace.Name == c.Istio.RootNamespace || len(pods) == 0 || slices.ContainsFunc(pods, speaksOfInjection) {
		return
	}
	object, found := c.forSidecars(namespace.Name)
	if !found {
		return
	}
	c.report(diag.Finding{
		Code: diag.NotInjected, Severity: diag.Info, Source: namespace.Source("metadata.name"),
		Message: fmt.Sprintf("no pod of Namespace %q gets a sidecar, and %s is for pods that have one", namespace.Name, object.Resource),
		Because: []string{"neither the Namespace nor a pod template in it has a label that asks for injection"},
		Related: []diag.Source{object.At("metadata.name")},
		Try:     `the label istio-injection: enabled on the Namespace, or sidecar.istio.io/inject: "true" on pod templates`,
	})
}

func speaksOfInjection(pod *cluster.Pod) bool {
	for _, label := range []string{facts.InjectLabel, facts.RevisionLabel, facts.DataplaneLabel} {
		if _, ok := pod.Labels[label]; ok {
			return true
		}
	}
	_, annotated := pod.Annotations[facts.InjectLabel]
	return annotated || pod.HostNetwork || slices.ContainsFunc(pod.Containers, func(c facts.Container) bool { return c.Name == facts.ProxyContainer })
}

// forSidecars finds an object that only a sidecar in its own namespace obeys. Routes and policies of callers are no sign:
// the callers may be elsewhere.
func (c *checker) forSidecars(namespace string) (*cluster.Any, bool) {
	kinds := []string{"PeerAuthentication", "AuthorizationPolicy", "RequestAuthentication", "Sidecar", "ProxyConfig", "EnvoyFilter", "Telemetry", "WasmPlugin"}
	for _, object := range c.Objects() {
		if object.Namespace == namespace && slices.Contains(kinds, object.Kind) && !targeted(object) {
			return object, true
		}
	}
	return nil, false
}

// targeted reports whether a policy is for gateways and waypoints, which it names.
func targeted(object *cluster.Any) bool {
	message := object.Message().ProtoReflect()
	for _, name := range []string{"targetRef", "targetRefs"} {
		if field := message.Descriptor().Fields().ByJSONName(name); field != nil && message.Has(field) {
			return true
		}
	}
	return false
}
