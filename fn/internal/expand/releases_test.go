package expand

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/meshfn/meshfn/fn/internal/releases"
	"github.com/meshfn/meshfn/fn/internal/render/istio"
)

// TestSettingsFitTheOldestRelease holds that what settings become, without patches, is there in the oldest release that is
// written for. A setting that needs a newer one has to be in newerSettings, with a case in tests/errors.
func TestSettingsFitTheOldestRelease(t *testing.T) {
	for _, planned := range plansOfScenarios(t) {
		planned.Patches = nil
		set, _ := istio.Render(planned)
		for i := range set.Objects {
			object := &set.Objects[i]
			spec, _ := object.Fields["spec"].(map[string]any)
			for _, part := range releases.Newer(spec, object.Typed.(proto.Message).ProtoReflect().Descriptor(), "spec", releases.Oldest) {
				if !newerSettings()[part.Path] {
					t.Errorf("%s of %s, which Istio has since 1.%d", part.Path, object.Resource, part.Minor)
				}
			}
		}
	}
}

// newerSettings are the fields that a setting writes and the oldest release does not have.
func newerSettings() map[string]bool {
	return map[string]bool{
		"spec.tracing[0].customTags.sni.formatter":  true,
		"spec.tracing[0].disableContextPropagation": true,
	}
}
