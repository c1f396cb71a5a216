package plan

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Split is one group of a Service's pods that routes can name.
type Split struct {
	Name     string            `json:"name"`
	Labels   map[string]string `json:"labels" from:"LabelsAt"`
	Policies []Policy          `json:"policies,omitempty"` // per port, in the order of the Service's ports, where they differ
	From     diag.Source       `json:"-"`
	LabelsAt diag.Source       `json:"-"`

	weight    Value[int32]
	workloads []*facts.Workload
}

// splits plans the versions of a Service, sorted by name.
func (p *planner) splits(in *spec.Service) []Split {
	if len(in.Versions) == 0 {
		return nil
	}
	var splits []Split
	for _, name := range slices.Sorted(maps.Keys(in.Versions)) {
		splits = append(splits, p.split(in, name, in.Versions[name]))
	}
	p.refuseOverlap(in, activeSplits(in, splits))
	if byHand(in.Manage.VirtualService) {
		p.refuseOwnWeights(in, splits)
	} else {
		p.checkWeights(in, splits)
		p.warnUnversioned(in, splits)
	}
	return splits
}

func (p *planner) split(in *spec.Service, name string, version *v1alpha1.ServiceVersion) Split {
	at := in.At(diag.Join("versions", name))
	p.checkVersionName(name, version, at)
	split := Split{Name: name, Labels: version.Labels, From: at, LabelsAt: in.At(diag.Join("versions", name) + ".labels")}
	if len(split.Labels) == 0 {
		split.LabelsAt = at
		split.Labels = map[string]string{"version": name}
	}
	for _, workload := range in.Facts.Workloads {
		if facts.Matches(split.Labels, workload.Labels) {
			split.workloads = append(split.workloads, workload)
		}
	}
	if retiring(version) {
		return split
	}
	if len(split.workloads) == 0 {
		p.report(diag.Finding{
			Code: diag.VersionWithoutPods, Source: at,
			Message: fmt.Sprintf("version %q selects %s, which no pod template behind Service %q carries: calls to it would fail",
				name, labelText(split.Labels), in.Facts.Name),
			Because: templateLabels(in.Facts, slices.Collect(maps.Keys(split.Labels))),
			Try:     "labels: {…} with labels that the pods of this version have, or add " + labelText(split.Labels) + " to its pod template",
		})
	}
	if version.Weight != nil {
		field := in.At(diag.Join("versions", name) + ".weight")
		split.weight = Value[int32]{*version.Weight, spec.Origin{Layer: spec.OwnEntry, Setting: diag.Join("versions", name) + ".weight", At: field}}
	}
	return split
}

// checkVersionName refuses a name that Istio does not take for a subset.
func (p *planner) checkVersionName(name string, version *v1alpha1.ServiceVersion, at diag.Source) {
	if len(validation.IsDNS1123Label(name)) == 0 {
		return
	}
	finding := diag.Finding{
		Code: diag.BadValue, Source: at,
		Message: fmt.Sprintf("%q cannot be the name of a version; allowed: lower-case letters, digits and dashes, at most 63", name),
	}
	proposed := strings.Map(func(r rune) rune {
		if r == '.' || r == '_' {
			return '-'
		}
		return r
	}, strings.ToLower(name))
	switch {
	case len(validation.IsDNS1123Label(proposed)) > 0:
	case len(version.Labels) > 0:
		finding.Try = proposed + ": …"
	default:
		finding.Try = fmt.Sprintf("%s: {labels: {version: %s}}", proposed, strconv.Quote(name))
	}
	p.report(finding)
}

func labelText(labels map[string]string) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		parts = append(parts, key+": "+labels[key])
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// templateLabels says which values the pod templates do have for the labels in question.
func templateLabels(service *facts.Service, keys []string) []string {
	var lines []string
	for _, workload := range service.Workloads {
		have := map[string]string{}
		for _, key := range keys {
			if value, ok := workload.Labels[key]; ok {
				have[key] = value
			}
		}
		lines = append(lines, fmt.Sprintf("%s %s has %s", workload.Kind, workload.Name, labelText(have)))
	}
	if len(lines) == 0 {
		lines = []string{"the build has no workload that the Service selects"}
	}
	return lines
}

