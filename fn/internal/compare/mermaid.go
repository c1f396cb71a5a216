package compare

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/meshfn/meshfn/fn/internal/compare/changes"
)

// mostCalls is how many calls a picture shows. One with more is a tangle that nobody reads.
const mostCalls = 30

// Graph draws the calls that begin and end, "" where there are none or too many.
// https://mermaid.js.org/syntax/flowchart.html
func Graph(calls []changes.Call) string {
	if len(calls) == 0 || len(calls) > mostCalls {
		return ""
	}
	var out strings.Builder
	out.WriteString("flowchart LR\n")
	nodes := map[string]string{}
	node := func(name string) string {
		if id, ok := nodes[name]; ok {
			return id
		}
		id := fmt.Sprintf("n%d", len(nodes))
		nodes[name] = id
		_, _ = fmt.Fprintf(&out, "  %s[\"%s\"]\n", id, label(name))
		return id
	}
	for _, call := range calls {
		from, to := node(call.From), node(call.To)
		arrow, word := "-->", "gains access"
		switch {
		case !call.New:
			arrow = "-.->"
			word = "loses access"
			if call.What != "access" {
				word = "calls no more"
			}
		case call.What != "access":
			word = "calls"
		}
		_, _ = fmt.Fprintf(&out, "  %s %s|%s| %s\n", from, arrow, word, to)
	}
	return out.String()
}

// label writes a name as the text of a node. What could be syntax, of the drawing or of HTML, is written as its number.
// https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters
func label(name string) string {
	var out strings.Builder
	for _, r := range name {
		switch {
		case unicode.IsControl(r):
			out.WriteRune(' ')
		case r < 0x80 && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" ./:-,", r):
			_, _ = fmt.Fprintf(&out, "#%d;", r)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
