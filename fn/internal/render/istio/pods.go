package istio

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/manifest"
	"github.com/meshfn/meshfn/fn/internal/plan"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// pod writes the label that decides about injection, and the annotations that tune the sidecar.
func (r *renderer) pod(p *plan.Pod) {
	edits := podEdits{renderer: r, pod: p}
	if !p.Sidecar.IsZero() {
		key, value := p.Label()
		edits.label(key, value, p.Sidecar.From)
	}
	edits.proxy(&p.Proxy)
}

type podEdits struct {
	renderer *renderer
	pod      *plan.Pod
}

func (e podEdits) label(key, value string, from spec.Origin) {
	e.edit(e.pod.Workload.Metadata("labels", key), value, from)
}

// annotation adds an annotation. One of the user's that says something else is never overwritten.
func (e podEdits) annotation(key, value string, from spec.Origin) {
	workload := e.pod.Workload
	if existing, ok := workload.Annotations[key]; ok && existing != value {
		e.renderer.findings = append(e.renderer.findings, diag.Finding{
			Code: diag.ProxyConflict, Source: from.At,
			Message: fmt.Sprintf("the pod template of %s %q already has the annotation %s: %q, and this would make it %q",
				workload.Kind, workload.Name, key, existing, value),
			Related: []diag.Source{workload.Source(workload.MetadataField("annotations", key))},
			Try:     "remove the annotation from the pod template, or the setting here",
		})
		return
	}
	e.edit(workload.Metadata("annotations", key), value, from)
}

func (e podEdits) edit(path []string, value string, from spec.Origin) {
	e.renderer.out.Edits = append(e.renderer.out.Edits, manifest.Edit{
		Item: e.pod.Workload.Item, Path: path, Value: value, From: from.At,
	})
}

// proxy writes the annotations of https://istio.io/latest/docs/reference/config/annotations/ that size and tune a sidecar.
func (e podEdits) proxy(p *plan.Proxy) {
	if !p.CPU.IsZero() {
		e.annotation(facts.ProxyCPU, string(p.CPU.V), p.CPU.From)
		e.annotation(facts.ProxyMemory, string(p.Memory.V), p.Memory.From)
		e.annotation(facts.ProxyCPULimit, string(p.CPULimit.V), p.CPULimit.From)
		e.annotation(facts.ProxyMemoryLimit, string(p.MemoryLimit.V), p.MemoryLimit.From)
	}
	if config, from := proxyConfig(p); config != "" {
		e.annotation(facts.ProxyConfig, config, from)
	}
	if !p.SkipOutbound.IsZero() {
		e.annotation(facts.ExcludeOutboundPorts, ports(p.SkipOutbound.V), p.SkipOutbound.From)
	}
	if !p.SkipInbound.IsZero() {
		e.annotation(facts.ExcludeInboundPorts, ports(p.SkipInbound.V), p.SkipInbound.From)
	}
	if !p.LogLevel.IsZero() {
		e.annotation(facts.LogLevel, p.LogLevel.V, p.LogLevel.From)
	}
}

// proxyConfig is the text of the annotation that overrides the mesh's ProxyConfig for a pod, and who asked for it.
func proxyConfig(p *plan.Proxy) (text string, from spec.Origin) {
	var lines []string
	if !p.Concurrency.IsZero() {
		lines, from = append(lines, fmt.Sprintf("concurrency: %d", p.Concurrency.V)), p.Concurrency.From
	}
	if !p.HoldStart.IsZero() {
		lines, from = append(lines, fmt.Sprintf("holdApplicationUntilProxyStarts: %t", p.HoldStart.V)), p.HoldStart.From
	}
	if !p.Drain.IsZero() {
		lines, from = append(lines, "terminationDrainDuration: "+seconds(time.Duration(p.Drain.V))), p.Drain.From
	}
	return strings.Join(lines, "\n"), from
}

// seconds writes a duration as protobuf's JSON does, which is how Istio reads the annotation.
func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + "s" }

func ports(numbers []int32) string {
	words := make([]string, 0, len(numbers))
	for _, number := range numbers {
		words = append(words, strconv.Itoa(int(number)))
	}
	return strings.Join(words, ",")
}
