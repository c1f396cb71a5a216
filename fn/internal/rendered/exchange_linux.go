package rendered

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// exchange lets two directories take each other's place in one step.
// https://man7.org/linux/man-pages/man2/rename.2.html
func exchange(a, b string) error {
	err := unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE)
	// A file system that does not know the flag answers EINVAL, a kernel that does not know the call ENOSYS.
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) {
		return errors.ErrUnsupported
	}
	if err != nil {
		return fmt.Errorf("cannot exchange %s and %s: %w", a, b, err)
	}
	return nil
}