// refuseOverlap finds pods that belong to two versions: they would get calls meant for the other one. A version that no
// longer gets calls may have the same pods, as when a version gets another name.
func (p *planner) refuseOverlap(in *spec.Service, splits []Split) {
	for _, workload := range in.Facts.Workloads {
		first := ""
		for i := range splits {
			switch {
			case !slices.Contains(splits[i].workloads, workload):
			case first == "":
				first = splits[i].Name
			default:
				p.report(diag.Finding{
					Code: diag.VersionLabels, Source: splits[i].From,
					Message: fmt.Sprintf("%s %q belongs to version %q and to version %q of Service %q", workload.Kind, workload.Name, first, splits[i].Name, in.Facts.Name),
					Related: []diag.Source{workload.Source(workload.MetadataField("labels"))},
					Try:     "labels: {…} that only the pods of this version have",
				})
			}
		}
	}
}

// warnUnversioned finds pods behind the Service that are in no version and so get no calls.
func (p *planner) warnUnversioned(in *spec.Service, splits []Split) {
	for _, workload := range in.Facts.Workloads {
		if slices.ContainsFunc(splits, func(s Split) bool { return slices.Contains(s.workloads, workload) }) {
			continue
		}
		p.report(diag.Finding{
			Code: diag.VersionLabels, Severity: diag.Warning, Source: in.At("versions"),
			Message: fmt.Sprintf("%s %q is behind Service %q and belongs to none of its versions, so it gets no calls", workload.Kind, workload.Name, in.Facts.Name),
			Related: []diag.Source{workload.Source(workload.MetadataField("labels"))},
			Try:     "add a version that selects its labels",
		})
	}
}

// destinations decides where the calls of a port go. A version without calls stays known to proxies but is no
// destination.
func (p *planner) destinations(in *spec.Service, port *spec.Port, splits []Split) []Destination {
	if len(splits) == 0 {
		return []Destination{{}}
	}
	active := activeSplits(in, splits)
	if in.Facts.Headless || port.Facts.Protocol == facts.TLS {
		p.refuseSplit(in, port)
		return []Destination{{}}
	}
	if port.Facts.Protocol == facts.Sniffed {
		p.warnSniffedSplit(in, port)
	}
	if len(active) == 1 {
		return []Destination{{Split: active[0].Name, From: active[0].From}}
	}
	var destinations []Destination
	for _, split := range active {
		if split.weight.V > 0 {
			destinations = append(destinations, Destination{Split: split.Name, Weight: split.weight, From: split.From})
		}
	}
	if len(destinations) == 1 {
		destinations[0].Weight = Value[int32]{}
	}
	if len(destinations) == 0 { // The weights were refused.
		return []Destination{{}}
	}
	return destinations
}

// warnSniffedSplit says that versions rest on a guess, where Istio learns only from each connection whether it is HTTP.
func (p *planner) warnSniffedSplit(in *spec.Service, port *spec.Port) {
	p.report(diag.Finding{
		Code: diag.SniffedProtocol, Severity: diag.Warning, Source: in.At("versions"),
		Message: fmt.Sprintf("versions share only connections that Istio recognises as HTTP: port %q of Service %q does not say its protocol",
			port.Facts.Key(), in.Facts.Name),
		Related: []diag.Source{in.Facts.Source(port.Facts.Field)},
		Try:     "set appProtocol: http (or grpc, or tcp) on the Service port, or start its name with http- or grpc-",
	})
}

// refuseSplit says why the calls of a port cannot be shared out.
func (p *planner) refuseSplit(in *spec.Service, port *spec.Port) {
	why := "its connections are encrypted by the application, and all the proxy sees is the name they are for"
	if in.Facts.Headless {
		why = "callers of a headless Service choose the pod themselves"
	}
	p.report(diag.Finding{
		Code: diag.VersionWeights, Source: in.At("versions"),
		Message: fmt.Sprintf("versions cannot share the calls of port %q of Service %q: %s", port.Facts.Key(), in.Facts.Name, why),
		Related: []diag.Source{in.Facts.Source(port.Facts.Field)},
		Try:     "give the versions a Service of their own, without this port",
	})
}
