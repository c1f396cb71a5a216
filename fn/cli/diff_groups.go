package cli

import (
	"encoding/json"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/compare"
	"github.com/meshfn/meshfn/fn/internal/compare/side"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// group are applications of one cluster, for both sides.
type group struct {
	profiles [2]string // what they say
	parts    [2][]part
	sides    [2]*side.Side
}

// groups puts applications together that have the same profile: the facts, rules and stages of a build come from one, and
// what has another one is of another cluster.
func groups(built [][2]part) []*group {
	var out []*group
	for _, pair := range built {
		profiles := [2]string{pair[0].profile(), pair[1].profile()}
		var found *group
		for _, known := range out {
			if found == nil && known.takes(profiles) {
				found = known
			}
		}
		if found == nil {
			found = &group{}
			out = append(out, found)
		}
		for i := range pair {
			found.parts[i] = append(found.parts[i], pair[i])
			if found.profiles[i] == "" {
				found.profiles[i] = profiles[i]
			}
		}
	}
	return out
}

// takes reports whether an application is of this group. One that is new or gone, or that has no profile, has less to say.
func (g *group) takes(profiles [2]string) bool {
	for i, profile := range profiles {
		if profile != "" && g.profiles[i] != "" && profile != g.profiles[i] {
			return false
		}
	}
	return true
}

// profile is what the MeshProfile of an application says. The annotations beside it differ from build to build.
func (p *part) profile() string {
	for _, document := range p.documents {
		if isProfile(document) {
			return specOf(document)
		}
	}
	return ""
}

func isProfile(it *item.Item) bool {
	return it.Group() == v1alpha1.Group && it.Kind() == v1alpha1.KindMeshProfile
}

func specOf(document *item.Item) string {
	var spec any
	if node := document.Field("spec"); node == nil || node.Decode(&spec) != nil {
		return string(document.Raw())
	}
	text, err := json.Marshal(spec)
	if err != nil {
		return string(document.Raw())
	}
	return "spec: " + string(text)
}

// compareAll compares each group, and adds what is wrong with applications that do not build.
func compareAll(all []*group, broken unbuilt) *compare.Comparison {
	comparisons := make([]*compare.Comparison, 0, len(all))
	for _, one := range all {
		comparisons = append(comparisons, compare.Compare(one.sides[0], one.sides[1]))
	}
	joined := compare.Join(comparisons)
	if !joined.Same() {
		for _, one := range all {
			joined.Findings = append(joined.Findings, one.unseen()...)
		}
	}
	joined.Findings = append(joined.Findings, broken.findings...).Sorted()
	joined.Unbuilt, joined.UnbuiltErrors = broken.names, len(broken.findings)
	return joined
}

// unseen are the warnings about what nobody looks into, of each application where it has some in NEW, else of OLD.
func (g *group) unseen() diag.List {
	var out diag.List
	for i := range g.parts[0] {
		found := g.parts[1][i].unseen
		if len(found) == 0 {
			found = g.parts[0][i].unseen
		}
		out = append(out, found...)
	}
	return out
}
