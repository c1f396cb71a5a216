package build

import (
	"fmt"
	"regexp"
	"strings"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/types"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// kustomize runs kustomize over a view. With no restrictions on plugins it executes what the entries name, which is
// why a view holds no entry but those that were accepted.
func (p *plan) kustomize(
	v *view, dir string, restrictions types.PluginRestrictions, order krusty.ReorderOption,
) (resmap.ResMap, error) {
	plugins := types.MakePluginConfig(restrictions, types.BploUseStaticallyLinked)
	plugins.FnpLoadingOptions.EnableExec = restrictions == types.PluginRestrictionsNone
	return krusty.MakeKustomizer(&krusty.Options{
		Reorder:          order,
		LoadRestrictions: types.LoadRestrictionsRootOnly,
		PluginConfig:     plugins,
	}).Run(v, dir)
}

// failure makes a finding of an error of kustomize.
func (p *plan) failure(err error, at diag.Source) diag.Finding {
	text := p.withShownNames([]byte(err.Error()))
	return diag.Finding{
		Code:    diag.BuildFailed,
		Source:  at,
		Message: "kustomize: " + p.withoutNoise(string(text)),
	}
}

// withoutNoise drops what kustomize repeats at every level of a tree, and the path of the checkout.
func (p *plan) withoutNoise(text string) string {
	text = oneLine(text)
	for _, noise := range []string{
		`accumulation err='accumulating resources from '[^']*': [^:]*': `,
		`accumulating (resources|components): `,
		`recursed (accumulation of|merging from) path '[^']*': `,
	} {
		text = regexp.MustCompile(noise).ReplaceAllString(text, "")
	}
	shown := p.shown.of(p.root)
	return strings.NewReplacer(p.root+"/", strings.TrimPrefix(shown+"/", "./"), p.root, shown).Replace(text)
}

// withShownNames replaces the names of served entries, which show in errors and in the annotations that
// buildMetadata asks for, by the names that the repository uses.
func (p *plan) withShownNames(text []byte) []byte {
	pairs := make([]string, 0, 2*len(p.entryNames))
	for i, shown := range p.entryNames {
		pairs = append(pairs, entryName(i), shown)
	}
	return []byte(strings.NewReplacer(pairs...).Replace(string(text)))
}

// maxMessage keeps an error that quotes whole manifests readable.
const maxMessage = 1000

func oneLine(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > maxMessage {
		text = strings.ToValidUTF8(text[:maxMessage], "") + fmt.Sprintf(" ... (%d more bytes)", len(text)-maxMessage)
	}
	return text
}
