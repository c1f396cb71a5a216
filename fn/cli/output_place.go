package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/meshfn/meshfn/fn/internal/reach"
)

// mayWrite refuses an output that a link of the repository leads elsewhere, or into what belongs to git: whoever wrote the
// repository would choose where on this machine is written. A link that lies outside of a repository is the user's own.
func mayWrite(output string) error {
	there := filepath.Clean(output)
	for {
		_, err := os.Lstat(there)
		if !errors.Is(err, fs.ErrNotExist) || filepath.Dir(there) == there {
			break
		}
		there = filepath.Dir(there)
	}
	root, _, err := reach.Of(there)
	switch {
	case errors.Is(err, reach.ErrGit):
		return usageError{fmt.Errorf("cannot write to %s: it belongs to git; name another place", output)}
	case errors.Is(err, reach.ErrOutside) && root.Git:
		return usageError{fmt.Errorf("cannot write to %s: it is a link, or lies behind one, that leads out of the repository, and whoever wrote "+
			"the repository would choose where is written; name the place that it leads to", output)}
	}
	return nil
}
