package compare

import (
	"fmt"
	"io"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// The sizes of a comment. GitHub takes 65,536 characters, and what it takes each of the parts may use of it, so that none
// keeps another from being seen.
// https://github.com/orgs/community/discussions/41331
const (
	mostComment  = 65_000
	mostFindings = 20_000
	mostTable    = 20_000
	mostCell     = 1_500
)

// Comment is how a comparison is posted.
type Comment struct {
	Title string // tells the comments of one pull request apart, "" where there is one
}

// Marker is the first line of a comment, by which it is found again to be replaced.
func (m Comment) Marker() string {
	if m.Title == "" {
		return "<!-- meshfn diff -->"
	}
	return "<!-- meshfn diff: " + strings.NewReplacer("-->", "", "--", "- -", "<", "", ">", "", "\n", " ").Replace(m.Title) + " -->"
}

// Markdown prints a comparison as a comment of a pull request: whether it is safe, what changes for whom, the calls as a
// picture, what is unsafe, and the objects folded. It is never too long to be posted, and says what is left out.
func (m Comment) Markdown(w io.Writer, c *Comparison) error {
	page := page{most: mostComment}
	heading := "Mesh changes"
	if m.Title != "" {
		heading += ": " + escaped(m.Title)
	}
	page.add(m.Marker() + "\n### " + heading + "\n\n" + c.verdictMarkdown() + "\n")
	page.list(mostFindings, "\n#### The way from old to new\n\n", "finding", c.findingsMarkdown())
	page.list(mostTable, "\n| for whom | what changes | where |\n|---|---|---|\n", "change", c.rows())
	if graph := Graph(c.Calls); graph != "" {
		page.add("\n" + fence("mermaid", graph))
	}
	if note := c.rewritten(); note != "" {
		page.add("\n" + note + ".\n")
	}
	page.objects(c)
	_, err := io.WriteString(w, page.String())
	return err
}

func (c *Comparison) verdictMarkdown() string {
	summary := escaped(c.Summary())
	switch counts := c.Findings.Counts(); {
	case c.Same() && len(c.Findings) == 0:
		return "No difference: the same would be applied."
	case counts.Errors > 0:
		return "❌ **" + summary + "**"
	case counts.Warnings > 0:
		return "⚠️ " + summary
	default:
		return "✅ " + summary
	}
}

// rows are the changes as rows of a table.
func (c *Comparison) rows() []string {
	rows := make([]string, 0, len(c.Changes))
	for i := range c.Changes {
		change := &c.Changes[i]
		at := ""
		if change.At != (diag.Source{}) {
			at = strings.Replace(code(where(change)), "`profile, ", "profile `", 1)
		}
		rows = append(rows, fmt.Sprintf("| %s | %s | %s |\n", escaped(bounded(change.Who)), escaped(bounded(change.Text)), bounded(at)))
	}
	return rows
}

// bounded keeps one text from taking the place of all others.
func bounded(text string) string {
	letters := []rune(text)
	if len(letters) <= mostCell {
		return text
	}
	return string(letters[:mostCell]) + "…"
}

// findingsMarkdown are the findings as entries of a list, each with its fix.
func (c *Comparison) findingsMarkdown() []string {
	signs := map[diag.Severity]string{diag.Error: "❌", diag.Warning: "⚠️", diag.Info: "ℹ️"}
	var entries []string
	for _, finding := range c.Findings {
		var text strings.Builder
		_, _ = fmt.Fprintf(&text, "- %s **%s** %s [%s](%s)\n  %s\n", signs[finding.Severity], finding.Severity,
			escaped(bounded(finding.BesideField())), finding.Code, finding.Code.Help(), code(bounded(finding.Source.String())))
		for _, detail := range finding.Details() {
			word, rest, _ := strings.Cut(detail, ": ")
			if strings.Contains(rest, "\n") {
				_, _ = fmt.Fprintf(&text, "  * *%s*:\n\n%s\n", word, indented(fence("yaml", bounded(rest)), "    "))
				continue
			}
			_, _ = fmt.Fprintf(&text, "  * *%s*: %s\n", word, escaped(bounded(rest)))
		}
		entries = append(entries, text.String())
	}
	return entries
}

func indented(text, by string) string {
	return by + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+by) + "\n"
}
