package compare

import (
	"fmt"
	"strings"
	"unicode"
)

// escaped writes text of the input into Markdown, so that it is shown as it is: no markup and no HTML, no cell of a table ends,
// nobody is notified and no issue is linked. A character as its number is never structure.
// https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references
func escaped(text string) string {
	var out strings.Builder
	letters := []rune(text)
	for i, r := range letters {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			out.WriteRune(' ')
		case strings.ContainsRune("&<>|*_[]()~#!$%\\`@^{}+", r):
			_, _ = fmt.Fprintf(&out, "&#%d;", r)
			// GitHub and GitLab look for names and numbers in the finished text. A space of no width keeps them from that.
			if strings.ContainsRune("@#!~$%^&", r) && i+1 < len(letters) && !unicode.IsSpace(letters[i+1]) {
				out.WriteString("&#8203;")
			}
		case r == ':' && i+1 < len(letters) && letters[i+1] == '/':
			out.WriteString("&#58;")
		case unicode.Is(unicode.Bidi_Control, r):
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// code writes text of the input as a span of code. In a table the bar would end a cell even there.
// https://github.github.com/gfm/#example-200
func code(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, text)
	text = strings.ReplaceAll(text, "|", "\\|")
	if !strings.Contains(text, "`") {
		return "`" + text + "`"
	}
	marks := strings.Repeat("`", longestRun(text)+1)
	return marks + " " + text + " " + marks
}

// fence is a block of code that its content cannot end.
func fence(language, content string) string {
	marks := strings.Repeat("`", max(3, longestRun(content)+1))
	return marks + language + "\n" + strings.TrimSuffix(printable(content), "\n") + "\n" + marks + "\n"
}

// longestRun is the longest row of backticks in a text.
func longestRun(text string) int {
	longest, run := 0, 0
	for _, r := range text {
		if run++; r != '`' {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}
