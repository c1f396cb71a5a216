package facts

import "slices"

// The labels and annotations that decide about injection. Istio's injector reads them on pods and on Namespaces.
// https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/
const (
	InjectLabel     = "sidecar.istio.io/inject" // of a pod; the annotation of this name is deprecated
	RevisionLabel   = "istio.io/rev"            // of a pod or a Namespace
	InjectionLabel  = "istio-injection"         // of a Namespace
	DataplaneLabel  = "istio.io/dataplane-mode" // of a pod or a Namespace
	NativeSidecar   = "sidecar.istio.io/nativeSidecar"
	DefaultRevision = "default" // what a Namespace labelled istio-injection: enabled gets
)

// SystemNamespaces are those that Istio never injects into.
func SystemNamespaces() []string {
	return []string{"kube-system", "kube-public", "kube-node-lease", "local-path-storage"}
}

// Answer is what a build can say about a question.
type Answer int

// The answers. Unknown is the one of a build that does not own what decides.
const (
	Unknown Answer = iota
	Yes
	No
)

// Decider is what decides whether a pod gets a sidecar.
type Decider int

// The deciders, the strongest first.
const (
	ByNode      Decider = iota // the pod uses the network of its node
	BySystem                   // the namespace is one of Kubernetes itself
	ByPod                      // a label of the pod, or its annotation where an injector looks at it
	ByNamespace                // a label of the Namespace
	ByNobody                   // no label of either
	ByOthers                   // the Namespace is not in the build
)

// Injection is what is known about the sidecar of a pod.
type Injection struct {
	Sidecar  Answer
	Revision string // of the control plane that injects, "" where none does
	By       Decider
}

// Injection says whether the pods of a workload get a sidecar, with the labels and annotations that they will have. Where
// the build does not own the Namespace, a label of the pod is taken at its word.
func (f *Facts) Injection(w *Workload, labels, annotations map[string]string) Injection {
	asked, labelled := labels[InjectLabel]
	if !labelled {
		asked = annotations[InjectLabel]
	}
	switch {
	case w.HostNetwork:
		return Injection{Sidecar: No, By: ByNode}
	case slices.Contains(SystemNamespaces(), w.Namespace):
		return Injection{Sidecar: No, By: BySystem}
	case asked == "false":
		return Injection{Sidecar: No, By: ByPod}
	}
	namespace := f.Namespace(w.Namespace)
	if namespace == nil {
		return byPod(labels, Injection{Sidecar: Unknown, By: ByOthers})
	}
	if injection, ok := namespace.Labels[InjectionLabel]; ok {
		if injection != "enabled" {
			return Injection{Sidecar: No, By: ByNamespace}
		}
		return Injection{Sidecar: Yes, Revision: DefaultRevision, By: ByNamespace}
	}
	if revision, ok := namespace.Labels[RevisionLabel]; ok {
		if revision == "" {
			return Injection{Sidecar: No, By: ByNamespace}
		}
		return Injection{Sidecar: Yes, Revision: revision, By: ByNamespace}
	}
	return byPod(labels, Injection{Sidecar: No, By: ByNobody})
}

// StaysOut reports whether pods certainly get no sidecar where no Mesh says anything: by their own labels, or by those of
// their Namespace. Where the build does not own the Namespace, nothing is certain.
// https://istio.io/latest/docs/ops/common-problems/injection/#the-result-of-sidecar-injection-was-not-what-i-expected
func (f *Facts) StaysOut(w *Workload) bool {
	return f.Injection(w, w.Labels, w.Annotations).Sidecar == No
}

// byPod is what the labels of a pod say where no Namespace decides. Only labels select the injector: an annotation is
// read by an injector that was selected.
// https://github.com/istio/istio/blob/master/manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml
func byPod(labels map[string]string, otherwise Injection) Injection {
	revision, revised := labels[RevisionLabel]
	switch {
	case revision != "":
		return Injection{Sidecar: Yes, Revision: revision, By: ByPod}
	case labels[InjectLabel] == "true" && !revised: // The default revision leaves pods with the other label alone, even an empty one.
		return Injection{Sidecar: Yes, Revision: DefaultRevision, By: ByPod}
	}
	return otherwise
}
