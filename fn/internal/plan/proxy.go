package plan

import (
	"fmt"
	"reflect"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Proxy is how the sidecar of a pod is sized and tuned.
type Proxy struct {
	CPU          Value[v1alpha1.Quantity] `json:"cpu,omitzero"`
	Memory       Value[v1alpha1.Quantity] `json:"memory,omitzero"`
	CPULimit     Value[v1alpha1.Quantity] `json:"cpuLimit,omitzero"`
	MemoryLimit  Value[v1alpha1.Quantity] `json:"memoryLimit,omitzero"`
	Concurrency  Value[int32]             `json:"concurrency,omitzero"`
	HoldStart    Value[bool]              `json:"holdStart,omitzero"`
	Drain        Value[v1alpha1.Duration] `json:"drain,omitzero"`
	SkipOutbound Value[[]int32]           `json:"skipOutbound,omitzero"`
	SkipInbound  Value[[]int32]           `json:"skipInbound,omitzero"`
	LogLevel     Value[string]            `json:"logLevel,omitzero"`
}

// IsZero reports whether nothing was asked for.
func (p Proxy) IsZero() bool { return reflect.ValueOf(p).IsZero() }

// The amounts of an Istio installation, for those of the four that nobody gave.
const (
	defaultCPU         = "100m"
	defaultMemory      = "128Mi"
	defaultCPULimit    = "2000m"
	defaultMemoryLimit = "1024Mi"
)

// proxy decides the settings of a pod's sidecar. Several Services of one workload must ask for the same.
func (p *planner) proxy(workload *facts.Workload, asked []*spec.Workload, sidecar Value[bool]) Proxy {
	var decided Proxy
	var from *spec.Workload
	for _, settings := range asked {
		proxy := settings.Settings.Proxy
		if proxy == nil || proxy.Off() {
			continue
		}
		if from != nil && !reflect.DeepEqual(*proxy, *from.Settings.Proxy) {
			p.report(diag.Finding{
				Code: diag.ProxyConflict, Source: settings.Origins.Within("proxy").At,
				Message: fmt.Sprintf("proxy says one thing here and another elsewhere, and both speak of the pods of %s %q", workload.Kind, workload.Name),
				Related: []diag.Source{from.Origins.Within("proxy").At},
				Try:     "write the same settings in both places, or only in spec.defaults",
			})
			return Proxy{}
		}
		decided, from = p.proxyOf(workload, proxy, settings.Origins), settings
	}
	if from == nil {
		return Proxy{}
	}
	if !p.needsSidecar(workload, from, sidecar) {
		return Proxy{}
	}
	return decided
}

// needsSidecar finds settings for a sidecar that the pods do not get. A default is skipped there.
func (p *planner) needsSidecar(workload *facts.Workload, from *spec.Workload, sidecar Value[bool]) bool {
	if sidecar.V || sidecar.IsZero() && p.injectedByNamespace(workload) {
		return true
	}
	if origin := from.Origins.Within("proxy"); origin.Explicit() {
		p.report(diag.Finding{
			Code: diag.ProxyConflict, Source: origin.At,
			Message: fmt.Sprintf("proxy tunes a sidecar that the pods of %s %q do not get", workload.Kind, workload.Name),
			Try:     "sidecar: true, or remove proxy",
		})
	}
	return false
}

// injectedByNamespace reports whether pods get a sidecar without a word in the spec: by their template's label, or by
// the label of their Namespace. Where the build does not own the Namespace, nothing is known and the answer is yes.
func (p *planner) injectedByNamespace(workload *facts.Workload) bool {
	if workload.Labels[InjectLabel] == "false" {
		return false
	}
	if workload.Labels[InjectLabel] == "true" || workload.Labels[RevisionLabel] != "" {
		return true
	}
	namespace := p.facts.Namespace(workload.Namespace)
	return namespace == nil || namespace.Labels[namespaceLabel] == "enabled" || namespace.Labels[RevisionLabel] != ""
}

func (p *planner) proxyOf(workload *facts.Workload, asked *v1alpha1.Proxy, origins spec.Origins) Proxy {
	origin := func(field string) spec.Origin { return origins.Of("proxy." + field) }
	out := Proxy{
		CPU:         given(asked.CPU, origin("cpu")),
		Memory:      given(asked.Memory, origin("memory")),
		CPULimit:    given(asked.CPULimit, origin("cpuLimit")),
		MemoryLimit: given(asked.MemoryLimit, origin("memoryLimit")),
		Concurrency: given(asked.Concurrency, origin("concurrency")),
		HoldStart:   given(asked.HoldApplicationUntilProxyStarts, origin("holdApplicationUntilProxyStarts")),
		Drain:       span(asked.Drain, origin("drain")),
		LogLevel:    given(asked.LogLevel, origin("logLevel")),
	}
	if asked.ExcludeOutboundPorts != nil {
		out.SkipOutbound = given(&asked.ExcludeOutboundPorts, origin("excludeOutboundPorts"))
	}
	if asked.ExcludeInboundPorts != nil {
		out.SkipInbound = given(&asked.ExcludeInboundPorts, origin("excludeInboundPorts"))
	}
	if asked.CPU != nil || asked.Memory != nil || asked.CPULimit != nil || asked.MemoryLimit != nil {
		const note = "Istio's installation default, because the four amounts leave together"
		out.CPU, out.Memory = out.CPU.or(defaultCPU, note), out.Memory.or(defaultMemory, note)
		out.CPULimit, out.MemoryLimit = out.CPULimit.or(defaultCPULimit, note), out.MemoryLimit.or(defaultMemoryLimit, note)
		p.checkLimit("cpu", out.CPU, out.CPULimit)
		p.checkLimit("memory", out.Memory, out.MemoryLimit)
	}
	p.checkDrain(workload, out.Drain)
	return out
}

// checkLimit refuses a request above its limit, with which Kubernetes would not start the pod.
func (p *planner) checkLimit(name string, request, limit Value[v1alpha1.Quantity]) {
	asked, errA := resource.ParseQuantity(string(request.V))
	most, errB := resource.ParseQuantity(string(limit.V))
	if errA != nil || errB != nil || asked.Cmp(most) <= 0 {
		return
	}
	at := request.From.At
	if !request.From.Explicit() && limit.From.At != (diag.Source{}) {
		at = limit.From.At
	}
	p.report(diag.Finding{
		Code: diag.ProxyValue, Source: at,
		Message: fmt.Sprintf("proxy.%s is %s, above its limit of %s", name, request.V, limit.V),
		Because: []string{"the limit is set by " + limit.From.String()},
		Try:     fmt.Sprintf("%sLimit: %s", name, request.V), Proposed: string(request.V),
	})
}

// checkDrain refuses a drain that Kubernetes would cut off.
func (p *planner) checkDrain(workload *facts.Workload, drain Value[v1alpha1.Duration]) {
	grace := time.Duration(workload.GracePeriod) * time.Second
	if drain.IsZero() || whole(drain) < grace {
		return
	}
	p.report(diag.Finding{
		Code: diag.ProxyValue, Source: drain.From.At,
		Message: fmt.Sprintf("proxy.drain is %s, and the pods of %s %q are killed after %s", whole(drain), workload.Kind, workload.Name, grace),
		Related: []diag.Source{workload.Source(workload.TemplateField("spec", "terminationGracePeriodSeconds"))},
		Try:     "a drain below " + grace.String() + ", or a longer terminationGracePeriodSeconds",
	})
}
