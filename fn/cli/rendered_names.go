package cli

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"
)

// renderedApp is one argument: where it is, and the name of its directory.
type renderedApp struct{ name, path string }

// namedApplications reads arguments of the form APP or NAME=APP. The name of an application depends on nothing but its own
// argument: with one derived from all of them, a new application would move the others.
func namedApplications(args []string) ([]renderedApp, error) {
	var all []renderedApp
	for _, arg := range args {
		one, err := namedApplication(arg)
		if err != nil {
			return nil, usageError{err}
		}
		all = append(all, one)
	}
	return all, distinct(all)
}

func namedApplication(arg string) (renderedApp, error) {
	name, source, ok := strings.Cut(arg, "=")
	if !ok {
		name := derivedName(arg)
		if wrong := badName(name); wrong != "" {
			return renderedApp{}, fmt.Errorf("%q cannot be the name of a directory below the output: %s; write NAME=%s", arg, wrong, arg)
		}
		return renderedApp{name, arg}, nil
	}
	wrong := badName(name)
	if source == "" {
		wrong = "nothing follows it"
	}
	if wrong != "" {
		return renderedApp{}, fmt.Errorf("%q is no application by the name %q: %s; write NAME=APP, with letters, digits, '.', '_', '-' and '/' in the name", arg, name, wrong)
	}
	return renderedApp{name, source}, nil
}

func derivedName(arg string) string { return path.Clean(filepath.ToSlash(arg)) }

// badName says why a name cannot be that of a directory.
func badName(name string) string {
	const most = 200 // A run works in a directory of this name for a moment, and names of files end at 255 bytes.
	switch {
	case name == "." || name == "" || name == "-":
		return "it has no name"
	case filepath.IsAbs(name) || strings.HasPrefix(name, "/"):
		return "it is absolute"
	case len(name) > most:
		return fmt.Sprintf("it is longer than %d bytes", most)
	case name != path.Clean(name):
		return "it is not a plain path"
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return "it leads out of the working directory"
		}
		if strings.HasPrefix(part, ".") || strings.HasPrefix(part, "-") {
			return fmt.Sprintf("%q begins with %q", part, part[:1])
		}
	}
	for _, r := range name {
		if r > 'z' || !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/", r) {
			return fmt.Sprintf("it holds %q", r)
		}
	}
	return ""
}

// distinct holds that no application's directory is that of another, or inside of it. Not every file system knows capitals.
func distinct(all []renderedApp) error {
	for i, one := range all {
		for _, other := range all[:i] {
			a, b := strings.ToLower(one.name), strings.ToLower(other.name)
			switch {
			case a == b:
				return usageError{fmt.Errorf("%s and %s are both named %q; give each a name of its own: NAME=%s", other.path, one.path, one.name, one.path)}
			case strings.HasPrefix(a, b+"/"):
				return nested(one, other)
			case strings.HasPrefix(b, a+"/"):
				return nested(other, one)
			}
		}
	}
	return nil
}

func nested(inner, outer renderedApp) error {
	return usageError{fmt.Errorf("the directory %s would be inside of %s, which is that of another application; give it another name: NAME=%s",
		inner.name, outer.name, inner.path)}
}
