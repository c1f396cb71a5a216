package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/item"
)

// writeOutput writes manifests to standard output, or into a new directory that appears complete or not at all.
func writeOutput(process *Process, manifests []byte, output string) error {
	if output == "" {
		if _, err := process.Stdout.Write(manifests); err != nil {
			return fmt.Errorf("cannot write the output: %w", err)
		}
		return nil
	}
	entries, err := os.ReadDir(output)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return usageError{fmt.Errorf("cannot write to %s: %w", output, err)}
	}
	if len(entries) > 0 {
		return usageError{fmt.Errorf("the directory %s is not empty; name a new one, so that nothing of yours is overwritten", output)}
	}
	return writeDirectory(manifests, output)
}

// writeDirectory fills a directory beside the wanted one and renames it, so that nobody ever sees half of it.
func writeDirectory(manifests []byte, output string) (err error) {
	parent := filepath.Dir(filepath.Clean(output))
	if err := os.MkdirAll(parent, 0o755); err != nil { //nolint:gosec // Manifests are not secret.
		return fmt.Errorf("cannot write to %s: %w", output, err)
	}
	fresh, err := os.MkdirTemp(parent, ".meshfn-")
	if err != nil {
		return fmt.Errorf("cannot write to %s: %w", output, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(fresh))
		}
	}()
	items, findings := item.Stream("", manifests)
	if findings.HasErrors() {
		return fmt.Errorf("the built manifests cannot be split: %s", findings[0].Message)
	}
	for _, it := range items {
		if err := writeNew(filepath.Join(fresh, fileName(it)), it.Raw()); errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("cannot write to %s: two objects would be the file %q; write to standard output instead", output, fileName(it))
		} else if err != nil {
			return fmt.Errorf("cannot write to %s: %w", output, err)
		}
	}
	if err := os.Chmod(fresh, 0o755); err != nil { //nolint:gosec // Manifests are not secret.
		return fmt.Errorf("cannot write to %s: %w", output, err)
	}
	if err := os.Remove(output); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("cannot write to %s: %w", output, err)
	}
	if err := os.Rename(fresh, output); err != nil {
		return fmt.Errorf("cannot write to %s: %w", output, err)
	}
	return nil
}

// fileName is kind_namespace_name.yaml with the group where two kinds could meet.
func fileName(it *item.Item) string {
	parts := []string{strings.ToLower(it.Kind())}
	if group := it.Group(); group != "" {
		parts[0] += "." + group
	}
	if it.Namespace() != "" {
		parts = append(parts, it.Namespace())
	}
	parts = append(parts, it.Name())
	return strings.ReplaceAll(strings.Join(parts, "_"), "/", "-") + ".yaml"
}
