package joining

import (
	"bytes"
	"fmt"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// Native says whether the sidecar of some pods starts before their init containers and ends with them, nil where nobody
// says so, and who does.
// https://istio.io/latest/blog/2023/native-sidecars/
func Native(annotations map[string]string, profile *bool) (native *bool, because string) {
	if value := annotations[facts.NativeSidecar]; value != "" {
		yes := value != "false"
		return &yes, "its pod template has the annotation " + facts.NativeSidecar + ": " + value
	}
	return profile, "the profile says that sidecars are not native"
}

// EndsSidecar reports whether the pods of a job tell the sidecar themselves to end.
// https://istio.io/latest/docs/reference/commands/pilot-agent/
func EndsSidecar(workload *facts.Workload) bool {
	return bytes.Contains(workload.Item.Raw(), []byte("quitquitquit"))
}

// job finds pods that are meant to end and whose sidecar does not.
func (a *asker) job() {
	if !a.Workload.Job() || EndsSidecar(a.Workload) {
		return
	}
	native, because := Native(a.Annotations, a.NativeSidecars)
	at := a.Workload.Source("metadata.name")
	if a.Annotations[facts.NativeSidecar] != "" {
		at = a.Workload.Source(a.Workload.MetadataField("annotations", facts.NativeSidecar))
	}
	switch {
	case native == nil:
		a.report(Obstacle{
			Code: diag.JobSidecar, Severity: diag.Warning, At: at, Out: true,
			Message: fmt.Sprintf("not checked: %s ends only if the cluster injects native sidecars, and the profile does not say so", a.name()),
			Because: []string{"an ordinary sidecar keeps running when the job is done: https://github.com/istio/istio/issues/6324"},
			Try:     "istio: {nativeSidecars: true} in the MeshProfile if they are native, or sidecar: false",
		})
	case !*native:
		a.report(Obstacle{
			Code: diag.JobSidecar, At: at, Out: true,
			Message: fmt.Sprintf("%s would never end, because its sidecar keeps running when the job is done", a.name()),
			Because: []string{because},
			Try:     "sidecar: false",
		})
	}
}
