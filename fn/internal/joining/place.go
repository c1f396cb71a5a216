package joining

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// refuse is about pods that the injector never looks at, whatever their labels say.
func (a *asker) refuse(why, try string, at diag.Source) {
	a.report(Obstacle{
		Code: diag.CannotInject, At: at, Out: true, Try: try,
		Message: fmt.Sprintf("the pods of %s cannot get a sidecar: %s", a.name(), why),
	})
}

// place finds pods that are where Istio injects nothing.
func (a *asker) place() {
	if a.Workload.HostNetwork {
		a.refuse("they use the network of the node, where Istio injects nothing", "sidecar: false, or remove hostNetwork", a.at("hostNetwork"))
	}
	if slices.Contains(facts.SystemNamespaces(), a.Workload.Namespace) {
		a.refuse("Istio never injects into namespace "+a.Workload.Namespace, "sidecar: false", a.Workload.Source("metadata.namespace"))
	}
}

// namespace finds labels of the Namespace that win over those of its pods.
func (a *asker) namespace() {
	namespace := a.build.Namespace(a.Workload.Namespace)
	if namespace == nil {
		return
	}
	injection, decides := namespace.Labels[facts.InjectionLabel]
	other, revised := namespace.Labels[facts.RevisionLabel]
	label := func(key string) diag.Source { return namespace.Source(diag.Join("metadata.labels", key)) }
	switch {
	case decides && injection != "enabled":
		a.refuse(fmt.Sprintf("namespace %q has the label %s: %q, with which Istio ignores the label of a pod", namespace.Name, facts.InjectionLabel, injection),
			"remove the label from the Namespace", label(facts.InjectionLabel))
	case decides && a.Revision != "" && a.Revision != facts.DefaultRevision:
		a.refuse(fmt.Sprintf("namespace %q has the label %s: %q, which wins over the revision %q of the profile", namespace.Name, facts.InjectionLabel, injection, a.Revision),
			"remove the label from the Namespace, or the revision from the profile", label(facts.InjectionLabel))
	case decides: // It also wins over the other label of the Namespace.
	case revised && other == "":
		a.refuse(fmt.Sprintf("namespace %q has the label %s without a revision, with which Istio ignores the label of a pod", namespace.Name, facts.RevisionLabel),
			"remove the label from the Namespace, or give it a revision", label(facts.RevisionLabel))
	case revised && a.Revision != "" && other != a.Revision:
		a.refuse(fmt.Sprintf("namespace %q has the label %s: %q, which wins over the revision %q of the profile", namespace.Name, facts.RevisionLabel, other, a.Revision),
			"make the two the same, or remove the label from the Namespace", label(facts.RevisionLabel))
	}
}

// security finds Namespaces that refuse the init container by which an ordinary installation redirects calls. Whether
// Istio's CNI plugin does it instead is not known; a Namespace that is injected already shows that it does.
// https://istio.io/latest/docs/setup/additional-setup/pod-security-admission/
func (a *asker) security() {
	namespace := a.build.Namespace(a.Workload.Namespace)
	if namespace == nil || a.captures("NONE") || namespace.Labels[facts.InjectionLabel] == "enabled" || namespace.Labels[facts.RevisionLabel] != "" {
		return
	}
	level := namespace.Labels[enforcedSecurity]
	if level != "baseline" && level != "restricted" {
		return
	}
	a.report(Obstacle{
		Code: diag.SecurityLevel, Severity: diag.Info, At: namespace.Source(diag.Join("metadata.labels", enforcedSecurity)),
		Message: fmt.Sprintf("not checked: pods of namespace %q, which enforces the level %s, can have a sidecar only if Istio's CNI plugin is installed", namespace.Name, level),
		Because: []string{"without the plugin they get an init container with the capabilities NET_ADMIN and NET_RAW, which this level forbids"},
		Try:     "install Istio with the CNI plugin, or enforce the level privileged",
	})
}
