package item

import (
	"fmt"
	"strings"
)

// written writes a text as a YAML scalar that stays a string for every parser: plain where that is certain, else in
// double quotes.
func written(s string, quote bool) string {
	if !quote && plainString(s) {
		return s
	}
	return doubleQuoted(s)
}

// plainString reports whether a plain scalar with this text is the string itself. It says no rather too often: words
// and numbers mean different things to YAML 1.1 and 1.2, and quotes never hurt.
func plainString(s string) bool {
	for n := range len(s) {
		if !plainByte(s[n]) {
			return false
		}
	}
	if s == "" || s[0] != '_' && (s[0]|0x20 < 'a' || s[0]|0x20 > 'z') {
		return false
	}
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "y", "n", "null":
		return false
	}
	return true
}

// doubleQuoted writes a text in double quotes, with the escapes that YAML and JSON share.
func doubleQuoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ', r > '~' && r < 0xA0, r == 0x2028, r == 0x2029, r == 0xFEFF, r == 0xFFFE, r == 0xFFFF:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
