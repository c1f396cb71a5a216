package istio

import (
	"google.golang.org/protobuf/proto"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/plan"
	"github.com/meshfn/meshfn/fn/internal/strict"
)

// misfit finds the first field of a patch that Istio's type does not have, or that has the wrong shape. A cluster keeps
// only the spelling of the reference, so connection_pool, which protobuf reads too, counts as unknown.
func misfit(p *plan.Patch, typed proto.Message) *diag.Finding {
	spec, _ := p.Merge["spec"].(map[string]any)
	all := strict.Fields(spec, typed.ProtoReflect().Descriptor(), "spec")
	if len(all) == 0 {
		return nil
	}
	found := all[0]
	finding := &diag.Finding{
		Code: diag.PatchInvalid, Source: p.Field("merge." + found.Path), Message: found.Problem + "; allowed: " + found.Allowed,
		Because: checkedAgainst(p.Kind),
	}
	if found.Nearest != "" {
		finding.Try = found.Nearest + ": …"
	}
	return finding
}

// checkedAgainst says where the type of a kind is described.
func checkedAgainst(kind string) []string {
	chapter := "networking"
	if kind == "Telemetry" {
		chapter = "telemetry"
	}
	return []string{"a patch is checked against Istio's own type: https://istio.io/latest/docs/reference/config/" + chapter + "/"}
}
