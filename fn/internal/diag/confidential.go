package diag

import (
	"bytes"
	"regexp"
)

// Confidential reports whether a line of a file can hold a secret: its document is a Secret, or makes one, and the line is
// not one that says what object it is. Such lines are not for logs, which more people read than the repository.
func Confidential(text []byte, at int) bool {
	return NamesSecret(documentAround(text, at)) && !regexp.MustCompile(`^(apiVersion|kind|metadata|type):`).Match(text[at:])
}

// NamesSecret reports whether a text is, or quotes, a Secret or what makes one.
func NamesSecret(text []byte) bool {
	return bytes.Contains(text, []byte("ecret")) && regexp.MustCompile(
		`["']?kind["']?\s*:\s*["']?Secret(Generator)?\b|\bsecretGenerator\b|\bstringData\b`).Match(text)
}

// documentAround cuts a document out of a file at the lines that begin with ---.
func documentAround(text []byte, at int) []byte {
	separator := []byte("\n---")
	start, end := bytes.LastIndex(text[:at], separator), bytes.Index(text[at:], separator)
	if end >= 0 {
		text = text[:at+end]
	}
	return text[max(start, 0):]
}
