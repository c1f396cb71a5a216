package injection

import (
	"fmt"
	"time"

	"istio.io/api/annotation"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/joining"
)

// jobs finds pods that are meant to end and get a sidecar that does not. What a Mesh decides was said before.
// https://github.com/istio/istio/issues/6324
func (c *checker) jobs() {
	for _, pod := range c.Pods {
		if !pod.Job() || pod.Decided() || c.Injection(pod).Sidecar != facts.Yes || joining.EndsSidecar(pod.Workload) {
			continue
		}
		native, because := joining.Native(pod.Annotations, c.Istio.NativeSidecars)
		switch {
		case native == nil:
			c.report(diag.Finding{
				Code: diag.JobByHand, Severity: diag.Info, Source: pod.Source("metadata.name"),
				Message: fmt.Sprintf("not checked: %s %q gets a sidecar, and ends only if sidecars are native, which the profile does not say", pod.Kind, pod.Name),
				Because: []string{"an ordinary sidecar keeps running when the job is done"},
				Try:     `istio: {nativeSidecars: true} in the MeshProfile, or the label sidecar.istio.io/inject: "false"`,
			})
		case !*native:
			c.report(diag.Finding{
				Code: diag.JobByHand, Severity: diag.Warning, Source: pod.Source("metadata.name"),
				Message: fmt.Sprintf("%s %q gets a sidecar that keeps running when the job is done, so it does not end by itself", pod.Kind, pod.Name),
				Because: []string{because},
				Try:     `the label sidecar.istio.io/inject: "false" on its pods, or a call of /quitquitquit at port 15020 at the end`,
			})
		}
	}
}

// drains finds sidecars that are killed before they have drained.
// https://github.com/istio/istio/issues/34855
func (c *checker) drains() {
	for _, pod := range c.Pods {
		text, ok := pod.AnnotationByHand(annotation.ProxyConfig.Name)
		if !ok || c.Injection(pod).Sidecar == facts.No {
			continue
		}
		config, _, err := cluster.ProxyConfig(text)
		if err != nil || config.GetProxyMetadata()["EXIT_ON_ZERO_ACTIVE_CONNECTIONS"] == "true" {
			continue // The sidecar then waits for its connections, and not for this time.
		}
		drain, grace := config.GetTerminationDrainDuration().AsDuration(), time.Duration(pod.GracePeriod)*time.Second
		if drain < grace || pod.GracePeriod == 0 {
			continue
		}
		c.report(diag.Finding{
			Code: diag.DrainTooLong, Severity: diag.Warning, Source: annotationAt(pod, annotation.ProxyConfig.Name),
			Message: fmt.Sprintf("terminationDrainDuration is %s, and %s are killed after %s", drain, podsOf(pod), grace),
			Related: []diag.Source{pod.Source(pod.TemplateField("spec", "terminationGracePeriodSeconds"))},
			Try:     "a drain below " + grace.String() + ", or a longer terminationGracePeriodSeconds",
		})
	}
}
