package plan

import (
	"fmt"
	"strconv"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

func retiring(version *v1alpha1.ServiceVersion) bool {
	return version.Retiring != nil && *version.Retiring
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

// receiving is the number of versions that get calls.
func receiving(in *spec.Service) int {
	count := 0
	for _, version := range in.Versions {
		if !retiring(version) && (version.Weight == nil || *version.Weight > 0) {
			count++
		}
	}
	return count
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
		p.refuseMissing(in, missing, int(100-sum)/len(missing))
	case sum != 100:
		p.report(diag.Finding{
			Code: diag.VersionWeights, Source: in.At("versions"),
			Message: fmt.Sprintf("the weights of the versions of Service %q add up to %d; they must add up to 100", in.Facts.Name, sum),
			Try:     "change the weights so that they add up to 100",
		})
	}
}

func (p *planner) refuseMissing(in *spec.Service, missing []string, share int) {
	for _, name := range missing {
		weight := strconv.Itoa(max(0, share))
		p.report(diag.Finding{
			Code: diag.VersionWeights, Source: in.At(diag.Join("versions", name) + ".weight"),
			Message: fmt.Sprintf("version %q of Service %q has no weight; with several versions each needs one, and they add up to 100",
				name, in.Facts.Name),
			Try: "weight: " + weight, Proposed: weight,
		})
	}
}

// refuseOwnWeights refuses what only the VirtualService could hold that the user keeps in their own hands. The versions
// themselves are of use to it.
func (p *planner) refuseOwnWeights(in *spec.Service, splits []Split) {
	for i := range splits {
		if !splits[i].weight.IsZero() {
			setting := fmt.Sprintf("the weight of version %q", splits[i].Name)
			p.refuseManaged(in, "VirtualService", setting, splits[i].weight.From.At)
		}
	}
	if len(in.Expose) > 0 && len(activeSplits(in, splits)) > 1 {
		p.report(diag.Finding{
			Code: diag.NotManaged, Source: in.At("expose"),
			Message: fmt.Sprintf("expose of Service %q needs the weights of its versions, which are in the VirtualService that manage keeps in your own hands", in.Facts.Name),
			Related: []diag.Source{in.At("manage.VirtualService")},
			Try:     "remove manage.VirtualService and give the versions weights, or keep your own Gateway and VirtualService for the host",
		})
	}
}
