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
	secret     bool // the lines of the file become a Secret
}

// mayBeDir reports whether the field takes directories.
func (r reference) mayBeDir() bool {
	switch r.field {
	case "resources", "bases", "components", "transformers", "generators", "validators":
		return true
	}
	return false
}

func (r reference) isEmpty() bool { return r.path+r.text+r.pathOrText == "" }

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
		refs = append(refs, reference{field: "openapi", path: path, at: k.place("openapi.path")})
	}
	refs = append(refs, k.patches("patches", c.Patches)...)
	refs = append(refs, k.patches("patchesJson6902", c.PatchesJson6902)...) //nolint:staticcheck // still honoured
	for i, patch := range c.PatchesStrategicMerge {                         //nolint:staticcheck // still honoured
		at := k.place(diag.At("patchesStrategicMerge", i))
		refs = append(refs, reference{field: "patchesStrategicMerge", pathOrText: string(patch), at: at, isPatch: true})
	}
	for i, replacement := range c.Replacements {
		if replacement.Path != "" {
			at := k.place(diag.Join(diag.At("replacements", i), "path"))
			refs = append(refs, reference{field: "replacements", path: replacement.Path, at: at})
		}
	}
	for i, generator := range c.ConfigMapGenerator {
		refs = append(refs, k.sources(diag.At("configMapGenerator", i), generator.KvPairSources)...)
	}
	for i, generator := range c.SecretGenerator {
		refs = append(refs, secretly(k.sources(diag.At("secretGenerator", i), generator.KvPairSources))...)
	}
	return refs
}

func (k *kustomization) list(field string, paths []string) []reference {
	refs := make([]reference, 0, len(paths))
	for i, path := range paths {
		refs = append(refs, reference{field: field, path: path, at: k.place(diag.At(field, i))})
	}
	return refs
}

func (k *kustomization) patches(field string, patches []types.Patch) []reference {
	var refs []reference
	for i, patch := range patches {
		at := diag.At(field, i)
		if patch.Path != "" {
			at := k.place(diag.Join(at, "path"))
			refs = append(refs, reference{field: field, path: patch.Path, at: at, isPatch: true})
		}
		if patch.Patch != "" {
			at := k.place(diag.Join(at, "patch"))
			refs = append(refs, reference{field: field, text: patch.Patch, at: at})
		}
	}
	return refs
}

// sources lists the files of a ConfigMap or Secret generator.
func (k *kustomization) sources(generator string, sources types.KvPairSources) []reference {
	refs := keyValueFiles(generator, sources)
	for i := range refs {
		refs[i].at = k.place(refs[i].field)
	}
	return refs
}

// keyValueFiles lists the files of a ConfigMap or Secret generator, whose own field path it is given. They may be
// written as key=path.
func keyValueFiles(generator string, sources types.KvPairSources) []reference {
	var refs []reference
	for i, path := range sources.EnvSources {
		refs = append(refs, reference{field: diag.At(diag.Join(generator, "envs"), i), path: path})
	}
	if sources.EnvSource != "" {
		refs = append(refs, reference{field: diag.Join(generator, "env"), path: sources.EnvSource})
	}
	for i, path := range sources.FileSources {
		if _, afterKey, hasKey := strings.Cut(path, "="); hasKey {
			path = afterKey
		}
		refs = append(refs, reference{field: diag.At(diag.Join(generator, "files"), i), path: path})
	}
	return refs
}
