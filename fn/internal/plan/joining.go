package plan

import (
	"fmt"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/joining"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// obstacles lists what stands in the way of a sidecar for the pods of a workload, whether they join now or not. The
// settings of the proxy are those that they have or would have: ports that it is not to see are no obstacle.
func (p *planner) obstacles(workload *facts.Workload, proxy Proxy) []joining.Obstacle {
	return joining.Obstacles(p.facts, &joining.Pods{
		Workload: workload, Annotations: workload.Annotations, SkipInbound: proxy.SkipInbound.V, SkipOutbound: proxy.SkipOutbound.V,
		NativeSidecars: p.spec.Istio.NativeSidecars, Revision: p.spec.Istio.Revision,
	})
}

// checkJoining reports what stands in the way of pods that join the mesh. What depends on the mTLS that they accept is left
// to the checks, which see the policies of the finished build.
func (p *planner) checkJoining(pod *Pod) {
	if !pod.Sidecar.V {
		return
	}
	for _, obstacle := range p.obstacles(pod.Workload, pod.Proxy) {
		if obstacle.While == joining.Anything {
			p.report(joined(&obstacle, pod.Workload, pod.Sidecar.From))
		}
	}
}

// foresee says early what will stand in the way of pods that ask for a sidecar and wait for the stage that permits it.
func (p *planner) foresee(settings *spec.Workload) {
	asked := settings.Settings.Sidecar
	if asked == nil || !*asked || settings.Stage.Single { // Whoever makes an exception knows why.
		return
	}
	var proxy Proxy
	if own := settings.Settings.Proxy; own != nil && !own.Off() {
		proxy = proxyOf(own, settings.Origins)
	}
	for _, workload := range settings.Templates {
		for _, obstacle := range p.obstacles(workload, proxy) {
			if obstacle.While == joining.Anything && obstacle.Severity < diag.Info {
				later := obstacle.Lower(diag.Info)
				finding := joined(&later, workload, settings.Origins.Of("sidecar"))
				finding.Message = "before it joins: " + finding.Message
				p.report(finding)
			}
		}
	}
}

// joined is an obstacle to what a Mesh asks for. It stands where something has to change: at the wish for a sidecar where
// that is better taken back, and where that is a default for many, in an entry of its own.
func joined(obstacle *joining.Obstacle, workload *facts.Workload, asked spec.Origin) diag.Finding {
	finding := obstacle.Finding()
	if !obstacle.Out {
		finding.Related = append(finding.Related, asked.At)
		return finding
	}
	finding.Source, finding.Related = asked.At, append(finding.Related, obstacle.At)
	if !asked.Explicit() {
		const off = "sidecar: false"
		finding.Try = strings.Replace(finding.Try, off, entryWith(workload, off), 1)
	}
	return finding
}

// entryWith is the entry of a Mesh that gives a workload a setting of its own.
func entryWith(workload *facts.Workload, setting string) string {
	if len(workload.Services) > 0 {
		return fmt.Sprintf("services: {%s: {%s}} in the Mesh", workload.Services[0].Written(), setting)
	}
	return fmt.Sprintf("workloads: {%s/%s: {%s}} in the Mesh", workload.Kind, workload.Written(), setting)
}
