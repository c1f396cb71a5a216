package build

import (
	"strings"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// reference is a path, or a text in place of one, that a kustomization or a builtin plugin names.
type reference struct {
	field      string
	path       string
	text       string // documents in place of a path
	pathOrText string // either; kustomize takes it for a path when it does not parse as documents
	at         diag.Source
	isPatch    bool // the file holds documents, whose aliases kustomize expands without a bound
	onlyDir    bool
}

// operands lists what a kustomization works on.
func (k *kustomization) operands() []reference {
	refs := k.list("resources", k.content.Resources)
	refs = append(refs, k.list("bases", k.content.Bases)...) //nolint:staticcheck // deprecated, and still honoured
	components := k.list("components", k.content.Components)
	for i := range components {
		components[i].onlyDir = true
	}
	return append(refs, components...)
}

// dataFiles lists the other files that a kustomization names. Helm's are left out: helm is refused.
func (k *kustomization) dataFiles() []reference {
	c := &k.content
	refs := append(k.list("configurations", c.Configurations), k.list("crds", c.Crds)...)
	if path, ok := c.OpenAPI["path"]; ok {
		refs = append(refs, reference{field: "openapi", path: path, at: k.place("openapi", "path")})
	}
	refs = append(refs, k.patches("patches", c.Patches)...)
	refs = append(refs, k.patches("patchesJson6902", c.PatchesJson6902)...) //nolint:staticcheck // still honoured
	for i, patch := range c.PatchesStrategicMerge {                         //nolint:staticcheck // still honoured
		at := k.place("patchesStrategicMerge", i)
		refs = append(refs, reference{field: "patchesStrategicMerge", pathOrText: string(patch), at: at, isPatch: true})
	}
	for i, replacement := range c.Replacements {
		if replacement.Path != "" {
			at := k.place("replacements", i, "path")
			refs = append(refs, reference{field: "replacements", path: replacement.Path, at: at})
		}
	}
	for i, generator := range c.ConfigMapGenerator {
		refs = append(refs, k.sources("configMapGenerator", i, generator.KvPairSources)...)
	}
	for i, generator := range c.SecretGenerator {
		refs = append(refs, k.sources("secretGenerator", i, generator.KvPairSources)...)
	}
	return refs
}

func (k *kustomization) list(field string, paths []string) []reference {
	refs := make([]reference, 0, len(paths))
	for i, path := range paths {
		refs = append(refs, reference{field: field, path: path, at: k.place(field, i)})
	}
	return refs
}

func (k *kustomization) patches(field string, patches []types.Patch) []reference {
	var refs []reference
	for i, patch := range patches {
		if patch.Path != "" {
			refs = append(refs, reference{field: field, path: patch.Path, at: k.place(field, i, "path"), isPatch: true})
		}
		if patch.Patch != "" {
			refs = append(refs, reference{field: field, text: patch.Patch, at: k.place(field, i, "patch")})
		}
	}
	return refs
}

func (k *kustomization) sources(field string, index int, sources types.KvPairSources) []reference {
	refs := keyValueFiles(sources)
	for i := range refs {
		refs[i].at = k.place(field, index)
		refs[i].field = field
	}
	return refs
}

// keyValueFiles lists the files of a ConfigMap or Secret generator, which may be written as key=path.
func keyValueFiles(sources types.KvPairSources) []reference {
	paths := append([]string(nil), sources.EnvSources...)
	if sources.EnvSource != "" {
		paths = append(paths, sources.EnvSource)
	}
	for _, source := range sources.FileSources {
		if _, path, hasKey := strings.Cut(source, "="); hasKey {
			source = path
		}
		paths = append(paths, source)
	}
	refs := make([]reference, 0, len(paths))
	for _, path := range paths {
		refs = append(refs, reference{path: path})
	}
	return refs
}
