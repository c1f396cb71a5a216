package plan

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Transport is how calls must reach the pods of a workload.
type Transport struct {
	Name     string            `json:"name" from:"Object:metadata.name"`
	Owner    string            `json:"owner" from:"Mesh"`
	Selector map[string]string `json:"selector" from:"Labels"`
	Mutual   bool              `json:"mutual,omitempty" from:"StageAt,From"` // over mutual TLS only; otherwise plain text is accepted too

	PlainPorts []int32       `json:"plainPorts,omitempty" from:"PlainFrom"` // that accept plain text all the same
	PlainFrom  []spec.Origin `json:"-"`

	From    diag.Source  `json:"-"`
	StageAt diag.Source  `json:"-"`
	Mesh    diag.Source  `json:"-"` // the name of the owner
	Object  spec.Located `json:"-"` // fields of the workload
	Labels  spec.Located `json:"-"` // those of its pods
}

// labelsOf finds the labels of a workload's pods.
func labelsOf(workload *facts.Workload) spec.Located {
	return func(string) diag.Source { return workload.Source(workload.MetadataField("labels")) }
}

// transport decides how calls reach the pods of a workload. It follows the stage by itself: nobody asks for it.
func (p *planner) transport(workload *facts.Workload, asked []*spec.Workload, sidecar Value[bool]) *Transport {
	stage := asked[0].Stage
	if !stage.Permits(v1alpha1.StageObserve) || p.keptTransport[workload] != nil || workload.Name == "" || workload.Gateway() {
		return nil
	}
	mutual := stage.Permits(v1alpha1.StageStrict)
	if p.withoutSidecar(workload, sidecar) {
		if mutual {
			p.warnUnguarded(workload, stage, sidecar)
		}
		return nil
	}
	out := &Transport{
		Name: p.workloadName(workload), Owner: asked[0].Owner.String(), Mutual: mutual, From: stage.At, StageAt: stage.At,
		Mesh: asked[0].Owner.At, Object: workload.Source, Labels: labelsOf(workload),
	}
	switch {
	case mutual:
		out.From = p.statedCallers(workload, asked, stage)
		out.PlainPorts, out.PlainFrom = p.plainPorts(workload, asked)
	case !p.acceptsPlain(workload.Namespace, stage):
		return nil
	}
	var ok bool
	if out.Selector, ok = workload.Selector(); !ok {
		p.sayUnselectable(workload, mutual, stage)
		return nil
	}
	return out
}

// statedCallers finds the statement that all callers are known, without which plain text cannot be refused. Pods that no
// Service selects have no callers.
func (p *planner) statedCallers(workload *facts.Workload, asked []*spec.Workload, stage spec.Stage) diag.Source {
	if len(workload.Services) == 0 {
		return stage.At
	}
	at := stage.At
	for _, settings := range asked {
		if stated := settings.CallersStated(); stated.Layer != spec.Unset {
			at = stated.At
			continue
		}
		if p.catalogued(settings, &at) {
			continue
		}
		if slices.Contains(p.toldCallers, settings) { // One Service may have several workloads.
			continue
		}
		p.toldCallers = append(p.toldCallers, settings)
		finding := diag.Finding{
			Code: diag.CallersUnknown, Source: settings.At(""),
			Message: fmt.Sprintf("stage %s makes %s %q refuse every caller without a sidecar, and nobody says that all its callers are known",
				stage.Name, workload.Kind, workload.Name),
			Related: []diag.Source{stage.At},
			Try:     fmt.Sprintf("services: {%s: {callersComplete: true}} once every caller has a sidecar or is a gateway of the profile, or an earlier stage", p.entryOf(settings)),
		}
		if complete := settings.Settings.CallersComplete; complete != nil {
			finding.Source = settings.Origins.Of("callersComplete").At
		}
		p.sayNotCatalogued(&finding)
		p.report(finding)
	}
	return at
}

// entryOf is the name under which a Mesh lists the Service whose pods some settings are for.
func (p *planner) entryOf(settings *spec.Workload) string {
	for i := range p.spec.Services {
		if &p.spec.Services[i].Workload == settings {
			return p.spec.Services[i].Facts.Written()
		}
	}
	return ""
}

// acceptsPlain decides whether to write that plain text is accepted. Where the mesh refuses it, that would open what is
// closed; where nobody says what the mesh does, it might.
func (p *planner) acceptsPlain(namespace string, stage spec.Stage) bool {
	mesh := p.spec.Istio.MTLS
	if mesh == "PERMISSIVE" || mesh == "DISABLE" {
		return true
	}
	if !stage.Stated || slices.Contains(p.toldMTLS, namespace) {
		return false
	}
	p.toldMTLS = append(p.toldMTLS, namespace)
	finding := diag.Finding{
		Code: diag.PlainText, Severity: diag.Info, Source: stage.At,
		Message: fmt.Sprintf("not checked: whether pods of namespace %q accept plain text at stage %s, because the profile does not say what the mesh does",
			namespace, stage.Name),
		Try: "istio: {mtls: PERMISSIVE} in the MeshProfile, or STRICT, as in the PeerAuthentication of the root namespace",
	}
	if mesh == "STRICT" {
		finding.Message = fmt.Sprintf("pods of namespace %q refuse plain text from the moment they join, not only from stage strict on", namespace)
		finding.Because = []string{"istio.mtls of the profile is STRICT, which is never weakened here"}
		finding.Try = ""
	}
	p.report(finding)
	return false
}

func (p *planner) warnUnguarded(workload *facts.Workload, stage spec.Stage, sidecar Value[bool]) {
	finding := diag.Finding{
		Code: diag.Unguarded, Severity: diag.Warning, Source: stage.At,
		Message: fmt.Sprintf("%s %q is at stage %s and has no sidecar, so it accepts calls from everybody", workload.Kind, workload.Name, stage.Name),
		Related: []diag.Source{workload.Source("metadata.name")}, // By which the checks know that it was said.
		Try:     "sidecar: true, or an exception in the rollout: " + exceptionFor(workload),
	}
	if !sidecar.IsZero() {
		finding.Source, finding.Related = sidecar.From.At, append(finding.Related, stage.At)
	}
	p.report(finding)
}

func exceptionFor(workload *facts.Workload) string {
	if len(workload.Services) > 0 {
		return fmt.Sprintf("services: {%s: off}", workload.Services[0].Name)
	}
	return fmt.Sprintf("workloads: {%s/%s: off}", workload.Kind, workload.Name)
}

// sayUnselectable says that a policy cannot name pods without labels. No Service can either, so whoever calls them knows
// their address.
func (p *planner) sayUnselectable(workload *facts.Workload, mutual bool, stage spec.Stage) {
	if !mutual {
		return
	}
	p.report(diag.Finding{
		Code: diag.Unguarded, Severity: diag.Info, Source: stage.At,
		Message: fmt.Sprintf("stage %s does not reach the pods of %s %q, which have no labels to select them by", stage.Name, workload.Kind, workload.Name),
		Related: []diag.Source{workload.Source(workload.MetadataField("labels"))},
		Try:     fmt.Sprintf("labels: {app: %s} in its pod template", workload.Name),
	})
}
