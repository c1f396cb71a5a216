package build

import (
	"slices"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/fn/runtime/runtimeutil"
	"sigs.k8s.io/yaml"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// config is an accepted document of an entry: a configuration of meshfn, or of one of kustomize's builtin plugins.
type config struct {
	resource *resource.Resource
	ours     bool
	at       diag.Source
}

// originAnnotation is where kustomize notes the file of a resource.
const originAnnotation = "config.kubernetes.io/origin"

// judge accepts a document that runs meshfn or a builtin plugin and refuses every other. It sees the document through
// kustomize's own eyes, so that both agree on what would be run.
func (w *walk) judge(res *resource.Resource, field string) (config, *diag.Finding) {
	canonical, err := w.canonical(res)
	if err != nil {
		return config{}, refuse(diag.BadFunction, "cannot be read: "+oneLine(err.Error()), "")
	}
	function, err := runtimeutil.GetFunctionSpec(&canonical.RNode)
	if err != nil {
		return config{}, refuse(diag.BadFunction, "has a function annotation that cannot be read: "+oneLine(err.Error()),
			"name the image and nothing else: container: {image: "+image+"}")
	}
	if gvk := canonical.GetGvk(); gvk.Group == "" && gvk.Version == konfig.BuiltinPluginApiVersion {
		return config{resource: canonical}, refuseBuiltin(gvk.Kind, function)
	}
	return config{resource: canonical, ours: true}, w.refuseFunction(canonical, function, field)
}

// canonical writes a document as kustomize would hand it on and reads it again. The marks of local-config and origin
// are kustomize's own to set on a configuration.
func (w *walk) canonical(res *resource.Resource) (*resource.Resource, error) {
	text, err := res.AsYAML()
	if err != nil {
		return nil, err
	}
	canonical, err := w.factory.RF().FromBytes(text)
	if err != nil {
		return nil, err
	}
	annotations := canonical.GetAnnotations()
	delete(annotations, konfig.IgnoredByKustomizeAnnotation)
	delete(annotations, originAnnotation)
	return canonical, canonical.SetAnnotations(annotations)
}

// refuseBuiltin refuses what is no builtin plugin after all, and the one that runs a program.
func refuseBuiltin(kind string, function *runtimeutil.FunctionSpec) *diag.Finding {
	switch {
	case kind == "HelmChartInflationGenerator":
		f := helmFinding(diag.Source{}, "")
		return &f
	case !slices.Contains(krusty.GetBuiltinPluginNames(), kind):
		return refuse(diag.BadFunction, "is no builtin plugin that kustomize knows",
			"see https://kubectl.docs.kubernetes.io/references/kustomize/builtins/ for their names")
	case function != nil:
		return refuse(diag.BadFunction, "is a builtin plugin with a function annotation, which kustomize ignores",
			"remove the annotation")
	}
	return nil
}

// dataFiles lists the files that the configuration of a builtin plugin names. It is decoded as the plugins do it, and
// covers every call of Loader().Load in https://github.com/kubernetes-sigs/kustomize/tree/master/api/internal/builtins.
func (c config) dataFiles() ([]reference, error) {
	var named struct {
		Path           string                   `json:"path"`
		Patch          string                   `json:"patch"`
		Paths          []string                 `json:"paths"`
		Patches        string                   `json:"patches"`
		JSONOp         string                   `json:"jsonOp"`
		Replacements   []types.ReplacementField `json:"replacements"`
		TargetFilePath string                   `json:"targetFilePath"`
		types.KvPairSources
	}
	text, err := c.resource.AsYAML()
	if err == nil {
		err = yaml.Unmarshal(text, &named)
	}
	if err != nil {
		return nil, err
	}
	refs := keyValueFiles("", named.KvPairSources)
	if c.resource.GetKind() == "SecretGenerator" {
		refs = secretly(refs)
	}
	for _, replacement := range named.Replacements {
		refs = append(refs, reference{path: replacement.Path})
	}
	refs = append(refs, reference{path: named.Path, isPatch: true}, reference{path: named.TargetFilePath})
	for _, text := range named.Paths {
		refs = append(refs, reference{pathOrText: text, isPatch: true})
	}
	for _, text := range []string{named.Patch, named.Patches, named.JSONOp} {
		refs = append(refs, reference{text: text})
	}
	refs = slices.DeleteFunc(refs, reference.isEmpty)
	for i := range refs {
		refs[i].at = c.at
		refs[i].field = c.resource.GetKind()
	}
	return refs, nil
}

func refuse(code diag.Code, message, try string) *diag.Finding {
	return &diag.Finding{Code: code, Message: message, Try: try}
}
