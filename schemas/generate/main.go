// Command generate writes the JSON Schemas and docs/reference.md from the API types: their shape and rules by
// reflection, their meaning from the doc comments. Run it with `go generate ./schemas`, or from the root of the
// repository with `go run ./schemas/generate`.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run() error {
	root, err := findRoot()
	if err != nil {
		return err
	}
	files, err := generate(root)
	if err != nil {
		return err
	}
	for path, content := range files {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// findRoot is the directory of the module, from wherever in it this runs.
func findRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		_, err := os.Stat(filepath.Join(dir, "go.mod"))
		if err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if !errors.Is(err, fs.ErrNotExist) || parent == dir {
			return "", fmt.Errorf("no go.mod above %s: %w", dir, err)
		}
		dir = parent
	}
}

// generate returns the generated files by their path below the root.
func generate(root string) (map[string][]byte, error) {
	comments, err := readDocs(filepath.Join(root, "fn", "api", "v1alpha1"))
	if err != nil {
		return nil, err
	}
	kinds, err := buildKinds(comments)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, k := range kinds {
		schema, err := k.schema()
		if err != nil {
			return nil, fmt.Errorf("schema of %s: %w", k.name, err)
		}
		files["schemas/"+k.file()] = schema
	}
	if files[referenceFile], err = writeReference(comments, kinds); err != nil {
		return nil, fmt.Errorf("reference: %w", err)
	}
	return files, nil
}
