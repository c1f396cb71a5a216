//go:build !linux && !darwin

package rendered

import "errors"

// exchange is not to be had: two renames follow each other instead.
func exchange(_, _ string) error { return errors.ErrUnsupported }
