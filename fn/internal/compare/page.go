package compare

import (
	"fmt"
	"strings"
)

// page is text that may only become so long.
type page struct {
	strings.Builder
	most int
}

// atLast is kept free for saying what is left out.
const atLast = 400

// add adds a text, unless it does not fit any more.
func (p *page) add(text string) bool {
	if p.Len()+len(text)+atLast > p.most {
		return false
	}
	_, _ = p.WriteString(text)
	return true
}

// list adds entries, at most so much of them, and says how many are left out.
func (p *page) list(most int, before, word string, entries []string) {
	if len(entries) == 0 || !p.add(before) {
		return
	}
	used := 0
	for i, entry := range entries {
		if used += len(entry); used > most || !p.add(entry) {
			_, _ = p.WriteString("\n" + leftOut(len(entries)-i, word) + "\n")
			return
		}
	}
}

// objects adds the objects that differ, each with its diff folded away.
func (p *page) objects(c *Comparison) {
	if len(c.Objects) == 0 {
		return
	}
	const end = "\n</details>\n"
	summary := counted(len(c.Objects), "object differs", "objects differ")
	if !p.add("\n<details>\n<summary>" + summary + "</summary>\n" + end) {
		_, _ = p.WriteString("\n" + leftOut(len(c.Objects), "object") + "\n")
		return
	}
	text := p.String()
	p.Reset()
	_, _ = p.WriteString(strings.TrimSuffix(text, end))
	p.most -= len(end)
	for i := range c.Objects {
		object := &c.Objects[i]
		folded := fmt.Sprintf("\n<details>\n<summary>%s %s, +%d -%d</summary>\n\n%s\n</details>\n", object.What,
			escaped(bounded(object.Resource.String())), object.Lines.Added, object.Lines.Removed, fence("diff", object.Diff))
		if !p.add(folded) {
			_, _ = p.WriteString("\n" + leftOut(len(c.Objects)-i, "object") + "\n")
			break
		}
	}
	_, _ = p.WriteString(end)
}

func leftOut(n int, word string) string {
	return "*" + counted(n, word+" is", word+"s are") + " left out here, because a comment cannot be longer. `meshfn diff --format json` has everything.*"
}
