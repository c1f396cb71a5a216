package spec

import (
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// Stages is how far everything in a build has come, whether a Mesh speaks of it or not.
type Stages struct {
	Pods       map[*facts.Workload]Stage
	Namespaces map[string]Stage
	Injected   map[*facts.Workload]bool // in a finished build, those that the function gave a sidecar
	Others     Stage                    // of the namespaces that are not listed, the zero value where nobody says it
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

// Staged is a workload as it was when the function ran, for those who look at the build later.
type Staged struct {
	Resource diag.Resource `json:"resource"`
	Stage    Stage         `json:"stage"`
	Covered  bool          `json:"covered,omitempty"`  // by a Mesh
	Injected bool          `json:"injected,omitempty"` // its pods were given a sidecar
}

// Of are the stages of the pods that a build has in the end, by what they were when the function ran, and which of them a
// Mesh covered.
func (s *Stages) Of(workloads []*facts.Workload, before []Staged) (now Stages, covered map[*facts.Workload]bool) {
	now = Stages{Pods: map[*facts.Workload]Stage{}, Injected: map[*facts.Workload]bool{}, Namespaces: s.Namespaces, Others: s.Others}
	covered, taken := map[*facts.Workload]bool{}, map[diag.Resource]bool{}
	note := func(workload *facts.Workload, was *Staged) {
		now.Pods[workload], now.Injected[workload], covered[workload] = was.Stage, was.Injected, was.Covered
	}
	known := map[diag.Resource]*Staged{}
	for i := range before {
		known[before[i].Resource] = &before[i]
	}
	for _, workload := range workloads {
		if was := known[workload.Item.Resource()]; was != nil {
			note(workload, was)
			taken[was.Resource] = true
		}
	}
	for _, workload := range workloads {
		if _, done := now.Pods[workload]; done {
			continue
		}
		if was := renamedTo(workload, before, taken); was != nil {
			note(workload, was)
		}
	}
	return now, covered
}

// renamedTo finds what a workload was before a level above changed its namespace, or put something before or behind its name.
func renamedTo(workload *facts.Workload, before []Staged, taken map[diag.Resource]bool) *Staged {
	var best *Staged
	for i := range before {
		was := &before[i]
		if taken[was.Resource] || was.Resource.Kind != workload.Kind || !strings.Contains(workload.Name, was.Resource.Name) {
			continue
		}
		if best == nil || len(was.Resource.Name) > len(best.Resource.Name) {
			best = was
		}
	}
	return best
}
