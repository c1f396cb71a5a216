package guard

import (
	"fmt"
	"slices"

	"istio.io/api/annotation"
	envoyfilter "istio.io/api/networking/v1alpha3"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// replaced finds pods that bring a proxy of their own, or ask for another one than the sidecar: what that does with plain text
// is in no build.
func (c *checker) replaced(pod *cluster.Pod, stage spec.Stage) {
	at, what := other(pod)
	if what == "" {
		return
	}
	c.report(diag.Finding{
		Code: diag.ProxyReplaced, Severity: diag.Warning, Source: at,
		Message: fmt.Sprintf("whether %s refuses plain text is not known: %s", named(pod, stage), what),
		Because: []string{"only Istio's own sidecar is known to carry out a PeerAuthentication"},
		Related: []diag.Source{stage.At},
		Try:     orException("remove it", pod),
	})
}

// other says what takes the place of Istio's own sidecar, nothing where nothing does.
func other(pod *cluster.Pod) (at diag.Source, what string) {
	templates := pod.Annotations[annotation.InjectTemplates.Name]
	if list := words(templates); len(list) > 0 && !slices.Equal(list, []string{"sidecar"}) {
		return pod.AnnotationAt(annotation.InjectTemplates.Name), fmt.Sprintf("its pods are injected by the templates %q", templates)
	}
	for _, key := range []string{annotation.SidecarProxyImage.Name, annotation.SidecarBootstrapOverride.Name} {
		if value, ok := pod.Annotations[key]; ok {
			return pod.AnnotationAt(key), fmt.Sprintf("its proxy is another one by %s: %q", key, value)
		}
	}
	for i := range pod.Containers {
		if one := &pod.Containers[i]; one.Name == facts.ProxyContainer && one.Image != "auto" {
			return pod.Source(pod.TemplateField("spec") + "." + one.Field), "its template has a container " + facts.ProxyContainer + " of its own"
		}
	}
	return diag.Source{}, ""
}

// filters finds EnvoyFilters that change how pods take calls: the mutual TLS of a listener is a part of what they patch.
func (c *checker) filters() {
	for _, object := range c.EnvoyFilters {
		at, found := inbound(object)
		if !found || !object.ByHand() {
			continue
		}
		for _, pod := range c.Selected(object.Namespace, object.Spec.GetWorkloadSelector().GetLabels()) {
			stage, ok := c.Stages.Guarded(pod.Workload)
			if !ok {
				continue
			}
			c.report(diag.Finding{
				Code: diag.ProxyReplaced, Severity: diag.Warning, Source: at,
				Message: fmt.Sprintf("whether %s refuses plain text is not known: %s patches how its sidecar takes calls", named(pod, stage), object.Resource),
				Because: []string{"mutual TLS is a part of the listener, which a patch can take away"},
				Related: []diag.Source{stage.At},
				Try:     orException("leave listeners, filter chains and their filters as they are", pod),
			})
			break
		}
	}
}

// inbound finds a patch of the listeners on which sidecars take calls, other than of the HTTP in it.
func inbound(object *cluster.Object[*envoyfilter.EnvoyFilter]) (at diag.Source, found bool) {
	for i, patch := range object.Spec.GetConfigPatches() {
		context, what := patch.GetMatch().GetContext(), patch.GetApplyTo()
		taken := context == envoyfilter.EnvoyFilter_ANY || context == envoyfilter.EnvoyFilter_SIDECAR_INBOUND
		if taken && slices.Contains([]envoyfilter.EnvoyFilter_ApplyTo{
			envoyfilter.EnvoyFilter_LISTENER, envoyfilter.EnvoyFilter_FILTER_CHAIN,
			envoyfilter.EnvoyFilter_LISTENER_FILTER, envoyfilter.EnvoyFilter_NETWORK_FILTER,
			envoyfilter.EnvoyFilter_BOOTSTRAP,
		}, what) {
			return object.At(diag.At("spec.configPatches", i)), true
		}
	}
	return diag.Source{}, false
}
