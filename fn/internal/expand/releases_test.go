package expand

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/meshfn/meshfn/fn/internal/releases"
	"github.com/meshfn/meshfn/fn/internal/render/istio"
)

// TestSettingsFitTheOldestRelease holds that what settings become, without patches, is there in the oldest release that is
// written for, or else that something keeps it away from there.
func TestSettingsFitTheOldestRelease(t *testing.T) {
	excused := map[string]bool{}
	eachScenario(t, func(t *testing.T, out *Output) {
		out.Plan.Patches = nil
		set, _ := istio.Render(out.Plan)
		for i := range set.Objects {
			object := &set.Objects[i]
			spec, _ := object.Fields["spec"].(map[string]any)
			for _, part := range releases.Newer(spec, object.Typed.(proto.Message).ProtoReflect().Descriptor(), "spec", releases.Oldest) {
				if excused[part.Path] = true; newerSettings()[part.Path] == "" {
					t.Errorf("%s of %s, which Istio has since 1.%d", part.Path, object.Resource, part.Minor)
				}
			}
		}
	})
	for path := range newerSettings() {
		if !excused[path] {
			t.Errorf("%s is excused and in no scenario", path)
		}
	}
}

// newerSettings are the fields that a setting writes and the oldest release does not have, with what keeps them away from it.
func newerSettings() map[string]string {
	return map[string]string{
		"spec.tracing[0].customTags.sni.formatter":                           "the setting says that it needs 1.29",
		"spec.tracing[0].disableContextPropagation":                          "the setting says that it needs 1.30",
		"spec.trafficPolicy.outlierDetection.outlierDetectionHttpErrorCodes": "it repeats defaultTrafficPolicy, which needs 1.31 itself",
	}
}
