//go:build !unix || solaris || illumos || aix

package rendered

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// lock keeps a second run out of a directory, by a file that only one of them can make.
func lock(dir string) (unlock func(), err error) {
	path := filepath.Join(dir, workDir+".lock")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o644)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil, fmt.Errorf("%w; if there is none, remove %s", errBusy(dir), path)
	case err != nil:
		return nil, fmt.Errorf("cannot write to %s: %w", dir, err)
	}
	return func() {
		_ = file.Close()
		_ = os.Remove(path)
	}, nil
}
