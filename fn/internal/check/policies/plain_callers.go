package policies

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// plainCallers finds Services that accept only mutual TLS where callers do not use it by themselves.
// https://istio.io/latest/docs/tasks/security/authentication/authn-policy/#auto-mutual-tls
func (c *checker) plainCallers() {
	if auto := c.Istio.Mesh.EnableAutoMtls; auto == nil || *auto {
		return
	}
	refused, by := map[string][]string{}, map[string]cluster.MTLS{} // Services by what makes them refuse
	for _, service := range c.Facts.Services {
		mode, strict := c.strict(service)
		if strict && !c.toldMutual(service) {
			refused[mode.Who()] = append(refused[mode.Who()], service.Name)
			by[mode.Who()] = mode
		}
	}
	for _, who := range slices.Sorted(maps.Keys(refused)) {
		mode := by[who]
		c.report(diag.Finding{
			Code: diag.PlainWithoutAuto, Source: mode.At(),
			Message: fmt.Sprintf("mode STRICT of %s refuses every call to %s: the mesh has enableAutoMtls off, and no DestinationRule makes callers use mutual TLS",
				who, diag.OneOf(refused[who])),
			Related: []diag.Source{c.Istio.At("meshConfig.enableAutoMtls")},
			Try:     "enableAutoMtls: true in the mesh, or PERMISSIVE until it is",
		})
	}
}

// strict returns the mode of the first pods behind a Service that accept only mutual TLS.
func (c *checker) strict(service *facts.Service) (mode cluster.MTLS, found bool) {
	for _, workload := range service.Workloads {
		pod := c.PodOf(workload)
		if pod == nil || c.DataplaneOf(pod) != cluster.OwnProxy {
			continue
		}
		if mode := c.mode(pod); mode.Mode == cluster.StrictMTLS {
			return mode, true
		}
	}
	return mode, false
}

// toldMutual reports whether a DestinationRule makes callers of a Service use mutual TLS.
func (c *checker) toldMutual(service *facts.Service) bool {
	full := service.Name + "." + service.Namespace + ".svc." + c.Istio.ClusterDomain
	return slices.ContainsFunc(c.DestinationRules, func(rule *destinationRule) bool {
		host := rule.Spec.GetHost()
		if !strings.HasPrefix(host, "*") {
			host = c.Resolve(host, rule.Namespace).Full
		}
		return (host == full || cluster.Covers(host, full)) && slices.ContainsFunc(modesOf(rule), tlsMode.mutual)
	})
}
