package plan

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Split is one group of a Service's pods that routes can name.
type Split struct {
	Name     string            `json:"name"`
	Labels   map[string]string `json:"labels"`
	Policies []Policy          `json:"policies,omitempty"` // per port, in the order of the Service's ports, where they differ
	From     diag.Source       `json:"-"`

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
	p.checkWeights(in, splits)
	p.warnUnversioned(in, splits)
	return splits
}

func (p *planner) split(in *spec.Service, name string, version *v1alpha1.ServiceVersion) Split {
	at := in.At(diag.Join("versions", name))
	split := Split{Name: name, Labels: version.Labels, From: at}
	if len(split.Labels) == 0 {
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
			Code: diag.VersionLabels, Source: at,
			Message: fmt.Sprintf("version %q selects %s, which no pod template behind Service %q carries: calls to it would fail",
				name, labelText(split.Labels), in.Facts.Name),
			Because: templateLabels(in.Facts, slices.Collect(maps.Keys(split.Labels))),
			Try:     "labels: {…} with labels that the pods of this version have, or add " + labelText(split.Labels) + " to its pod template",
		})
	}
	if version.Weight != nil {
		field := in.At(diag.Join("versions", name) + ".weight")
		split.weight = Value[int32]{*version.Weight, spec.Origin{Layer: spec.OwnEntry, At: field}}
	}
	return split
}

func retiring(version *v1alpha1.ServiceVersion) bool {
	return version.Retiring != nil && *version.Retiring
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

// checkWeights makes sure that every call has a destination, and that the numbers mean what they say.
func (p *planner) checkWeights(in *spec.Service, splits []Split) {
	sum, missing := int32(0), []string{}
	for i := range splits {
		version := in.Versions[splits[i].Name]
		switch {
		case retiring(version) && version.Weight != nil && *version.Weight > 0:
			p.report(diag.Finding{
				Code: diag.VersionWeights, Source: in.At(diag.Join("versions", splits[i].Name) + ".weight"),
				Message: fmt.Sprintf("version %q is retiring and gets %d%% of the calls", splits[i].Name, *version.Weight),
				Try:     "weight: 0, or remove retiring",
			})
			return
		case retiring(version):
		case version.Weight == nil:
			missing = append(missing, splits[i].Name)
		default:
			sum += *version.Weight
		}
	}
	active := activeSplits(in, splits)
	switch {
	case len(active) == 0:
		p.report(diag.Finding{
			Code: diag.VersionWeights, Source: in.At("versions"),
			Message: fmt.Sprintf("every version of Service %q is retiring, so no calls could be answered", in.Facts.Name),
			Try:     "keep one version, or remove versions",
		})
	case len(active) == 1 && len(missing) == 1:
	case len(missing) > 0:
		p.report(diag.Finding{
			Code: diag.VersionWeights, Source: in.At(diag.Join("versions", missing[0])),
			Message: fmt.Sprintf("version %q of Service %q has no weight; with several versions each needs one, and they add up to 100",
				missing[0], in.Facts.Name),
			Try: "weight: " + strconv.Itoa(max(0, int(100-sum)/len(missing))), Proposed: strconv.Itoa(max(0, int(100-sum)/len(missing))),
		})
	case sum != 100:
		p.report(diag.Finding{
			Code: diag.VersionWeights, Source: in.At("versions"),
			Message: fmt.Sprintf("the weights of the versions of Service %q add up to %d; they must add up to 100", in.Facts.Name, sum),
			Try:     "change the weights so that they add up to 100",
		})
	}
}

func activeSplits(in *spec.Service, splits []Split) []Split {
	var active []Split
	for i := range splits {
		if !retiring(in.Versions[splits[i].Name]) {
			active = append(active, splits[i])
		}
	}
	return active
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
	if len(active) == 1 {
		return []Destination{{Split: active[0].Name}}
	}
	var destinations []Destination
	for _, split := range active {
		if split.weight.V > 0 {
			destinations = append(destinations, Destination{Split: split.Name, Weight: split.weight})
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
