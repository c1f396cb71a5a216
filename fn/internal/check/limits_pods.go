package check

import (
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// podAnnotations are the annotations of a pod that carry settings of its sidecar.
// https://istio.io/latest/docs/reference/config/annotations/
func podAnnotations() []carried {
	return []carried{
		{"proxy.cpu", facts.ProxyCPU},
		{"proxy.memory", facts.ProxyMemory},
		{"proxy.cpuLimit", facts.ProxyCPULimit},
		{"proxy.memoryLimit", facts.ProxyMemoryLimit},
		{"proxy.excludeOutboundPorts", facts.ExcludeOutboundPorts},
		{"proxy.excludeInboundPorts", facts.ExcludeInboundPorts},
		{"proxy.logLevel", facts.LogLevel},
	}
}

// configFields are the fields of a ProxyConfig, which one annotation holds, that carry settings.
func configFields() []carried {
	return []carried{
		{"proxy.concurrency", "concurrency"},
		{"proxy.holdApplicationUntilProxyStarts", "holdApplicationUntilProxyStarts"},
		{"proxy.drain", "terminationDrainDuration"},
	}
}

// podLimits holds the labels and annotations of the pods that a Mesh speaks of against the rules: those that the settings
// have come to, and those that somebody wrote into the template, which would evade them.
func podLimits(v *cluster.View) diag.List {
	var findings diag.List
	for _, pod := range v.Pods {
		if !v.Covered[pod.Workload] {
			continue
		}
		rules, all := v.Rules.In(pod.Namespace), podReadings(pod)
		for _, r := range all {
			at, byHand := r.place(pod, all)
			for _, finding := range rules.Written(r.path, r.values) {
				finding.Source = at
				finding.Message = fmt.Sprintf("the pods of %s %q break a rule: %s", pod.Kind, pod.Name, finding.Message)
				if byHand {
					finding.Try = "another value of " + r.via + " in the pod template, or none"
				}
				findings = append(findings, finding)
			}
			if byHand {
				findings = append(findings, lockedByHand(v, pod, &r, at)...)
			}
		}
	}
	return findings
}

// lockedByHand finds a locked setting in the template itself.
func lockedByHand(v *cluster.View, pod *cluster.Pod, r *reading, at diag.Source) diag.List {
	var findings diag.List
	for _, finding := range v.Rules.In(pod.Namespace).Changed(r.path, nil, r.values) {
		if finding.Code != diag.LockedField {
			continue
		}
		finding.Source = at
		finding.Message = fmt.Sprintf("the pod template of %s %q sets %s by %s, which only the platform may set", pod.Kind, pod.Name, r.path, r.via)
		finding.Try = "remove " + r.via + " from the pod template"
		findings = append(findings, finding)
	}
	return findings
}

// place is where a reading of a pod can be changed, and whether that is its template. Nobody asked for the amounts that
// are there because of another one.
func (r *reading) place(pod *cluster.Pod, all []reading) (at diag.Source, byHand bool) {
	if r.field == "labels" {
		return pod.LabelAt(r.via), !pod.Decided()
	}
	at = pod.AnnotationAt(r.via)
	for i := 0; at == (diag.Source{}) && i < len(all); i++ {
		if all[i].field == r.field {
			at = pod.AnnotationAt(all[i].via)
		}
	}
	_, byHand = pod.AnnotationByHand(r.via)
	return at, byHand
}

// podReadings lists what the labels and annotations of a pod say about settings.
func podReadings(pod *cluster.Pod) []reading {
	var all []reading
	if name, value, ok := pod.InjectionLabel(); ok {
		all = append(all, reading{path: "sidecar", field: "labels", via: name, values: []string{value}})
	}
	annotation := func(path, name string, values ...string) {
		all = append(all, reading{path: path, field: "annotations", via: name, values: values})
	}
	for _, of := range podAnnotations() {
		if value, ok := pod.Annotations[of.field]; ok {
			values := []string{value}
			if strings.HasSuffix(of.path, "Ports") {
				values = strings.Split(value, ",")
			}
			annotation(of.path, of.field, values...)
		}
	}
	var config map[string]any
	if yaml.Unmarshal([]byte(pod.Annotations[facts.ProxyConfig]), &config) != nil {
		return all // That it cannot be read is said elsewhere.
	}
	for _, of := range configFields() {
		if value, ok := config[of.field]; ok {
			annotation(of.path, facts.ProxyConfig, duration(fmt.Sprint(value)))
		}
	}
	return all
}

// duration is a span as the spec would write it; other values stay.
func duration(text string) string {
	if span, err := time.ParseDuration(text); err == nil && text != "0" {
		return span.String()
	}
	return text
}
