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

// proxy decides the settings of a pod's sidecar. Several Services of one workload must agree on each of them; what was
// written for one of the Services counts more than a default of another.
func (p *planner) proxy(workload *facts.Workload, asked []*spec.Workload, sidecar Value[bool]) Proxy {
	var decided Proxy
	var strongest, off spec.Origin
	for _, settings := range asked {
		proxy, origin := settings.Settings.Proxy, settings.Origins.Within("proxy")
		switch {
		case proxy == nil:
		case proxy.Off():
			off = stronger(off, origin)
		default:
			strongest = stronger(strongest, origin)
			decided = p.agreed(workload, decided, proxyOf(proxy, settings.Origins))
		}
	}
	switch {
	case off.Explicit() && strongest.Explicit():
		p.disagreement(diag.ProxyConflict, workload)("proxy", "false", "set", off, strongest)
		return Proxy{}
	case off.Explicit(), decided.IsZero(), !p.tunesSidecar(workload, strongest, sidecar):
		return Proxy{}
	}
	p.fillAmounts(workload, strongest, &decided)
	p.checkDrain(workload, decided.Drain)
	return decided
}

// tunesSidecar asks whether the pods have sidecars that can be tuned.
func (p *planner) tunesSidecar(workload *facts.Workload, from spec.Origin, sidecar Value[bool]) bool {
	return p.needsSidecar(workload, sidecar, "proxy", from, diag.Finding{
		Code:    diag.ProxyConflict,
		Message: fmt.Sprintf("proxy tunes a sidecar that the pods of %s %q do not get", workload.Kind, workload.Name),
	})
}

// agreed lays what one Service says over what others said.
func (p *planner) agreed(workload *facts.Workload, a, b Proxy) Proxy {
	refuse := p.disagreement(diag.ProxyConflict, workload).below("proxy")
	return Proxy{
		CPU:          one("cpu", a.CPU, b.CPU, refuse),
		Memory:       one("memory", a.Memory, b.Memory, refuse),
		CPULimit:     one("cpuLimit", a.CPULimit, b.CPULimit, refuse),
		MemoryLimit:  one("memoryLimit", a.MemoryLimit, b.MemoryLimit, refuse),
		Concurrency:  one("concurrency", a.Concurrency, b.Concurrency, refuse),
		HoldStart:    one("holdApplicationUntilProxyStarts", a.HoldStart, b.HoldStart, refuse),
		Drain:        one("drain", a.Drain, b.Drain, refuse),
		SkipOutbound: one("excludeOutboundPorts", a.SkipOutbound, b.SkipOutbound, refuse),
		SkipInbound:  one("excludeInboundPorts", a.SkipInbound, b.SkipInbound, refuse),
		LogLevel:     one("logLevel", a.LogLevel, b.LogLevel, refuse),
	}
}

func proxyOf(asked *v1alpha1.Proxy, origins spec.Origins) Proxy {
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
	return out
}

// fillAmounts completes the four amounts where one is given, with what the pod template itself has or else with those of
// an Istio installation.
func (p *planner) fillAmounts(workload *facts.Workload, from spec.Origin, proxy *Proxy) {
	if proxy.CPU.IsZero() && proxy.Memory.IsZero() && proxy.CPULimit.IsZero() && proxy.MemoryLimit.IsZero() {
		return
	}
	why := func(field string) spec.Origin { return spec.Filled("proxy."+field, installed, from) }
	proxy.CPU = amount(workload, proxy.CPU, facts.ProxyCPU, defaultCPU, why("cpu"))
	proxy.Memory = amount(workload, proxy.Memory, facts.ProxyMemory, defaultMemory, why("memory"))
	proxy.CPULimit = amount(workload, proxy.CPULimit, facts.ProxyCPULimit, defaultCPULimit, why("cpuLimit"))
	proxy.MemoryLimit = amount(workload, proxy.MemoryLimit, facts.ProxyMemoryLimit, defaultMemoryLimit, why("memoryLimit"))
	p.checkLimit("cpu", proxy.CPU, proxy.CPULimit)
	p.checkLimit("memory", proxy.Memory, proxy.MemoryLimit)
}

// installed is why there are amounts that nobody gave.
const installed = "Istio's installation default, because the four amounts leave together"

func amount(
	workload *facts.Workload, asked Value[v1alpha1.Quantity], annotation string, otherwise v1alpha1.Quantity, why spec.Origin,
) Value[v1alpha1.Quantity] {
	written, ok := workload.Annotations[annotation]
	if !ok || !asked.IsZero() {
		return asked.or(otherwise, why)
	}
	return Value[v1alpha1.Quantity]{v1alpha1.Quantity(written), spec.Origin{
		Layer: spec.BuiltIn, Setting: why.Setting, Note: "kept from the pod template", At: workload.Source(workload.MetadataField("annotations", annotation)),
	}}
}

// checkLimit refuses a request above its limit, with which Kubernetes would not start the pod.
func (p *planner) checkLimit(name string, request, limit Value[v1alpha1.Quantity]) {
	asked, errA := resource.ParseQuantity(string(request.V))
	most, errB := resource.ParseQuantity(string(limit.V))
	if errA != nil || errB != nil || asked.Cmp(most) <= 0 {
		return
	}
	p.report(diag.Finding{
		Code: diag.ProxyValue, Source: stronger(request.From, limit.From).At,
		Message: fmt.Sprintf("proxy.%s is %s, above its limit of %s", name, request.V, limit.V),
		Because: []string{name + " is set by " + request.From.String(), name + "Limit is set by " + limit.From.String()},
		Try:     fmt.Sprintf("%sLimit: %s, or %s: %s", name, request.V, name, limit.V),
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
