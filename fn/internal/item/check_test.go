package item

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// TestCheck holds the place, the text and the fix of each problem. The document begins in line 11 of the file.
func TestCheck(t *testing.T) {
	for name, test := range map[string]struct {
		raw  string
		want string
	}{
		"tab": {
			"kind: A\nspec:\n\ta: b\n",
			"f.yaml:13:1: [MF0001] this line is indented with a tab, and YAML allows only spaces; try: indent with spaces",
		},
		"tab after spaces": {
			"kind: A\nspec:\n  a: b\n \tc: d\n",
			"f.yaml:14:2: [MF0001] this line is indented with a tab, and YAML allows only spaces; try: indent with spaces",
		},
		"wrong indentation": {
			"kind: A\nspec:\n    a: b\n  c: d\n",
			"f.yaml:14:3: [MF0001] this line does not fit the indentation of the lines above; try: line it up with the other keys or list entries",
		},
		"too deep a key": {
			"kind: A\nspec: b\n  c: d\n",
			"f.yaml:13:3: [MF0001] \": \" is not allowed here: either the indentation is wrong or a text with \": \" has no quotes; try: line this key up with the others, or put the text in quotes",
		},
		"colon in a text": {
			"kind: A\nspec:\n  a: b: c\n",
			"f.yaml:13:3: [MF0001] \": \" is not allowed here: either the indentation is wrong or a text with \": \" has no quotes; try: line this key up with the others, or put the text in quotes",
		},
		"no colon": {
			"kind: A\nspec\nmore: b\n",
			"f.yaml:12:1: [MF0001] this line is not a key with a value; try: write \"key: value\", with a space after the colon",
		},
		"open quote": {
			"kind: A\nspec: \"b\n\nmore: c\n",
			"f.yaml:12:1: [MF0001] a quote opens here that is never closed; try: close the quote, or remove it",
		},
		"open bracket": {
			"kind: A\nspec: {a: b\nmore: c\n",
			"f.yaml:12:1: [MF0001] a bracket is not closed, or a value or a comma is missing; try: close the bracket, or add what is missing",
		},
		"at sign": {
			"kind: A\nspec: @b\n",
			"f.yaml:12:1: [MF0001] a value cannot begin like this: spec: @b; try: put the value in quotes",
		},
		"unknown anchor": {
			"kind: A\nspec:\n  a: *b\nmore: c\n",
			"f.yaml:13:3: [MF0001] there is no anchor for the alias \"*b\"; try: define the anchor with \"&\" earlier in the same document, or put quotes around a text that begins with \"*\"",
		},
		"unknown escape": {
			"kind: A\nspec: \"\\d\"\n",
			"f.yaml:12:1: [MF0001] a backslash inside double quotes begins an escape that YAML does not know; try: write \"\\\\\" for a backslash, or use single quotes",
		},
		"byte zero": {
			"kind: A\nspec: b\x00\n",
			"f.yaml:12:8: [MF0001] control character U+0000 is not allowed in YAML; try: remove it, or put binary data into the file in base64",
		},
		"invalid UTF-8": {
			"kind: A\nspec: é\xff\n",
			"f.yaml:12:8: [MF0001] byte 0xFF is not UTF-8 text; try: save the file as UTF-8",
		},
		"UTF-16": {
			"\xff\xfek\x00",
			"f.yaml:11:1: [MF0001] the text is encoded as UTF-16; try: save the file as UTF-8",
		},
		"empty": {
			"# only a comment\n",
			"f.yaml:11:1: [MF0001] the document is empty; try: remove it, or write an object with apiVersion, kind and metadata",
		},
		"two documents": {
			"kind: A\n---\nkind: B\n",
			"f.yaml:11:1: [MF0001] a second document begins inside this one; try: begin every document with a line that is just \"---\"",
		},
		"a list": {
			"# c\n- a\n",
			"f.yaml:12:1: [MF0001] the document is a list, not a mapping of fields; try: write \"apiVersion:\", \"kind:\" and \"metadata:\" at the start of lines of their own",
		},
		"a text": {
			"kind A\n",
			"f.yaml:11:1: [MF0001] the document is the text \"kind A\", not a mapping of fields; try: write \"apiVersion:\", \"kind:\" and \"metadata:\" at the start of lines of their own",
		},
		"a mapping as key": {
			"kind: A\n? {a: b}\n: c\n",
			"f.yaml:12:3: [MF0001] a mapping or list stands where a key must be: a key is one word or text; try: put quotes around a key that begins with \"{\" or \"[\"",
		},
		"a merge of nothing": {
			"kind: A\n<<: b\n",
			"f.yaml:12:1: [MF0001] the merge key \"<<\" needs a mapping or a list of mappings; try: point the merge key at the anchor of a mapping",
		},
		"a cycle": {
			"kind: &a\n  b: [*a]\n",
			"f.yaml:12:7: [MF0001] alias \"*a\" stands for something that contains the alias itself; try: write the value out instead of the alias",
		},
		"a key twice": {
			"kind: A\nspec:\n  b:\n  - c: 1\n    d: 2\n    \"c\": 3\n",
			"f.yaml:16:5: [MF0004] spec.b[0].c: key \"c\" is there twice; the first is in line 14; try: keep one of the two; see: f.yaml:14:5",
		},
		"too deep": {
			"kind: A\nspec: " + strings.Repeat("[", 101) + strings.Repeat("]", 101) + "\n",
			"f.yaml:12:106: [MF0003] nested more than 100 levels deep; try: check the brackets and the indentation: no Kubernetes object nests this deep",
		},
		"far too deep": {
			"kind: A\nspec: " + strings.Repeat("[", 100_000),
			"f.yaml:12:1: [MF0003] nested far too deep; try: check the brackets and the indentation",
		},
		"too deep by aliases": {
			deepAliases(),
			"f.yaml:13:96: [MF0003] nested more than 100 levels deep; try: check the brackets and the indentation: no Kubernetes object nests this deep",
		},
		"too large": {
			"kind: A\n" + strings.Repeat("#", MaxDocument),
			"f.yaml:11:1: [MF0002] the document has 3145736 bytes, more than the allowed 3145728; try: split the document, or move data that is no configuration out of it",
		},
		"alias bomb": {
			bomb(30),
			"f.yaml:26:6: [MF0002] the aliases in this document stand for more than 100000 values; try: write the values out, or use fewer aliases to anchors that hold aliases themselves",
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := New([]byte(test.raw), Place{File: "f.yaml", Line: 11}).Check()
			if f == nil {
				t.Fatal("no finding")
			}
			if diff := cmp.Diff(test.want, flat(f)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func flat(f *diag.Finding) string {
	field := ""
	if f.Source.Field != "" {
		field = f.Source.Field + ": "
	}
	text := fmt.Sprintf("%s: [%s] %s%s; try: %s", f.Source, f.Code, field, f.Message, f.Try)
	for _, related := range f.Related {
		text += "; see: " + related.String()
	}
	return text
}

// bomb returns a document of n anchors, each of which stands for the one before it twice.
func bomb(n int) string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x]\n")
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [*a%d, *a%d]\n", i, i, i-1, i-1)
	}
	return b.String()
}

func deepAliases() string {
	return "kind: A\na: &a " + strings.Repeat("[", 60) + strings.Repeat("]", 60) + "\n" +
		"b: " + strings.Repeat("[", 40) + "x, " + strings.Repeat("{a: ", 12) + " *a" + strings.Repeat("}", 12) + strings.Repeat("]", 40) + "\n"
}

func TestCheckAccepts(t *testing.T) {
	for name, raw := range map[string]string{
		"100 levels":      "a: " + strings.Repeat("[", 99) + strings.Repeat("]", 99),
		"many aliases":    "a: &a x\nb: [" + strings.Repeat("*a,", 90_000) + "]",
		"anchors again":   "a: &a {b: c}\nd: {e: *a}\nf: &a g\nh: *a\n",
		"same key apart":  "a: {b: c}\nd: {b: c}\n",
		"merge":           "a: &a {b: c}\nd: {<<: *a, b: d}\n",
		"merge of a list": "a: &a {b: c}\nd: {<<: [*a, {e: f}]}\n",
		"json":            "{\"a\": {\n\t\"b\": [1, 2]\n}}",
		"crlf":            "a: b\r\nc: |\r\n  d\r\n",
		"byte order mark": "\ufeffa: b\n",
		"emoji":           "a: 🙂 # 🙂\n",
		"indented":        "  a: b\n# c\n  d: e\n",
	} {
		t.Run(name, func(t *testing.T) {
			if f := New([]byte(raw), Place{}).Check(); f != nil {
				t.Errorf("refused: %s", f.Message)
			}
		})
	}
}

func TestCheckWithoutFile(t *testing.T) {
	for raw, want := range map[string]string{
		"kind: A\nspec: {\n":              "input: [MF0001] a bracket is not closed, or a value or a comma is missing (line 2 of the document)",
		"kind: A\nspec: {b: 1,\n b: 2}\n": "A: spec.b: [MF0004] spec.b: key \"b\" is there twice (line 3 of the document)",
	} {
		f := New([]byte(raw), Place{}).Check()
		if f == nil || f.Source.Line != 0 || !strings.HasPrefix(flat(f), want) {
			t.Errorf("Check() = %s, want %s", flat(f), want)
		}
	}
}

// TestHostileInputIsCheap gives Check documents that are made to cost time. The bound is wide, for slow machines; what
// it catches is a cost that grows with the square of the size.
func TestHostileInputIsCheap(t *testing.T) {
	for name, raw := range map[string]string{
		"10 MB":            strings.Repeat("a: b\n", 2<<20),
		"open brackets":    strings.Repeat("[", MaxDocument),
		"open braces":      strings.Repeat("{a: ", MaxDocument/4),
		"dashes":           strings.Repeat("- ", MaxDocument/2),
		"question marks":   strings.Repeat("? ", MaxDocument/2),
		"colons":           strings.Repeat(": ", MaxDocument/2),
		"line breaks":      strings.Repeat("\n", MaxDocument),
		"carriage returns": strings.Repeat("\r", MaxDocument),
		"old line breaks":  strings.Repeat("a: b\u0085", MaxDocument/6),
		"same key":         strings.Repeat("a: b\n", MaxDocument/5),
		"comments":         "a:\n" + strings.Repeat("  # c\n  - x\n", MaxDocument/13),
		"open quote":       "a: \"" + strings.Repeat("\n", MaxDocument-5),
		"anchors":          "a:\n" + strings.Repeat("- &a x\n", MaxDocument/8),
		"one large anchor": "a: &a\n" + strings.Repeat("  - x\n", 100_000) + "b: [" + strings.Repeat("*a,", 100_000) + "]",
		"alias bomb":       bomb(10_000),
		"bytes":            strings.Repeat("\x00\x01\xff", MaxDocument/3),
		"steps": func() string {
			var b strings.Builder
			for n := 0; b.Len() < MaxDocument-3_000; n++ {
				b.WriteString(strings.Repeat(" ", n) + "k:\n")
			}
			return b.String()
		}(),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			i := New([]byte(raw), Place{File: "f.yaml", Line: 1})
			finding := i.Check()
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("Check took %v", took)
			}
			if finding == nil && name != "comments" && name != "anchors" {
				t.Error("accepted")
			}
		})
	}
}
