package compare

import (
	"fmt"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/compare/changes"
	"github.com/meshfn/meshfn/fn/internal/compare/objects"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Counts is how much is different.
type Counts struct {
	Services       int `json:"services"`       // for which something changes, those that are new or gone among them
	Workloads      int `json:"workloads"`      // beside them
	GainSidecar    int `json:"gainSidecar"`    // workloads and Services whose pods gain one
	LoseSidecar    int `json:"loseSidecar"`    // whose pods lose it
	LoseAccess     int `json:"loseAccess"`     // callers that a Service refuses from now on, for each of the Services
	Restricted     int `json:"restricted"`     // Services that everybody could call, and now only whom they list
	Objects        int `json:"objects"`        // that are not the same
	ObjectsAdded   int `json:"objectsAdded"`   // of these
	ObjectsRemoved int `json:"objectsRemoved"` // of these
}

// Counts counts what is different.
func (c *Comparison) Counts() Counts {
	services, workloads := map[string]bool{}, map[string]bool{}
	var out Counts
	for i := range c.Changes {
		change := &c.Changes[i]
		note(change, services, workloads)
		switch {
		case change.Effect == changes.Sidecar && change.New == "true":
			out.GainSidecar += len(change.Subjects)
		case change.Effect == changes.Sidecar && change.New == "false":
			out.LoseSidecar += len(change.Subjects)
		case change.Effect == changes.Access && change.Old == "everybody":
			out.Restricted += len(change.Subjects)
		case change.Effect == changes.Access:
			out.LoseAccess += len(change.Lost) * len(change.Subjects)
		}
	}
	out.Services, out.Workloads, out.Objects = len(services), len(workloads), len(c.Objects)
	for i := range c.Objects {
		switch c.Objects[i].What {
		case objects.Added:
			out.ObjectsAdded++
		case objects.Removed:
			out.ObjectsRemoved++
		}
	}
	return out
}

// note notes the Services and workloads that a change is about.
func note(change *changes.Change, services, workloads map[string]bool) {
	if change.Effect == changes.ByHand || change.Effect == changes.Generated {
		return
	}
	for _, subject := range change.Subjects {
		switch kind := diag.ParseResource(subject.Name).Kind; kind {
		case "Service":
			services[subject.Name] = true
		case "host", "Namespace", "ServiceEntry":
		default:
			workloads[subject.Name] = true
		}
	}
}

// Summary is the comparison in one line.
func (c *Comparison) Summary() string {
	if c.Same() && len(c.Findings) == 0 {
		return "no difference: the same would be applied"
	}
	counts := c.Counts()
	var parts []string
	add := func(n int, one, many string) {
		if n > 0 {
			parts = append(parts, counted(n, one, many))
		}
	}
	add(counts.Services, "Service changes", "Services change")
	add(counts.Workloads, "workload changes", "workloads change")
	add(counts.GainSidecar, "gains a sidecar", "gain a sidecar")
	add(counts.LoseSidecar, "loses its sidecar", "lose their sidecar")
	add(counts.LoseAccess, "caller loses access", "callers lose access")
	add(counts.Restricted, "lets in only whom it lists", "let in only whom they list")
	add(counts.Objects, "object", "objects")
	if len(parts) == 0 {
		parts = append(parts, counted(len(c.Changes), "change", "changes"))
	}
	return strings.Join(parts, ", ") + "; " + c.Verdict()
}

// Verdict says whether the way from one build to the other is safe.
func (c *Comparison) Verdict() string {
	counts := c.Findings.Counts()
	unsafe := counts.Errors - c.UnbuiltErrors
	text := counted(unsafe, "step is unsafe", "steps are unsafe")
	if unsafe == 0 {
		text = "no step is unsafe"
	}
	if counts.Warnings > 0 {
		text += ", " + counted(counts.Warnings, "warning", "warnings")
	}
	if len(c.Unbuilt) > 0 {
		text += "; " + counted(len(c.Unbuilt), "application does not build and is not compared", "applications do not build and are not compared") +
			": " + strings.Join(c.Unbuilt, ", ")
	}
	return text
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// where is who decides and where that is written.
func where(change *changes.Change) string {
	if change.At == (diag.Source{}) {
		return ""
	}
	text := change.At.String()
	switch change.Layer {
	case "profile", "namespace", "mesh config":
		text = "profile, " + text
	}
	return text
}

// rewritten says which objects only look different.
func (c *Comparison) rewritten() string {
	if len(c.Rewritten) == 0 {
		return ""
	}
	return counted(len(c.Rewritten), "object is", "objects are") + " only written in another way; nothing changes by that"
}
