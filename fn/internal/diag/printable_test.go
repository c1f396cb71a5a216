package diag

import (
	"bytes"
	"strings"
	"testing"
)

// TestPrintable holds that nothing in a finding acts on who reads it.
func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"plain äöü 日本 …":             "plain äöü 日本 …",
		"\x1b[31mred\x1b]0;title\a":  `\x1b[31mred\x1b]0;title\a`,
		"a\rb\x00c\x7f":              `a\rb\x00c\x7f`,
		"\u009b31m csi":              `\u009b31m csi`,
		"abc\u202edef\u2066":         `abc\u202edef\u2066`,
		"line\u2028separator":        `line\u2028separator`,
		"\xff\xfe":                   `\xff\xfe`,
		"::error file=a::b":          `\::error file=a::b`,
		" \t::set-output name=a::b":  " \t" + `\::set-output name=a::b`,
		"a ::error::":                "a ::error::",
		"a ##[add-mask]b":            `a ##\[add-mask]b`,
		"##vso[task.setvariable]":    `##vso\[task.setvariable]`,
		"##teamcity[buildProblem d]": `##teamcity\[buildProblem d]`,
		"# ## heading":               "# ## heading",
		"\u00a0::error::":            "\u00a0\\::error::",
	} {
		if got := Printable(text); got != want {
			t.Errorf("%q is printed as %q, want %q", text, got, want)
		}
		if again := Printable(Printable(text)); again != Printable(text) {
			t.Errorf("%q changes again: %q", text, again)
		}
	}
}

// TestTextInjection puts hostile text at every place of a finding and expects one heading and no command, in each format that
// people and runners read.
func TestTextInjection(t *testing.T) {
	const evil = "x\n::error file=a.yaml,line=1::forged\nb.yaml:1:1: error: forged [MF0001]\n\x1b[2J##[stop-commands]y\r::warning::z\u202e"
	source := Source{File: evil, Field: evil, Resource: Resource{APIVersion: evil, Kind: evil, Namespace: evil, Name: evil}}
	located := source
	located.Line, located.Column = 1, 1
	for _, at := range []Source{source, located} {
		finding := Finding{
			Code: NotYAML, Source: at, Message: evil, Because: []string{evil}, Try: evil, Proposed: evil, Related: []Source{source, located},
		}
		for name, print := range map[string]func(*bytes.Buffer) error{
			"text": func(b *bytes.Buffer) error {
				return Text(b, List{finding}, func(string, int) (string, bool) { return evil, true })
			},
			"github": func(b *bytes.Buffer) error { return GitHub(b, List{finding}) },
		} {
			var out bytes.Buffer
			if err := print(&out); err != nil {
				t.Fatal(err)
			}
			headings := 0
			for i, line := range strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n") {
				command := strings.HasPrefix(strings.TrimSpace(line), "::")
				if command != (name == "github" && i == 0) {
					t.Errorf("%s: line %d is a command: %q", name, i, line)
				}
				if line != "" && !strings.HasPrefix(line, " ") {
					headings++
				}
				if strings.Contains(line, "##[") || strings.ContainsFunc(line, acts) {
					t.Errorf("%s: line %d acts: %q", name, i, line)
				}
			}
			if headings != 1 {
				t.Errorf("%s: %d headings:\n%s", name, headings, out.String())
			}
		}
	}
}

// TestPlain keeps lines together however they are written, and cuts one that is endless.
func TestPlain(t *testing.T) {
	var out bytes.Buffer
	plain := NewPlain(&out)
	for _, part := range []string{"a\xc3", "\xa4\n  :", ":error::b\n", strings.Repeat("x", 3*maxLine) + "\nend"} {
		if _, err := plain.Write([]byte(part)); err != nil {
			t.Fatal(err)
		}
	}
	if err := plain.Flush(); err != nil {
		t.Fatal(err)
	}
	want := "aä\n  \\::error::b\n" + strings.Repeat("x", maxLine) + " ... (16384 more bytes)\nend"
	if out.String() != want {
		t.Errorf("%q", out.String())
	}
}
