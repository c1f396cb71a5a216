// Package releases measures which release of Istio brought which field of its API, by comparing the API of one release with
// that of the next. What it finds is a table of the product.
package releases

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"go/format"
	"io/fs"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// release is an API as it was released.
type release struct {
	minor   int
	version string // of the Go module istio.io/api, the last one of the minor release that the module proxy has
}

// releases are those that the product writes for, oldest first.
func releases() []release {
	return []release{{26, "v1.26.4"}, {27, "v1.27.8"}, {28, "v1.28.3"}, {29, "v1.29.4"}, {30, "v1.30.8"}, {31, "v1.31.4"}}
}

// roots are the directories whose messages a user writes: the specs of all kinds, and the configuration of the mesh.
func roots() []string {
	return []string{
		"networking/v1alpha3", "networking/v1beta1", "security/v1beta1", "telemetry/v1alpha1", "extensions/v1alpha1",
		"type/v1beta1", "mesh/v1alpha1",
	}
}

// download returns the directory of a version of the API in the module cache.
func download(version string) (string, error) {
	command := exec.Command("go", "mod", "download", "-json", "istio.io/api@"+version)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("istio.io/api %s: %w\n%s%s", version, err, out, stderr.String())
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil {
		return "", fmt.Errorf("istio.io/api %s: %w", version, err)
	}
	return module.Dir, nil
}

// namesIn lists all that a release has: messages, their fields as message.field with the name that is written in YAML,
// enums, and their values as enum.VALUE.
func namesIn(dir string) (map[string]bool, error) {
	files, err := protosIn(dir)
	if err != nil {
		return nil, err
	}
	compiler := protocompile.Compiler{Resolver: protocompile.WithStandardImports(&protocompile.SourceResolver{
		ImportPaths: []string{dir, filepath.Join(dir, "common-protos")},
	})}
	compiled, err := compiler.Compile(context.Background(), files...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	names := map[string]bool{}
	for _, file := range compiled {
		messages(file.Messages(), names)
		enums(file.Enums(), names)
	}
	return names, nil
}

func protosIn(dir string) ([]string, error) {
	var files []string
	for _, root := range roots() {
		err := filepath.WalkDir(filepath.Join(dir, root), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".proto" {
				return err
			}
			name, err := filepath.Rel(dir, path)
			files = append(files, filepath.ToSlash(name))
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

func messages(list protoreflect.MessageDescriptors, names map[string]bool) {
	for i := range list.Len() {
		message := list.Get(i)
		if message.IsMapEntry() {
			continue
		}
		names[string(message.FullName())] = true
		for j := range message.Fields().Len() {
			names[string(message.FullName())+"."+message.Fields().Get(j).JSONName()] = true
		}
		messages(message.Messages(), names)
		enums(message.Enums(), names)
	}
}

func enums(list protoreflect.EnumDescriptors, names map[string]bool) {
	for i := range list.Len() {
		enum := list.Get(i)
		names[string(enum.FullName())] = true
		for j := range enum.Values().Len() {
			names[string(enum.FullName())+"."+string(enum.Values().Get(j).Name())] = true
		}
	}
}

// measure says for each minor release what it was the first to have, of what the newest one still has.
func measure() (map[int][]string, error) {
	var each []map[string]bool
	for _, one := range releases() {
		dir, err := download(one.version)
		if err != nil {
			return nil, err
		}
		names, err := namesIn(dir)
		if err != nil {
			return nil, err
		}
		each = append(each, names)
	}
	newest := each[len(each)-1]
	since := map[int][]string{}
	for _, name := range slices.Sorted(maps.Keys(newest)) {
		first := len(each) - 1
		for first > 0 && each[first-1][name] {
			first--
		}
		if first > 0 {
			since[releases()[first].minor] = append(since[releases()[first].minor], name)
		}
	}
	return withoutParts(since), nil
}

// withoutParts leaves out what came together with the message or enum that it is part of: whoever writes it wrote a newer
// field above it already. Messages and enums are no fields, so only those stay that are the spec of a kind.
func withoutParts(since map[int][]string) map[int][]string {
	out := map[int][]string{}
	for minor, names := range since {
		for _, name := range names {
			parent, last := name[:strings.LastIndex(name, ".")], name[strings.LastIndex(name, ".")+1:]
			isType := slices.ContainsFunc(names, func(other string) bool { return strings.HasPrefix(other, name+".") })
			if !slices.Contains(names, parent) && (!isType || slices.Contains(newKinds(), last)) {
				out[minor] = append(out[minor], name)
			}
		}
	}
	return out
}

// newKinds are the kinds that a later release than the oldest one brought.
func newKinds() []string { return []string{"TrafficExtension"} }

// table writes what was measured as code of the product.
func table(since map[int][]string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("// Code generated by tests/releases from the Go modules of Istio's API; DO NOT EDIT.\n\npackage releases\n\n")
	fmt.Fprintf(&b, "// Oldest and Newest are the minor releases that were compared.\nconst (\n\tOldest = %d\n\tNewest = %d\n)\n\n",
		releases()[0].minor, releases()[len(releases())-1].minor)
	b.WriteString("// since is the minor release that was the first to have a message, a field or a value, 0 for what the oldest one had.\n")
	b.WriteString("func since(name string) int {\n\tswitch name {\n")
	for _, minor := range slices.Sorted(maps.Keys(since)) {
		fmt.Fprintf(&b, "\tcase\n")
		for i, name := range since[minor] {
			end := ",\n"
			if i == len(since[minor])-1 {
				end = ":\n"
			}
			fmt.Fprintf(&b, "\t\t%q%s", name, end)
		}
		fmt.Fprintf(&b, "\t\treturn %d\n", minor)
	}
	b.WriteString("\t}\n\treturn 0\n}\n")
	return format.Source(b.Bytes())
}
