package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// writeFile writes standard output, or a file that appears complete or not at all.
func writeFile(process *Process, text []byte, output string) error {
	if output == "" {
		return writeOutput(process, text, "")
	}
	if err := mayWrite(output); err != nil {
		return err
	}
	if info, err := os.Stat(output); err == nil && info.IsDir() {
		return usageError{fmt.Errorf("%s is a directory; name a file for the catalogue", output)}
	}
	if err := replaceFile(text, output); err != nil {
		return fmt.Errorf("cannot write to %s: %w", output, err)
	}
	return nil
}

func replaceFile(text []byte, output string) (err error) {
	fresh, err := os.CreateTemp(filepath.Dir(output), ".meshfn-")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(fresh.Name()))
		}
	}()
	_, err = fresh.Write(text)
	if err = errors.Join(err, fresh.Chmod(0o644), fresh.Close()); err != nil {
		return err
	}
	return os.Rename(fresh.Name(), output)
}
