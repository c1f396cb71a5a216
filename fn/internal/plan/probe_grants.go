package plan

import (
	"slices"
	"strconv"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// probeGrants let the kubelet in where it calls the application itself. By default it does not: the injector makes every
// probe, whether HTTP, TCP or gRPC, one of the agent in the sidecar, which no policy reaches. Where pods ask for the opposite,
// the kubelet has no certificate and reaches only ports that accept plain text; a permission for anybody there may be for
// fewer paths than the probes ask for. Other ports stay closed: the kubelet fails there whatever a policy says, and so does the
// build, by a finding of its own.
// https://istio.io/latest/docs/ops/configuration/mesh/app-health-check/
func (p *planner) probeGrants(workload *facts.Workload, grants []grant) []grant {
	value, ok := workload.Annotations[facts.RewriteProbes]
	if rewrites, err := strconv.ParseBool(value); !ok || err != nil || rewrites {
		return nil
	}
	var all []grant
	for _, probe := range workload.Probes() {
		plain := slices.ContainsFunc(grants, func(g grant) bool {
			return g.Account == facts.Account{} && g.Namespace == "" && slices.Contains(g.Ports, probe.Port) && g.asked[0].Layer != spec.BuiltIn
		})
		if !plain {
			continue
		}
		one := grant{Ports: []int32{probe.Port}, asked: []spec.Origin{{Layer: spec.BuiltIn, Note: "health checks of Kubernetes", At: probe.At}}}
		if path, _, _ := strings.Cut(probe.Path, "?"); path != "" {
			if strings.ContainsAny(path, "*{}") { // A policy would take it for many paths.
				continue
			}
			one.Methods, one.Paths = []string{"GET"}, []string{path}
		}
		all = append(all, one)
	}
	return all
}
