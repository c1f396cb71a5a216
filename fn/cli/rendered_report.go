package cli

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/rendered"
)

// reportWritten says what was done for each application, or what was in the way of all of them.
func reportWritten(process *Process, plan *rendered.Plan) {
	reportRefused(process.Stderr, plan)
	for _, change := range plan.Changes {
		if change.Done || !plan.Pending() && len(plan.Refused()) == 0 {
			_, _ = fmt.Fprintf(process.Stdout, "%s: %s\n", change.Name, summary(change))
		}
	}
	reportBeside(process.Stderr, plan)
}

func reportRefused(w io.Writer, plan *rendered.Plan) {
	for _, refusal := range plan.Refused() {
		_, _ = fmt.Fprintf(w, "%s: error: it %s\n  try: %s\n", filepath.ToSlash(refusal.Path), refusal.Why, refusal.Try)
	}
}

// reportBeside says what is in the directories besides.
func reportBeside(w io.Writer, plan *rendered.Plan) {
	for _, change := range plan.Changes {
		if len(change.Others) > 0 {
			_, _ = fmt.Fprintf(w, "%s: meshfn did not write %s, and leaves it there; whoever applies the directory applies it too\n",
				change.Name, strings.Join(change.Others, ", "))
		}
	}
	for _, name := range plan.Left {
		_, _ = fmt.Fprintf(w, "%s: not among the applications of this run, and left as it is; --prune removes what meshfn wrote there\n", name)
	}
}

func summary(change *rendered.Change) string {
	var parts []string
	for _, part := range []struct {
		names []string
		what  string
	}{{change.Written, "written"}, {change.Removed, "removed"}, {change.Unchanged, "unchanged"}} {
		if len(part.names) > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", len(part.names), part.what))
		}
	}
	if change.Reindexed && len(change.Written)+len(change.Removed) == 0 {
		parts = append(parts, rendered.IndexName+" written")
	}
	if change.Pruned {
		parts = append(parts, "it is no application of this run")
	}
	return strings.Join(parts, ", ")
}

// reportChecked names every file that is not what it should be.
func reportChecked(process *Process, target *rendered.Target, plan *rendered.Plan) error {
	reportRefused(process.Stdout, plan)
	for _, change := range plan.Changes {
		say := func(name, what string) {
			_, _ = fmt.Fprintf(process.Stdout, "%s: %s\n", filepath.ToSlash(filepath.Join(target.Dir, change.Name, name)), what)
		}
		for _, name := range change.Written {
			say(name, "would be written")
		}
		for _, name := range change.Removed {
			say(name, "would be removed")
		}
		if change.Reindexed && len(change.Written)+len(change.Removed)+len(change.Refused) == 0 {
			say(rendered.IndexName, "does not say what is in the directory")
		}
	}
	reportBeside(process.Stderr, plan)
	if !plan.Pending() && len(plan.Refused()) == 0 {
		return nil
	}
	_, _ = fmt.Fprintf(process.Stderr, "%s is not what these applications render to; run the same without --check\n", target.Dir)
	return errFindings
}
