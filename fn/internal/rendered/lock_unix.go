//go:build unix && !solaris && !illumos && !aix

package rendered

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// lock keeps a second run out of a directory. The lock is on the directory itself: it leaves no file behind, and it ends with
// the process, however that ends.
func lock(dir string) (unlock func(), err error) {
	opened, err := os.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("cannot write to %s: %w", dir, err)
	}
	for err = unix.EINTR; errors.Is(err, unix.EINTR); {
		err = unix.Flock(int(opened.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	}
	switch {
	case err == nil:
		return func() { _ = opened.Close() }, nil
	case errors.Is(err, unix.EWOULDBLOCK):
		err = errBusy(dir)
	default:
		err = fmt.Errorf("cannot lock %s: %w; some network file systems cannot, write into another directory", dir, err)
	}
	_ = opened.Close()
	return nil, err
}
