package policies

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// outsideCaller is something in the build that sends calls to a Service and speaks no mutual TLS.
type outsideCaller struct {
	who     string // for messages, such as: the API server, for ValidatingWebhookConfiguration orders
	certain bool   // false where the caller may have a sidecar that the build does not show
	at      diag.Source
	port    int64 // of the Service, 0 for all of them
	service *facts.Service
	try     string
}

// outsideCallers finds callers without a sidecar whose calls would be refused.
func (c *checker) outsideCallers() {
	if !slices.ContainsFunc(c.PeerAuthentications, refusesPlain) {
		return
	}
	for _, service := range c.Facts.Services {
		c.fromOutside(service)
	}
	for _, it := range c.Items {
		for _, caller := range callersIn(it, c.Facts) {
			c.outsideCaller(caller)
		}
	}
}

func refusesPlain(object *peerAuthentication) bool {
	if object.Spec.GetMtls().GetMode() == cluster.StrictMTLS {
		return true
	}
	for _, mtls := range object.Spec.GetPortLevelMtls() {
		if mtls.GetMode() == cluster.StrictMTLS {
			return true
		}
	}
	return false
}

// fromOutside is a Service that clients outside the cluster reach on the ports of its nodes.
func (c *checker) fromOutside(service *facts.Service) {
	kind, _ := service.Item.String("spec", "type")
	if kind != "NodePort" && kind != "LoadBalancer" {
		return
	}
	c.outsideCaller(outsideCaller{
		who: "clients outside the cluster", certain: true, service: service, at: service.Source("spec.type"),
		try: "let them in through a gateway with expose, and make the Service type: ClusterIP",
	})
}

// callersIn lists the calls that an object of Kubernetes' makes somebody send.
func callersIn(it *item.Item, build *facts.Facts) []outsideCaller {
	switch it.Kind() {
	case "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration":
		return webhooks(it, build)
	case "APIService":
		return apiServer(it, "spec.service", build)
	case "CustomResourceDefinition":
		return apiServer(it, "spec.conversion.webhook.clientConfig.service", build)
	case "Ingress":
		return ingressBackends(it, build)
	}
	return nil
}

func webhooks(it *item.Item, build *facts.Facts) []outsideCaller {
	var callers []outsideCaller
	list := it.Field("webhooks")
	if list == nil {
		return nil
	}
	for i := range list.Content {
		callers = append(callers, apiServer(it, diag.At("webhooks", i)+".clientConfig.service", build)...)
	}
	return callers
}

// apiServer is a Service that the Kubernetes API server calls. It is never in the mesh.
func apiServer(it *item.Item, field string, build *facts.Facts) []outsideCaller {
	service := build.Referred(text(it, field+".namespace"), text(it, field+".name"))
	if service == nil {
		return nil
	}
	port, err := strconv.ParseInt(text(it, field+".port"), 10, 32)
	if err != nil {
		port = 443 // Kubernetes' own default for all three.
	}
	return []outsideCaller{{
		who: fmt.Sprintf("the Kubernetes API server, for %s %q", it.Kind(), it.Name()), certain: true,
		service: service, port: port, at: it.Source(field),
		try: fmt.Sprintf("proxy: {excludeInboundPorts: [%s]} with the port of the pods, which then is reached without the sidecar", targetText(service, port)),
	}}
}

// targetText is the port of the pods as far as the Service says it.
func targetText(service *facts.Service, number int64) string {
	for i := range service.Ports {
		if port := &service.Ports[i]; int64(port.Number) == number && port.TargetPort != "" {
			return port.TargetPort
		}
	}
	return strconv.FormatInt(number, 10)
}

// ingressBackends are Services behind an ingress controller, unless it is Istio's own.
func ingressBackends(it *item.Item, build *facts.Facts) []outsideCaller {
	class, _ := it.Annotation("kubernetes.io/ingress.class")
	if strings.Contains(class+text(it, "spec.ingressClassName"), "istio") {
		return nil
	}
	var callers []outsideCaller
	backend := func(field string) {
		service := build.Referred(it.Namespace(), text(it, field+".service.name"))
		if service == nil {
			return
		}
		number, err := strconv.ParseInt(text(it, field+".service.port.number"), 10, 32)
		if err != nil {
			if port := service.Port(text(it, field+".service.port.name")); port != nil {
				number = int64(port.Number)
			}
		}
		callers = append(callers, outsideCaller{
			who: fmt.Sprintf("the ingress controller, for Ingress %q", it.Name()), service: service, port: number, at: it.Source(field),
			try: "expose instead of the Ingress; or give the ingress controller a sidecar, and leave this as it is",
		})
	}
	backend("spec.defaultBackend")
	for i := range entries(it, "spec.rules") {
		paths := diag.At("spec.rules", i) + ".http.paths"
		for j := range entries(it, paths) {
			backend(diag.At(paths, j) + ".backend")
		}
	}
	return callers
}

func entries(it *item.Item, field string) []*yaml.Node {
	if node := it.Field(field); node != nil {
		return node.Content
	}
	return nil
}

func text(it *item.Item, field string) string {
	if node := it.Field(field); node != nil {
		return node.Value
	}
	return ""
}

// outsideCaller reports a caller whose calls some pods behind the Service refuse.
func (c *checker) outsideCaller(caller outsideCaller) {
	for _, workload := range caller.service.Workloads {
		pod := c.PodOf(workload)
		policy := c.refusing(pod, caller)
		if policy == nil {
			continue
		}
		finding := diag.Finding{
			Code: diag.PlainCallers, Source: policy.At("spec.mtls"),
			Message: fmt.Sprintf("%s %q refuses calls without mutual TLS, and %s would call it through Service %q without",
				pod.Kind, pod.Name, caller.who, caller.service.Name),
			Related: []diag.Source{caller.at}, Try: caller.try,
		}
		if !caller.certain {
			finding.Severity = diag.Warning
			finding.Because = []string{"whether the controller has a sidecar of its own is not known in this build"}
		}
		if policy.ByHand() && finding.Severity == diag.Error {
			finding.Severity = diag.Warning
		}
		c.report(finding)
	}
}

// refusing is what makes pods refuse plain text on a port of the Service, nil where nothing does.
func (c *checker) refusing(pod *cluster.Pod, caller outsideCaller) *peerAuthentication {
	if c.Injection(pod).Sidecar == facts.No || pod.Gateway() {
		return nil
	}
	for i := range caller.service.Ports {
		port := &caller.service.Ports[i]
		number, ok := pod.Target(port)
		if !ok || caller.port != 0 && int64(port.Number) != caller.port || slices.Contains(facts.PortList(pod.Annotations[facts.ExcludeInboundPorts]), number) {
			continue
		}
		if accepted := c.mode(pod).Port(uint32(number)); accepted.Mode == cluster.StrictMTLS { //nolint:gosec // A port number is never negative.
			return accepted.By
		}
	}
	return nil
}
