package build

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// maxReport bounds what is read back from a report.
const maxReport = 64 << 20

// reports are the files that the runs of the function write.
type reports struct {
	dir      string
	expected []expected
	contents [][]byte
	missing  []diag.Source
}

// expected is a report that a run has to write.
type expected struct {
	path string
	at   diag.Source // entry that asks for the run
}

// next gives a new path for a report. Kustomize reads the entries of a kustomization right before it runs them, after
// it has built the bases, so the order of the paths is the order of the runs.
func (r *reports) next(at diag.Source) string {
	path := filepath.Join(r.dir, fmt.Sprintf("%06d.json", len(r.expected)))
	r.expected = append(r.expected, expected{path: path, at: at})
	return path
}

// collect reads the reports that were written and notes those that were not.
func (r *reports) collect() error {
	for _, e := range r.expected {
		content, err := readRegular(e.path, maxReport)
		switch {
		case errors.Is(err, os.ErrNotExist):
			r.missing = append(r.missing, e.at)
		case err != nil:
			return fmt.Errorf("read the report of meshfn: %s", reason(err))
		default:
			r.contents = append(r.contents, content)
		}
	}
	return nil
}

// explain reports whether an error of kustomize is only the echo of a run that failed and said why in its report. An
// error that comes from elsewhere, or a run that crashed, must not hide behind the warnings of an earlier run.
func (r *reports) explain(err error) bool {
	if !strings.Contains(err.Error(), functionFailed) {
		return false
	}
	for _, content := range r.contents {
		var report any
		if json.Unmarshal(content, &report) == nil && holdsError(report) {
			return true
		}
	}
	return false
}

// holdsError looks for a finding of severity error in whatever a report wraps its findings.
func holdsError(value any) bool {
	switch value := value.(type) {
	case []any:
		return slices.ContainsFunc(value, holdsError)
	case map[string]any:
		return value["severity"] == diag.Error.String() ||
			slices.ContainsFunc(slices.Collect(maps.Values(value)), holdsError)
	}
	return false
}
