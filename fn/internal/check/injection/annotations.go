package injection

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"istio.io/api/annotation"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// ingressClass is the one annotation outside Istio's domain that its API lists.
const ingressClass = "kubernetes.io/ingress.class"

// annotated is metadata that can have annotations for Istio.
type annotated struct {
	item        *item.Item
	kind        string // what it is to Istio's list of annotations
	what        string // what it is to a person
	field       string // path of the annotations
	annotations map[string]string
	labels      map[string]string
	pods        *cluster.Pod // of the pods, nil for other metadata
	template    *cluster.Pod // the pods that the object creates
}

func (a *annotated) at(key string) diag.Source { return a.item.Source(diag.Join(a.field, key)) }

// annotations finds annotations that Istio does not know, that are in the wrong place, or that will go.
func (c *checker) annotations() {
	c.each(func(in *annotated, key string) {
		switch of := c.knownAnnotations[key]; {
		case !istios(key) || slices.Contains(written(), key) || c.said[in.at(key)]:
		case of == nil:
			c.unknown(in, key)
		case !belongs(in, of):
			c.misplaced(in, of)
		case of.Deprecated:
			c.deprecated(in, of)
		}
	})
}

// each visits the annotations of everything that Istio looks at, as their author wrote them.
func (c *checker) each(visit func(in *annotated, key string)) {
	for _, in := range c.annotated() {
		for _, key := range slices.Sorted(maps.Keys(in.annotations)) {
			visit(in, key)
		}
	}
}

func (c *checker) annotated() []*annotated {
	templates := map[*item.Item]*cluster.Pod{}
	var all []*annotated
	for _, pod := range c.Pods {
		templates[pod.Item] = pod
		all = append(all, &annotated{
			item: pod.Item, kind: "Pod", what: podsOf(pod), field: pod.MetadataField("annotations"),
			annotations: pod.Workload.Annotations, labels: pod.Workload.Labels, pods: pod,
		})
	}
	for _, it := range c.Items {
		pod := templates[it]
		if pod != nil && pod.Kind == "Pod" || pod == nil && !ofIstio(it) || !mentions(it) {
			continue
		}
		annotations := map[string]string{}
		if node := it.Lookup("metadata", "annotations"); node == nil || node.Decode(&annotations) != nil {
			continue
		}
		all = append(all, &annotated{
			item: it, kind: it.Kind(), what: fmt.Sprintf("%s %q", it.Kind(), it.Name()), field: "metadata.annotations",
			annotations: annotations, template: pod,
		})
	}
	return all
}

// ofIstio reports whether Istio reads the annotations of a kind.
func ofIstio(it *item.Item) bool {
	group := it.Group()
	switch group {
	case "":
		return it.Kind() == "Service" || it.Kind() == "Namespace"
	case "networking.k8s.io":
		return it.Kind() == "Ingress"
	}
	return group == cluster.GatewayAPIGroup || strings.HasSuffix(group, ".istio.io") && it.Kind() != "WorkloadGroup"
}

// mentions spares documents the full parser that cannot have such an annotation.
func mentions(it *item.Item) bool {
	return bytes.Contains(it.Raw(), []byte("istio.io/")) || bytes.Contains(it.Raw(), []byte(ingressClass))
}

// istios reports whether an annotation is Istio's.
func istios(key string) bool {
	domain, _, _ := strings.Cut(key, "/")
	return key == ingressClass || domain == "istio.io" || strings.HasSuffix(domain, ".istio.io")
}

// written lists annotations that programs write, not people, and those that Istio reads without listing them.
func written() []string {
	return []string{
		annotation.SidecarStatus.Name, annotation.GatewayControllerVersion.Name, annotation.IoIstioRev.Name,
		"envoyfilter.istio.io/referenced-services", "gateway.istio.io/agentgatewayImage", "internal.istio.io/parents", "internal.istio.io/service-account-name",
		"istio.io/connect-strategy", "istio.io/ignore-policy-attachment", "networking.istio.io/address-type", "prometheus.istio.io/scrape-targets",
		"prometheus.istio.io/secure-port", "proxy.istio.io/health-checks-enabled", "sidecar.istio.io/capNetBindService",
	}
}

func (c *checker) unknown(in *annotated, key string) {
	if c.knownLabels[key] {
		c.report(diag.Finding{
			Code: diag.UnknownAnnotation, Severity: diag.Warning, Source: in.at(key),
			Message: fmt.Sprintf("annotation %s of %s does nothing: it is a label", key, in.what),
			Try:     "move it to the labels",
		})
		return
	}
	finding := diag.Finding{
		Code: diag.UnknownAnnotation, Severity: diag.Warning, Source: in.at(key),
		Message: fmt.Sprintf("annotation %s of %s is none that Istio knows, and has no effect", key, in.what),
		Try:     "remove it, or look the right name up in https://istio.io/latest/docs/reference/config/annotations/",
	}
	if nearest, ok := diag.Nearest(key, slices.Collect(maps.Keys(c.knownAnnotations))); ok {
		finding.Try = nearest
	}
	c.report(finding)
}

// belongs reports whether an annotation has an effect where it stands. On a Gateway of the Gateway API, those of pods and
// Services are copied to what Istio makes of it.
func belongs(in *annotated, of *annotation.Instance) bool {
	for _, resource := range of.Resources {
		name := resource.String()
		if name == "Any" || name == in.kind && (name != "Gateway" || in.item.Group() == cluster.GatewayAPIGroup) {
			return true
		}
		if in.item.Group() == cluster.GatewayAPIGroup && in.kind == "Gateway" && (name == "Pod" || name == "Service") {
			return true
		}
	}
	return false
}

// misplaced is silent where the pods have the annotation as well: tools that annotate everything leave it there.
func (c *checker) misplaced(in *annotated, of *annotation.Instance) {
	places := make([]string, 0, len(of.Resources))
	for _, resource := range of.Resources {
		places = append(places, resource.String())
	}
	finding := diag.Finding{
		Code: diag.MisplacedAnnotation, Severity: diag.Warning, Source: in.at(of.Name),
		Message: fmt.Sprintf("annotation %s of %s does nothing: it is for %s", of.Name, in.what, strings.Join(places, ", ")),
		Try:     "remove it, or write it for " + strings.Join(places, " or "),
	}
	if in.template != nil && slices.Contains(places, "Pod") {
		if _, ok := in.template.Annotations[of.Name]; ok {
			return
		}
		finding.Try = "move it to " + in.template.MetadataField("annotations")
		if of.Name == facts.InjectLabel {
			finding.Try = fmt.Sprintf("%s: %q among the labels of the pods, %s", of.Name, in.annotations[of.Name], in.template.MetadataField("labels"))
		}
	}
	c.report(finding)
}

// deprecated is silent where the label that replaces the annotation stands beside it.
func (c *checker) deprecated(in *annotated, of *annotation.Instance) {
	finding := diag.Finding{
		Code: diag.DeprecatedAnnotation, Severity: diag.Info, Source: in.at(of.Name),
		Message: fmt.Sprintf("annotation %s of %s is deprecated", of.Name, in.what),
		Try:     "what https://istio.io/latest/docs/reference/config/annotations/ names instead",
	}
	if of.Name == facts.InjectLabel {
		if _, ok := in.labels[facts.InjectLabel]; ok {
			return
		}
		finding.Try = "the label of the same name"
	}
	c.report(finding)
}
