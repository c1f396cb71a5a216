package compare

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/meshfn/meshfn/fn/internal/compare/changes"
	"github.com/meshfn/meshfn/fn/internal/compare/objects"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// hostile is text that would leave its place, notify people or draw something.
const hostile = "a | b ``` <script>x</script> </details> @everyone #12 !3 [x](y) **z** `q` $x$ &lt; --> \n# heading\n/close \x1b[2J\u202e ~~~"

func markdownOf(t *testing.T, title string, c *Comparison) string {
	t.Helper()
	var out bytes.Buffer
	if err := (Comment{Title: title}).Markdown(&out, c); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func hostileComparison() *Comparison {
	return &Comparison{
		Old: hostile, New: hostile,
		Changes: []changes.Change{{Who: hostile, Subjects: []changes.Subject{{Name: "Service " + hostile}}, Text: hostile, At: diag.Source{File: hostile, Line: 1}}},
		Calls:   []changes.Call{{From: hostile, To: "b\"]", What: "access", New: true}},
		Objects: []objects.Object{{Resource: diag.Resource{Kind: "Service", Name: hostile}, What: objects.Added, Diff: "+a: |\n+  " + strings.ReplaceAll(hostile, "\n", "\n+  ") + "\n"}},
		Findings: diag.List{{
			Code: diag.NoMesh, Severity: diag.Error, Message: hostile, Try: hostile, Because: []string{hostile}, Source: diag.Source{File: hostile, Line: 3},
		}},
	}
}

// TestMarkdownShowsWhatComesIn holds that text of the input stays text, wherever it stands.
func TestMarkdownShowsWhatComesIn(t *testing.T) {
	text := markdownOf(t, hostile, hostileComparison())
	open, outside := "", []string{}
	for line := range strings.SplitSeq(text, "\n") {
		marks := regexp.MustCompile("^ *(`{3,})").FindStringSubmatch(line)
		switch {
		case open == "" && marks != nil:
			open = marks[1]
		case open != "" && strings.TrimSpace(line) == open:
			open = ""
		case open == "":
			outside = append(outside, line)
		}
	}
	if open != "" {
		t.Errorf("a block is not closed")
	}
	entities := regexp.MustCompile(`&#\d+;`)
	for _, line := range outside {
		if strings.HasPrefix(line, "| a") && len(regexp.MustCompile(`[^\\]\|`).FindAllString(line, -1)) != 3 {
			t.Errorf("a row has other cells: %s", line)
		}
		if strings.HasPrefix(line, "<!--") {
			continue
		}
		bare := entities.ReplaceAllString(withoutCode(line), "·")
		for _, word := range []string{"<script", "@everyone", "#12", "!3", "[x]", "**z", "$x", "\x1b", "\u202e", "~~~"} {
			if strings.Contains(bare, word) {
				t.Errorf("%q leaves its place: %s", word, bare)
			}
		}
		if strings.HasPrefix(line, "/close") || strings.HasPrefix(line, "# heading") {
			t.Errorf("a line begins with text of the input: %s", line)
		}
	}
	if first, _, _ := strings.Cut(text, "\n"); !strings.HasPrefix(first, "<!-- meshfn diff: ") || strings.Count(first, "-->") != 1 {
		t.Errorf("the marker is %s", first)
	}
}

// withoutCode takes the spans of code out of a line: what is between two rows of backticks of one length.
func withoutCode(line string) string {
	rows := regexp.MustCompile("`+").FindAllStringIndex(line, -1)
	for i := range rows {
		for j := i + 1; j < len(rows); j++ {
			if rows[j][1]-rows[j][0] == rows[i][1]-rows[i][0] {
				return line[:rows[i][0]] + "·" + withoutCode(line[rows[j][1]:])
			}
		}
	}
	return line
}

// TestMarkdownFits holds that a comment is never longer than what can be posted, and says what is left out.
func TestMarkdownFits(t *testing.T) {
	c := &Comparison{}
	for i := range 900 {
		c.Changes = append(c.Changes, changes.Change{Who: fmt.Sprintf("svc-%d", i), Text: strings.Repeat("timeout 3s → 5s ", 200)})
		c.Objects = append(c.Objects, objects.Object{What: objects.Changed, Diff: strings.Repeat("+line\n", 90)})
		c.Findings = append(c.Findings, diag.Finding{Code: diag.NoMesh, Message: strings.Repeat("long ", 500)})
	}
	text := markdownOf(t, "", c)
	if len(text) > 65_000 {
		t.Errorf("it has %d bytes", len(text))
	}
	for _, word := range []string{"findings are left out", "changes are left out", "objects are left out"} {
		if !strings.Contains(text, word) {
			t.Errorf("it does not say that %s", word)
		}
	}
	if strings.Count(text, "<details>") != strings.Count(text, "</details>") {
		t.Error("a folded part is not closed")
	}
	c.Changes, c.Findings = c.Changes[:1], nil
	if one := markdownOf(t, "", c); len(one) > 65_000 || len(one) < 60_000 {
		t.Errorf("it has %d bytes, and there is more to show", len(one))
	}
}

// TestGraph holds what a picture may consist of: nothing of the input is syntax.
func TestGraph(t *testing.T) {
	line := regexp.MustCompile(`^(flowchart LR|  n\d+\["[^"\[\]{}()<>|` + "`" + `\\&]*"\]|  n\d+ (-->|-\.->)\|[a-z ]+\| n\d+)$`)
	for text := range strings.SplitSeq(strings.TrimSuffix(Graph(hostileComparison().Calls), "\n"), "\n") {
		if !line.MatchString(text) {
			t.Errorf("%q is no line of a flowchart", text)
		}
	}
	if Graph(nil) != "" || Graph(make([]changes.Call, mostCalls+1)) != "" {
		t.Error("there is a picture of nothing, or of too much")
	}
}
