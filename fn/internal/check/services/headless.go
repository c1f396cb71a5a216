package services

import (
	"fmt"
	"slices"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// callersChoose is why much has no effect on a headless Service.
const callersChoose = "callers of a headless Service choose the pod themselves, by its address"

// headlessPorts finds headless Services of a namespace that use one port number for HTTP and for something else.
// https://github.com/istio/istio/issues/16458
func (c *checker) headlessPorts() {
	type key struct {
		namespace string
		number    int32
	}
	uses := map[key][]use{}
	for _, service := range c.Facts.Services {
		for i := range service.Ports {
			one := use{service, &service.Ports[i]}
			if service.Headless && one.tcp() && one.port.Protocol != facts.Sniffed {
				at := key{service.Namespace, one.port.Number}
				uses[at] = append(uses[at], one)
			}
		}
	}
	for _, together := range uses { // The findings are sorted later.
		first, second, ok := pair(together, func(a, b use) bool { return a.http() != b.http() && !samePods(a, b) })
		if ok && second.http() {
			first, second = second, first
		}
		if ok {
			c.mixedHeadless(first, second)
		}
	}
}

func (c *checker) mixedHeadless(http, other use) {
	c.report(diag.Finding{
		Code: diag.HeadlessPorts, Severity: diag.Info, Source: other.at(),
		Message: fmt.Sprintf("port %d is %s in the headless Service %q and %s in the headless Service %q",
			other.port.Number, other.port.Protocol, other.service.Name, http.port.Protocol, http.service.Name),
		Because: []string{"a sidecar takes a call to a pod that it does not know yet for HTTP, because something on this port number is HTTP"},
		Related: []diag.Source{http.at()}, Try: "another port number for one of the two",
	})
}

func (u use) http() bool { return family(u.port.Protocol) == facts.HTTP }

// samePods reports whether the two lead to the same pods, of which something worse was said.
func samePods(a, b use) bool {
	return slices.ContainsFunc(a.service.Workloads, func(w *facts.Workload) bool { return slices.Contains(b.service.Workloads, w) })
}

// headlessRoutes finds weights between destinations of which one is a headless Service.
func (c *checker) headlessRoutes() {
	for _, object := range c.VirtualServices {
		if !inMesh(object.Spec) {
			continue // A gateway chooses the pods of a headless Service itself.
		}
		for i, route := range object.Spec.Http {
			var hosts []string
			for _, to := range route.Route {
				hosts = append(hosts, to.Destination.GetHost())
			}
			c.headlessRoute(object, diag.At("spec.http", i), hosts)
		}
		for i, route := range object.Spec.Tcp {
			var hosts []string
			for _, to := range route.Route {
				hosts = append(hosts, to.Destination.GetHost())
			}
			c.headlessRoute(object, diag.At("spec.tcp", i), hosts)
		}
	}
}

func inMesh(spec *networking.VirtualService) bool {
	return len(spec.Gateways) == 0 || slices.Contains(spec.Gateways, "mesh")
}

func (c *checker) headlessRoute(object *cluster.Object[*networking.VirtualService], field string, hosts []string) {
	if len(hosts) < 2 {
		return
	}
	for i, host := range hosts {
		service := c.Resolve(host, object.Namespace).Service
		if service == nil || !service.Headless {
			continue
		}
		c.report(diag.Finding{
			Code: diag.HeadlessRoute, Severity: diag.Warning, Source: object.At(diag.At(field+".route", i) + ".destination.host"),
			Message: fmt.Sprintf("the weights of this route have no effect on calls from sidecars: Service %q is headless", service.Name),
			Because: []string{callersChoose},
			Related: []diag.Source{service.Source("spec.clusterIP")}, Try: "a Service with a cluster IP as the destination",
		})
		return
	}
}

// headlessPolicies finds load balancing of headless Services. Where a VirtualService of a gateway leads to the Service, it
// has an effect there.
func (c *checker) headlessPolicies() {
	atGateway := map[*facts.Service]bool{}
	for _, object := range c.VirtualServices {
		if len(object.Spec.Gateways) == 0 || len(object.Spec.Gateways) == 1 && inMesh(object.Spec) {
			continue
		}
		for _, route := range object.Spec.Http {
			for _, to := range route.Route {
				atGateway[c.Resolve(to.Destination.GetHost(), object.Namespace).Service] = true
			}
		}
	}
	for _, object := range c.DestinationRules {
		service := c.Resolve(object.Spec.Host, object.Namespace).Service
		field, setting := balancing(object.Spec.TrafficPolicy)
		if service == nil || !service.Headless || atGateway[service] || setting == "" {
			continue
		}
		c.report(diag.Finding{
			Code: diag.HeadlessPolicy, Severity: diag.Warning, Source: object.At(field),
			Message: fmt.Sprintf("%s has no effect on calls from sidecars: Service %q is headless", setting, service.Name),
			Because: []string{callersChoose},
			Related: []diag.Source{service.Source("spec.clusterIP")}, Try: "remove it, or write the rule for a Service with a cluster IP",
		})
	}
}

// balancing returns the first setting that is about the choice of a pod.
func balancing(policy *networking.TrafficPolicy) (field, setting string) {
	const at = "spec.trafficPolicy."
	passthrough := policy.GetLoadBalancer().GetSimple() == networking.LoadBalancerSettings_PASSTHROUGH
	if policy.GetLoadBalancer() != nil && !passthrough {
		setting = "loadBalancer"
	} else if policy.GetOutlierDetection() != nil && !passthrough {
		setting = "outlierDetection"
	}
	return at + setting, setting
}
