package rendered

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// exchange lets two directories take each other's place in one step, where the file system can (APFS does).
func exchange(a, b string) error {
	err := unix.RenamexNp(a, b, unix.RENAME_SWAP)
	if errors.Is(err, unix.ENOTSUP) || errors.Is(err, unix.EINVAL) {
		return errors.ErrUnsupported
	}
	if err != nil {
		return fmt.Errorf("cannot exchange %s and %s: %w", a, b, err)
	}
	return nil
}
