package spec

import (
	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// Stages is how far everything in a build has come, whether a Mesh speaks of it or not.
type Stages struct {
	Pods       map[*facts.Workload]Stage
	Namespaces map[string]Stage
	Others     Stage // of the namespaces that are not listed, the zero value where nobody says it
}

// Guarded is the stage of pods that accept calls over mutual TLS only. It is false for pods at an earlier stage.
func (s *Stages) Guarded(workload *facts.Workload) (Stage, bool) { return guarded(s.Pods[workload]) }

// GuardedNamespace is the same for what else may be in a namespace.
func (s *Stages) GuardedNamespace(name string) (Stage, bool) {
	if stage, ok := s.Namespaces[name]; ok {
		return guarded(stage)
	}
	return guarded(s.Others)
}

func guarded(stage Stage) (Stage, bool) {
	return stage, stage.Name != "" && stage.Permits(v1alpha1.StageStrict)
}
