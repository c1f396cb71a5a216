// Command reference writes docs/findings.md: what each code means, from the catalogue, and what it looks like, from the
// tests. Run it with `go generate ./fn/internal/diag`.
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: reference ROOT")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "reference:", err)
		os.Exit(1)
	}
}

// run works from the root of the repository, so that examples name files as a reader finds them.
func run(root string) error {
	if err := os.Chdir(root); err != nil {
		return err
	}
	text, err := reference()
	if err != nil {
		return err
	}
	return os.WriteFile("docs/findings.md", []byte(text), 0o644)
}

// intro is what the reader needs before the codes.
const intro = `<!-- Generated from fn/internal/diag and the tests by ` + "`go generate ./fn/internal/diag`" + `; do not edit. -->
# Findings

What meshfn says, code by code. A finding is one line that an editor can follow, then the source line, why, and what to
write instead:

` + "```" + `
file:line:column: error: what was found; what is allowed [MF0000 IST0000 KIA0000]
` + "```" + `

The first code is meshfn's own and never changes its meaning. Behind it stand the codes that ` + "`istioctl analyze`" + ` (IST)
and Kiali (KIA) have for the same problem. Behind kustomize and kpt the function sees no files; it then names the object and the
field instead of a line.

* An **error** keeps output from being written: something would not work, or would work in another way than it says.
* A **warning** is almost certainly not what was meant, and may be on purpose.
* An **info** is worth knowing. One that begins with *not checked* names a fact that the build does not have.

` + "`meshfn check DIR`" + ` says all findings and writes no manifests, as ` + "`--format text`, `json`, `sarif`, `github` or `gitlab`" + `;
with ` + "`--fail-on warning`" + ` warnings fail too. An object kept by hand that is wrong on purpose can say so in Istio's own
annotation ` + "`galley.istio.io/analyze-suppress`" + `, by codes of any of the three: ` + "`IST0101,MF0309`" + ` or ` + "`*`" + `. A finding
about it is then an info.

`

func reference() (string, error) {
	shown, err := examples()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(intro)
	for _, chapter := range diag.Chapters() {
		overview(&b, chapter)
	}
	for _, chapter := range diag.Chapters() {
		fmt.Fprintf(&b, "\n## %s\n", chapter.Title)
		for _, entry := range chapter.Entries {
			if err := explain(&b, entry, shown); err != nil {
				return "", err
			}
		}
	}
	return b.String(), nil
}

// overview lists the codes of a chapter.
func overview(b *strings.Builder, chapter diag.Chapter) {
	fmt.Fprintf(b, "[%s](#%s)\n\n| code | says | also known as |\n|---|---|---|\n", chapter.Title, anchor(chapter.Title))
	for _, entry := range chapter.Entries {
		fmt.Fprintf(b, "| [%s](#%s) | %s | %s |\n", entry.Code, strings.ToLower(string(entry.Code)), entry.Title, strings.Join(entry.Also, " "))
	}
	b.WriteString("\n")
}

func explain(b *strings.Builder, entry diag.Entry, shown map[diag.Code]example) error {
	if entry.Title == "" || entry.Text == "" {
		return fmt.Errorf("%s has no title or no text in the catalogue", entry.Code)
	}
	fmt.Fprintf(b, "\n### %s\n\n**%s.** %s\n", entry.Code, entry.Title, entry.Text)
	if len(entry.Also) > 0 {
		fmt.Fprintf(b, "\nAlso known as %s.\n", strings.Join(entry.Also, ", "))
	}
	if entry.Firm {
		b.WriteString("\nThe annotation `galley.istio.io/analyze-suppress` does not make it less: it is about a rule of the platform's.\n")
	}
	example, ok := shown[entry.Code]
	if !ok {
		return fmt.Errorf("%s is shown by no file of the tests", entry.Code)
	}
	fmt.Fprintf(b, "\n```\n%s```\n\nFrom [%s](../%s).", example.text, example.file, example.file)
	for i, link := range entry.See {
		if i == 0 {
			b.WriteString(" See also:")
		}
		fmt.Fprintf(b, " <%s>", link)
	}
	b.WriteString("\n")
	return nil
}

// anchor is how GitHub names a heading in a link.
func anchor(title string) string {
	keep := func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-':
			return r
		}
		return -1
	}
	return strings.Map(keep, strings.ToLower(title))
}
