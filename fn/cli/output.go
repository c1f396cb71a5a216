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
	if err := mayWrite(output); err != nil {
		return err
	}
	entries, err := os.ReadDir(output)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return usageError{fmt.Errorf("cannot write to %s: %w", output, err)}
	}
	if len(entries) > 0 {
		return usageError{fmt.Errorf("the directory %s is not empty; name a new one, so that nothing of yours is overwritten; meshfn rendered keeps a directory up to date", output)}
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
	files, problems, err := filesOf(manifests)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return fmt.Errorf("cannot write to %s: %s", output, strings.Join(problems, "; "))
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(fresh, name), text, 0o644); err != nil { //nolint:gosec // Manifests are not secret.
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
	name := it.Name()
	if name == "" { // The cluster makes one of this, as for a hook of Argo CD.
		name, _ = it.String("metadata", "generateName")
	}
	parts = append(parts, name)
	return shortened(strings.NewReplacer("/", "-", ":", "-").Replace(strings.Join(parts, "_"))) + ".yaml" // Windows has no colons in names.
}
