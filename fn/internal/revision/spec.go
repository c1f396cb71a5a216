package revision

import (
	"errors"
	"fmt"
	"path"
	"strings"
)

// Spec is a place in a revision as git writes it: REV:PATH from the root of the repository, REV:./PATH from the working
// directory. https://git-scm.com/docs/gitrevisions
type Spec struct {
	Rev  string
	Path string // as it is written
}

// Parse reads REV:PATH. The colon is the first one outside of braces, as for git: main@{12:00}:app. What has no such colon,
// or is an address such as https://host/repo, is no place in a revision.
func Parse(text string) (Spec, bool) {
	depth := 0
	for i, char := range text {
		switch {
		case char == '{':
			depth++
		case char == '}' && depth > 0:
			depth--
		case char == ':' && depth == 0:
			return Spec{text[:i], text[i+1:]}, !strings.HasPrefix(text[i+1:], "//")
		}
	}
	return Spec{}, false
}

// Mistake is something that only the person who wrote the revision can correct.
type Mistake struct{ error }

func mistake(format string, args ...any) error { return Mistake{fmt.Errorf(format, args...)} }

// check refuses what git takes for something else than the name of a revision.
func (s Spec) check() error {
	switch {
	case s.Rev == "":
		return mistake("%q names no revision: git would take it for the index; allowed: REV:PATH such as main:app, or the path "+
			"of a directory, which is taken as it is", ":"+s.Path)
	case strings.HasPrefix(s.Rev, "-"):
		return mistake("%q is no revision: none begins with a dash", s.Rev)
	}
	return nil
}

// errOutside is about a path that no revision holds.
var errOutside = errors.New("it leads out of the repository; write it from the root of the repository, or begin with ./ for " +
	"the working directory")

// from gives the path from the root of the repository; prefix is the working directory from there.
func (s Spec) from(prefix string) (string, error) {
	full := s.Path
	relative := full == "." || full == ".." || strings.HasPrefix(full, "./") || strings.HasPrefix(full, "../")
	if relative {
		full = path.Join(prefix, full)
	}
	full = path.Clean("./" + full)
	if strings.HasPrefix(s.Path, "/") || full == ".." || strings.HasPrefix(full, "../") {
		return "", mistake("%q: %w", s.Rev+":"+s.Path, errOutside)
	}
	return full, nil
}
