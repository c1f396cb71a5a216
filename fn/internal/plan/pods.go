package plan

import (
	"fmt"
	"strconv"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Pod is what happens to the pods of one workload.
type Pod struct {
	Kind      string      `json:"kind"`
	Name      string      `json:"name" from:"Object:metadata.name"`
	Namespace string      `json:"namespace,omitempty" from:"Object:metadata.namespace"`
	Sidecar   Value[bool] `json:"sidecar,omitzero"`
	Revision  string      `json:"revision,omitempty" from:"RevisionFrom"`
	Proxy     Proxy       `json:"proxy,omitzero"`
	Transport *Transport  `json:"transport,omitempty"`
	Telemetry *Telemetry  `json:"telemetry,omitempty"`
	Guard     *Guard      `json:"guard,omitempty"`

	Authorization *Authorization `json:"authorization,omitempty"`

	Workload     *facts.Workload `json:"-"` // the object whose template is edited
	RevisionFrom spec.Origin     `json:"-"`
	Object       spec.Located    `json:"-"` // fields of that object
}

// IsZero reports whether nothing happens to the pods.
func (pod Pod) IsZero() bool {
	return pod.Sidecar.IsZero() && pod.Proxy.IsZero() && pod.Transport == nil && pod.Authorization == nil &&
		pod.Telemetry == nil && pod.Guard == nil
}

// Label is the label that decides about injection. It is the current form; the annotation of the same name is deprecated
// and counts only where a namespace is injected.
func (pod *Pod) Label() (key, value string) {
	if pod.Revision != "" {
		return facts.RevisionLabel, pod.Revision
	}
	return facts.InjectLabel, strconv.FormatBool(pod.Sidecar.V)
}

// pods plans every pod template once, though several Services may speak of it.
func (p *planner) pods() {
	p.refuseAmbient()
	settings := map[*facts.Workload][]*spec.Workload{}
	for i := range p.spec.Services {
		service := &p.spec.Services[i]
		p.refuseWithoutPods(service)
		p.keepByHand(service)
		p.keepScopes(service)
		for _, template := range service.Workload.Templates {
			settings[template] = append(settings[template], &service.Workload)
		}
	}
	for i := range p.spec.Workloads {
		for _, template := range p.spec.Workloads[i].Templates {
			settings[template] = append(settings[template], &p.spec.Workloads[i])
		}
	}
	for _, workload := range p.facts.Workloads {
		if asked, ok := settings[workload]; ok {
			p.pod(workload, asked)
		}
	}
	p.shareTelemetry()
	p.shareAuthorization()
	p.warnSharedAccounts()
	p.scopes()
	p.shareGuards()
}

func (p *planner) pod(workload *facts.Workload, asked []*spec.Workload) {
	pod := Pod{Kind: workload.Kind, Name: workload.Name, Namespace: workload.Namespace, Workload: workload, Object: workload.Source}
	p.checkStages(workload, asked)
	pod.Sidecar = p.sidecar(workload, asked)
	if pod.Sidecar.V {
		pod.Revision, pod.RevisionFrom = p.spec.Istio.Revision, p.spec.Istio.RevisionFrom
	}
	if !pod.Sidecar.IsZero() {
		key, value := pod.Label()
		p.checkImmutable(workload, key, value, pod.Sidecar.From.At)
	}
	pod.Proxy = p.proxy(workload, asked, pod.Sidecar)
	pod.Transport = p.transport(workload, asked, pod.Sidecar)
	pod.Authorization = p.authorization(workload, asked, pod.Sidecar)
	pod.Telemetry = p.telemetry(workload, asked, pod.Sidecar)
	p.scope(workload, asked, pod.Sidecar)
	pod.Guard = p.guard(workload, asked, &pod)
	p.checkJoining(&pod)
	if pod.IsZero() {
		return
	}
	p.out.Pods = append(p.out.Pods, pod)
}

// refuseWithoutPods refuses settings of pods on a Service that has none in this build.
func (p *planner) refuseWithoutPods(service *spec.Service) {
	if len(service.Workload.Templates) > 0 || service.Facts.ExternalName != "" {
		return
	}
	for _, setting := range []string{"sidecar", "proxy", "telemetry", "dependsOn", "auth"} {
		origin := service.Workload.Origins.Within(setting)
		if !origin.Explicit() {
			if origin.Layer != spec.Unset {
				p.skipOn(&service.Facts.Identity, setting, "the Service selects no workload of this build", origin)
			}
			continue
		}
		p.report(diag.Finding{
			Code: diag.NoPods, Source: origin.At,
			Message: fmt.Sprintf("%s has nothing to act on: Service %q selects no workload of this build", setting, service.Facts.Name),
			Related: []diag.Source{service.Facts.Source("spec.selector")},
			Try:     "write it where the workload is built, or correct the Service's selector",
		})
	}
}
