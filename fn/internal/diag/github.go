package diag

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// GitHub prints findings as commands of a GitHub Actions workflow, which shows each one beside its line in a pull request.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
func GitHub(w io.Writer, findings List) error {
	out := bufio.NewWriter(w)
	directory := NewDirectory()
	for _, finding := range findings {
		level := map[Severity]string{Error: "error", Warning: "warning", Info: "notice"}[finding.Severity]
		_, _ = fmt.Fprintf(out, "::%s %s::%s\n", level, properties(finding, directory), commandText(annotation(finding)))
	}
	return out.Flush()
}

// properties say where a finding is. A place without a file is in the message.
func properties(f Finding, directory Directory) string {
	title := "title=" + commandProperty(directory.withAlso(f.Code))
	if !f.Source.inFile() {
		return title
	}
	text := "file=" + commandProperty(f.Source.File)
	if f.Source.Line > 0 {
		text += fmt.Sprintf(",line=%d,col=%d", f.Source.Line, max(1, f.Source.Column))
	}
	return text + "," + title
}

// annotation is the whole finding as text under one heading.
func annotation(f Finding) string {
	lines := []string{f.Message}
	if f.Source.Line == 0 {
		lines[0] = f.Source.String() + ": " + f.BesideField()
	}
	return strings.Join(append(lines, f.Details()...), "\n")
}

// inFile reports whether the place is in a file of the repository, rather than in standard input or nowhere.
func (s Source) inFile() bool { return s.File != "" && !strings.HasPrefix(s.File, "<") }

func commandText(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = shortened(Printable(line))
	}
	text = strings.Join(lines, "\n")
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
}

func commandProperty(text string) string {
	text = OneLine(text)
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(text)
}
