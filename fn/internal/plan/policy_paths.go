package plan

import (
	"fmt"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// policyPaths writes paths as a policy has them: a prefix is the path itself and what is below it, by whole segments. An
// expression cannot be written there, nor can a path with a character that means something else in a policy.
// https://istio.io/latest/docs/reference/config/security/authorization-policy/#Operation
func (p *planner) policyPaths(paths []v1alpha1.PathMatch, at diag.Source) []string {
	var out []string
	for i := range paths {
		path, ok := p.path(&paths[i], at)
		switch {
		case !ok:
		case path.Kind == Regex:
			p.report(diag.Finding{
				Code: diag.BadValue, Source: at,
				Message: fmt.Sprintf("a policy cannot hold the expression %q; allowed: a prefix or an exact path", path.Text),
				Try:     "a prefix that takes the same paths, such as /api",
			})
		case strings.ContainsAny(path.Text, "*{}"):
			p.report(diag.Finding{
				Code: diag.BadValue, Source: at,
				Message: fmt.Sprintf("path %q has a character with a meaning of its own in a policy; allowed: paths without *, { and }", path.Text),
			})
		case path.Kind == Exact:
			out = append(out, path.Text)
		default:
			prefix := strings.TrimSuffix(path.Text, "/")
			if prefix != "" {
				out = append(out, prefix)
			}
			out = append(out, prefix+"/*")
		}
	}
	return out
}
