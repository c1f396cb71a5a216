package plan

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// atStage returns the spec without what waits for a later stage, and says what waits. The rest of the planner need not
// know of stages.
func (p *planner) atStage(in *spec.Spec) *spec.Spec {
	out := *in
	out.Services = slices.Clone(in.Services)
	out.Workloads = slices.Clone(in.Workloads)
	for i := range out.Services {
		service := &out.Services[i]
		p.holdAuth(&service.Workload, &service.Facts.Identity, exposures(service))
		if !service.Stage.Permits(v1alpha1.StageResilience) {
			p.holdTraffic(service)
		}
		p.holdCallers(&service.Workload, &service.Facts.Identity, service.Expose)
		if !service.Stage.Permits(v1alpha1.StageObserve) {
			p.holdPods(&service.Workload, &service.Facts.Identity)
		}
	}
	for i := range out.Workloads {
		workload := &out.Workloads[i]
		p.holdCallers(workload, &workload.Templates[0].Identity, nil)
		p.holdAuth(workload, &workload.Templates[0].Identity, nil)
		if !workload.Stage.Permits(v1alpha1.StageObserve) {
			p.holdPods(workload, &workload.Templates[0].Identity)
		}
	}
	out.External = p.holdExternal(in.External)
	return &out
}

// waits reports whether anything has to wait for a later stage.
func waits(in *spec.Spec) bool {
	return slices.ContainsFunc(in.Services, func(s spec.Service) bool { return !s.Stage.Permits(v1alpha1.StageResilience) }) ||
		slices.ContainsFunc(in.External, func(e spec.External) bool { return !e.Stage.Permits(v1alpha1.StageResilience) })
}

// planAhead says what is wrong with settings that wait before their stage begins. What is only worth knowing can wait too.
func (p *planner) planAhead(in *spec.Spec, build *facts.Facts) {
	ahead := newPlanner(in, build)
	ahead.ahead = true
	ahead.calls()
	for _, finding := range ahead.findings {
		if finding.Severity < diag.Info {
			p.report(finding)
		}
	}
}

// holdTraffic takes the settings of calls out. What is left is what a gateway needs to reach the Service.
func (p *planner) holdTraffic(service *spec.Service) {
	ports := slices.Clone(service.Ports)
	for i := range ports {
		port := &ports[i]
		for _, setting := range port.Origins.Settings() {
			origin := port.Origins.Within(setting)
			if setting != "retries" && turnedOff(port, setting) {
				continue
			}
			why := p.await(setting, v1alpha1.StageResilience, service.Stage, &service.Facts.Identity, origin)
			p.skip(service, port, setting, why, origin)
		}
		port.Traffic = v1alpha1.TrafficSettings{RetriesSetting: v1alpha1.RetriesSetting{Retries: &v1alpha1.Retries{}}}
		port.Origins = spec.Origins{}
	}
	service.Ports = ports
	if len(service.Versions) > 0 {
		origin := spec.Origin{Layer: spec.OwnEntry, At: service.At("versions")}
		why := p.await("versions", v1alpha1.StageResilience, service.Stage, &service.Facts.Identity, origin)
		p.skipOn(&service.Facts.Identity, "versions", why, origin)
		service.Versions = nil
	}
}

// holdPods takes the settings of pods out. To keep pods out of the mesh needs no permission, and where the whole namespace
// is injected it has to be written.
func (p *planner) holdPods(workload *spec.Workload, identity *facts.Identity) {
	p.foresee(workload)
	before, origins := workload.Settings, workload.Origins
	workload.Settings, workload.Origins = v1alpha1.WorkloadSettings{}, spec.Origins{}
	keptOut := before.Sidecar != nil && !*before.Sidecar
	for _, setting := range origins.Settings() {
		if setting == "callersComplete" || setting == "callers" || setting == "sidecar" && keptOut {
			continue
		}
		origin := origins.Within(setting)
		why := p.await(setting, v1alpha1.StageObserve, workload.Stage, identity, origin)
		p.skipOn(identity, setting, why, origin)
	}
	p.warnInside(workload, keptOut)
	switch {
	case keptOut:
		workload.Settings.Sidecar, workload.Origins["sidecar"] = before.Sidecar, origins.Of("sidecar")
	case p.injectsNamespace(identity.Namespace):
		workload.Settings.Sidecar = new(bool)
		workload.Origins["sidecar"] = spec.Origin{Layer: spec.NamespaceDefaults, At: workload.Stage.At, Note: "stage off"}
	}
}

// warnInside finds pods that get a sidecar at stage off, by labels that are there without this program.
func (p *planner) warnInside(settings *spec.Workload, keptOut bool) {
	for _, workload := range settings.Templates {
		injection := p.facts.Injection(workload, workload.Labels, workload.Annotations)
		if keptOut || injection.Sidecar != facts.Yes || p.injectsNamespace(workload.Namespace) {
			continue
		}
		by, related := "a label of their template", workload.Source(workload.MetadataField("labels"))
		if injection.By == facts.ByNamespace {
			by, related = "a label of their Namespace", p.facts.Namespace(workload.Namespace).Source("metadata.labels")
		}
		p.report(diag.Finding{
			Code: diag.InsideAlready, Severity: diag.Warning, Source: settings.Stage.At,
			Message: fmt.Sprintf("the pods of %s %q get a sidecar by %s, and the stage is off", workload.Kind, workload.Name, by),
			Related: []diag.Source{related},
			Try:     "remove the label, write sidecar: false in the Mesh, or give them the stage observe",
		})
	}
}

// await says why a setting has no effect yet. What the application wrote gets a note; the platform, which set the stage,
// knows what its own defaults wait for.
func (p *planner) await(setting string, needed v1alpha1.Stage, now spec.Stage, identity *facts.Identity, origin spec.Origin) string {
	why := fmt.Sprintf("it waits for stage %s, and this is %s", needed, now.Name)
	if origin.Layer < spec.MeshDefaults {
		return why
	}
	subject := fmt.Sprintf("%s %q is", identity.Kind, identity.Name)
	if origin.Layer == spec.MeshDefaults {
		subject = "part of this Mesh is"
	}
	p.report(diag.Finding{
		Code: diag.AheadOfStage, Severity: diag.Info, Source: origin.At,
		Message: fmt.Sprintf("%s has no effect before stage %s: %s at stage %s", setting, needed, subject, now.Name),
		Related: []diag.Source{now.At},
	})
	return why
}

// checkStages refuses a workload that would be at two stages.
func (p *planner) checkStages(workload *facts.Workload, asked []*spec.Workload) {
	for _, other := range asked[1:] {
		if other.Stage.Name == asked[0].Stage.Name {
			continue
		}
		p.report(diag.Finding{
			Code: diag.StageConflict, Source: other.Stage.At,
			Message: fmt.Sprintf("the pods of %s %q are at stage %s by one of their Services and at stage %s by another",
				workload.Kind, workload.Name, asked[0].Stage.Name, other.Stage.Name),
			Related: []diag.Source{asked[0].Stage.At, workload.Services[0].Source("metadata.name")},
			Try:     "give the Services of one workload the same stage",
		})
		return
	}
}
