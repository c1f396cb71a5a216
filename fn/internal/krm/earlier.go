package krm

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// kustomizeID is what kustomize puts on every item it hands to a function.
const kustomizeID = "kustomize.config.k8s.io/id"

// earlierRun finds what another entry of the same kustomize build has generated. From a file an object comes without the
// path that place gives it, and kustomize keeps that until the build ends. In kpt the same is an earlier render, which is
// as it should be.
func earlierRun(list *item.ResourceList) *diag.Finding {
	var generated []*item.Item
	var meshes []string
	for _, it := range list.Items {
		_, inKustomize := it.Annotation(kustomizeID)
		path, _ := it.Annotation("internal.config.kubernetes.io/path")
		source, ours := it.Annotation(v1alpha1.SourceAnnotation)
		if !inKustomize || !ours || !strings.HasPrefix(path, generatedFiles) {
			continue
		}
		generated = append(generated, it)
		if quoted := fmt.Sprintf("%q", source); !slices.Contains(meshes, quoted) {
			meshes = append(meshes, quoted)
		}
	}
	if len(generated) == 0 {
		return nil
	}
	f := &diag.Finding{
		Code: diag.RunsTwice,
		Message: fmt.Sprintf("meshfn runs twice over the same resources: another entry of transformers in this build, at this "+
			"level or below it, has already generated %d of them (from Mesh %s)", len(generated), strings.Join(meshes, ", ")),
		Because: []string{"a build is expanded once: a second run takes what the first one generated for objects kept by hand"},
		Related: []diag.Source{{Resource: generated[0].Resource()}},
		Try: "name meshfn in the transformers of the outermost kustomization only, and remove the entry of the base or component; " +
			"meshfn build says where both are",
	}
	if list.FunctionConfig != nil {
		f.Source.Resource = list.FunctionConfig.Resource()
		f.Message += ", and now it is run for " + list.FunctionConfig.Resource().String()
	}
	return f
}
