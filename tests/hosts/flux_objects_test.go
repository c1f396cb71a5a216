package hosts

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// object is a manifest as its reader sees it.
type object = map[string]any

// objectsOf reads a stream: each object by what identifies it in a cluster.
func objectsOf(t *testing.T, stream string) map[string]object {
	t.Helper()
	all := map[string]object{}
	decoder := yaml.NewDecoder(strings.NewReader(stream))
	for {
		var one object
		err := decoder.Decode(&one)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, stream)
		}
		if one == nil {
			continue
		}
		id := strings.Join([]string{valueOf(one, "apiVersion"), valueOf(one, "kind"), valueOf(one, "metadata", "namespace"), valueOf(one, "metadata", "name")}, " ")
		if all[id] != nil {
			t.Fatalf("%s is there twice", id)
		}
		all[id] = one
	}
}

// valueOf is a value of an object, "" where it has none.
func valueOf(in object, path ...string) string {
	for _, key := range path[:len(path)-1] {
		in, _ = in[key].(object)
	}
	value, _ := in[path[len(path)-1]].(string)
	return value
}

// without takes a field out of every object.
func without(objects map[string]object, path ...string) map[string]object {
	for _, in := range objects {
		for _, key := range path[:len(path)-1] {
			in, _ = in[key].(object)
		}
		delete(in, path[len(path)-1])
	}
	return objects
}

// builtExamples are the directories of the examples that are built, by their path below examples.
func builtExamples(t *testing.T) []string {
	t.Helper()
	var all []string
	root := filepath.Join(repository, "examples")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() != "expected.yaml" {
			return err
		}
		name, err := filepath.Rel(root, filepath.Dir(path))
		all = append(all, filepath.ToSlash(name))
		return err
	})
	if err != nil || len(all) < 8 {
		t.Fatalf("only %d examples: %v", len(all), err)
	}
	return all
}

// write makes a file of a directory.
func write(t *testing.T, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
