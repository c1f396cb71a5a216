package injection

import (
	"fmt"
	"slices"
	"strconv"

	"istio.io/api/annotation"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// excludedPorts finds ports that pods keep from their sidecar though the build has routes or policies for calls to them.
func (c *checker) excludedPorts() {
	key := annotation.SidecarTrafficExcludeOutboundPorts.Name
	var ruled []*facts.Service // made when first needed
	for _, pod := range c.Pods {
		excluded := pod.Annotations[key]
		if excluded == "" || c.Injection(pod).Sidecar == facts.No {
			continue
		}
		if ruled == nil {
			ruled = c.ruled()
		}
		for _, service := range ruled {
			if number, ok := excludes(excluded, service); ok && !slices.Contains(service.Workloads, pod.Workload) {
				c.bypassed(pod, service, number)
				break
			}
		}
	}
}

// bypassed is a warning where the calls would be refused.
func (c *checker) bypassed(pod *cluster.Pod, service *facts.Service, number int32) {
	finding := diag.Finding{
		Code: diag.PortBypassed, Severity: diag.Info, Source: pod.AnnotationAt(annotation.SidecarTrafficExcludeOutboundPorts.Name),
		Message: fmt.Sprintf("calls of %s to port %d bypass the sidecar, and with it the rules that the build has for Service %q", podsOf(pod), number, service.Name),
		Related: []diag.Source{service.Source("spec.ports")},
		Try:     "leave the port out, unless these pods never call the Service",
	}
	for _, workload := range service.Workloads {
		if mode, refuses := c.strict(c.PodOf(workload), targetOf(workload, service, number)); refuses {
			finding.Severity = diag.Warning
			finding.Because = []string{fmt.Sprintf("%s says STRICT, so the Service refuses them", mode.Who())}
			finding.Related = append(finding.Related, mode.At())
			break
		}
	}
	c.report(finding)
}

// targetOf is the port of the pods that a port of their Service leads to.
func targetOf(workload *facts.Workload, service *facts.Service, number int32) uint32 {
	if port := service.Port(strconv.Itoa(int(number))); port != nil {
		number, _ = workload.Target(port)
	}
	return uint32(number) //nolint:gosec // It is a port.
}

func excludes(text string, service *facts.Service) (int32, bool) {
	for _, number := range facts.PortList(text) {
		if service.Port(strconv.Itoa(int(number))) != nil {
			return number, true
		}
	}
	return 0, false
}

// ruled lists the Services that a VirtualService inside the mesh or a DestinationRule of the build is about, each once.
func (c *checker) ruled() []*facts.Service {
	found := map[*facts.Service]bool{}
	for _, object := range c.VirtualServices {
		if len(object.Spec.Gateways) > 0 && !slices.Contains(object.Spec.Gateways, "mesh") {
			continue
		}
		for _, host := range object.Spec.Hosts {
			found[c.Resolve(host, object.Namespace).Service] = true
		}
	}
	for _, object := range c.DestinationRules {
		found[c.Resolve(object.Spec.Host, object.Namespace).Service] = true
	}
	return slices.DeleteFunc(slices.Clone(c.Facts.Services), func(s *facts.Service) bool { return !found[s] })
}
