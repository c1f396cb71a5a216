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

// failure makes a finding of an error of kustomize. Its place is the innermost kustomization that the error names.
func (p *plan) failure(err error, at diag.Source) diag.Finding {
	if tooLarge := p.served.exceeded(); tooLarge != nil {
		return diag.Finding{
			Code:    diag.TooLarge,
			Source:  at,
			Message: tooLarge.Error(),
			Because: []string{"kustomize builds a base again for every kustomization that lists it"},
		}
	}
	text := strings.Join(strings.Fields(string(p.withShownNames([]byte(withoutSecret(err.Error()))))), " ")
	if finding, ok := numberKey(text, at); ok {
		return finding
	}
	for _, noise := range []string{
		`accumulation err='accumulating resources from '[^']*': [^:]*': `,
		`accumulating (resources|components): `,
		`couldn't make target for path '[^']*': `,
	} {
		text = regexp.MustCompile(noise).ReplaceAllString(text, "")
	}
	level := regexp.MustCompile(`recursed (accumulation of|merging from) path '([^']*)': `)
	for _, match := range level.FindAllStringSubmatch(text, -1) {
		at = diag.Source{File: p.shown.of(match[2])}
	}
	text = level.ReplaceAllString(text, "")
	shown := p.shown.of(p.root)
	text = p.options.withTreeNames(text)
	text = strings.NewReplacer(p.root+"/", strings.TrimPrefix(shown+"/", "./"), p.root, shown).Replace(text)
	text = string(p.remotes.withURLs([]byte(text)))
	if reason, isFunction := strings.CutPrefix(text, functionFailed+": "); isFunction {
		text = "meshfn was run as a function and failed without a report: " + reason
	} else {
		text = "kustomize: " + text
	}
	return diag.Finding{Code: diag.BuildFailed, Source: at, Message: oneLine(text)}
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

// functionFailed begins the error of kustomize for a function that exits with a code other than 0.
const functionFailed = "couldn't execute function"

// maxMessage keeps an error that quotes whole manifests readable.
const maxMessage = 1000

func oneLine(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > maxMessage {
		text = strings.ToValidUTF8(text[:maxMessage], "") + fmt.Sprintf(" ... (%d more bytes)", len(text)-maxMessage)
	}
	return text
}

// numberKey explains the failure over a key such as a port of portLevelMtls that is not in quotes: kubectl takes it for text,
// and kustomize prints the object as Go has it. https://github.com/kubernetes-sigs/kustomize/issues/3446
func numberKey(text string, at diag.Source) (diag.Finding, bool) {
	key := regexp.MustCompile(`map\[interface \{\}\]interface \{\}\{([0-9.]+|true|false):`).FindStringSubmatch(text)
	if key == nil || !strings.Contains(text, "json: unsupported type: map[interface {}]interface {}") {
		return diag.Finding{}, false
	}
	object := "an object"
	kind := regexp.MustCompile(`"kind":"([^"]*)"`).FindStringSubmatch(text)
	metadata := regexp.MustCompile(`"metadata":.*?"name":"([^"]*)"`).FindStringSubmatch(text)
	if kind != nil && metadata != nil {
		object = kind[1] + " " + metadata[1]
	}
	return diag.Finding{
		Code: diag.BuildFailed, Source: at,
		Message: fmt.Sprintf("kustomize: %s has the key %s, and kustomize reads only keys that are text", object, key[1]),
		Try:     fmt.Sprintf("%q: …", key[1]),
	}, true
}
