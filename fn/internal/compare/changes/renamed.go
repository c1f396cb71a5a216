package changes

import (
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/explain"
)

// named puts lines to their subjects. They speak of the names that the function saw. An overlay above it may have put a prefix
// or a suffix to them, and people know the names that the build has in the end.
func (b *build) named(lines []explain.Line) {
	said := map[string]bool{}
	for i := range lines {
		said[lines[i].Subject] = true
	}
	final := map[string]string{}
	for i := range lines {
		line := &lines[i]
		subject, ok := final[line.Subject]
		if !ok {
			subject = b.finally(line.Subject, said)
			final[line.Subject] = subject
		}
		if subject != line.Subject {
			renamed := *line
			renamed.Subject, line = subject, &renamed
		}
		b.lines[subject] = append(b.lines[subject], line)
	}
}

// finally is the name of a subject in the finished build: the only one of its namespace that has the earlier name in it and
// that no line speaks of. Where that is not clear it stays as it was.
func (b *build) finally(subject string, said map[string]bool) string {
	seen := diag.ParseResource(subject)
	if b.has(subject) || seen.Kind == "ServiceEntry" {
		return subject
	}
	var found []string
	for _, known := range b.known() {
		now := diag.ParseResource(known)
		if now.Kind == seen.Kind && now.Namespace == seen.Namespace && !said[known] &&
			(strings.HasSuffix(now.Name, seen.Name) || strings.HasPrefix(now.Name, seen.Name) || strings.Contains(now.Name, "-"+seen.Name+"-")) {
			found = append(found, known)
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return b.shortest(found, subject)
}

// shortest is the one of several names to which least was added: eu-web is web, and eu-old-web is old-web.
func (b *build) shortest(found []string, otherwise string) string {
	best, twice := otherwise, false
	for _, name := range found {
		switch {
		case best == otherwise || len(name) < len(best):
			best, twice = name, false
		case len(name) == len(best):
			twice = true
		}
	}
	if twice {
		return otherwise
	}
	return best
}

// known lists the Services and workloads of the finished build.
func (b *build) known() []string {
	all := make([]string, 0, len(b.services)+len(b.pods))
	for subject := range b.services {
		all = append(all, subject)
	}
	for subject := range b.pods {
		all = append(all, subject)
	}
	return all
}
