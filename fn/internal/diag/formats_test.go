package diag

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func odd() List {
	return List{{
		Code: InvalidObject, Severity: Warning,
		Source:  Source{File: "a dir,50%:x/é.yaml", Line: 3, Column: 7, Resource: Resource{Kind: "Service", Namespace: "shop", Name: "web"}, Field: "spec.ports"},
		Message: "100% wrong: one, two\nthree", Because: []string{"it is so"}, Try: "a: b\nc: d",
		Related: []Source{{Resource: Resource{Kind: "Namespace", Name: "shop"}, Field: "metadata.labels"}},
	}, {
		Code: NoInput, Severity: Info, Source: Source{File: "<stdin>"}, Message: "nothing",
	}}
}

// TestGitHub escapes what the workflow commands of GitHub Actions give a meaning, more of it in properties than in text.
func TestGitHub(t *testing.T) {
	var out bytes.Buffer
	if err := GitHub(&out, odd()); err != nil {
		t.Fatal(err)
	}
	want := "::warning file=a dir%2C50%25%3Ax/é.yaml,line=3,col=7,title=MF0309 IST0106::100%25 wrong: one, two%0Athree%0Abecause: it is so" +
		"%0Asee: Namespace shop: metadata.labels%0Atry: a: b%0Ac: d\n" +
		"::notice title=MF0011::<stdin>: nothing\n"
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}

// TestGitLab gives each finding a place and a fingerprint, which does not depend on the line.
func TestGitLab(t *testing.T) {
	read := func(findings List) []codeQuality {
		var out bytes.Buffer
		if err := GitLab(&out, findings); err != nil {
			t.Fatal(err)
		}
		var report []codeQuality
		if err := json.Unmarshal(out.Bytes(), &report); err != nil {
			t.Fatal(err)
		}
		return report
	}
	findings := append(odd(), odd()[0])
	report := read(findings)
	if at := report[0].Location; at.Path != "a dir,50%:x/é.yaml" || at.Lines.Begin != 3 || report[0].Severity != "minor" {
		t.Errorf("the first finding is %+v", report[0])
	}
	if at := report[1].Location; at.Path != "input" || at.Lines.Begin != 1 || report[1].CheckName != "MF0011" {
		t.Errorf("what has no file is %+v", report[1])
	}
	if report[0].Fingerprint == report[2].Fingerprint {
		t.Error("two findings have one fingerprint")
	}
	findings[0].Source.Line += 10
	if moved := read(findings); moved[0].Fingerprint != report[0].Fingerprint {
		t.Error("a finding whose line moved is a new one")
	}
	if got := read(nil); got == nil || len(got) != 0 {
		t.Errorf("no finding is %v, not an empty list", got)
	}
}

// TestSARIFPlaces writes a file as a URI, and what has no file as the object that it is about.
func TestSARIFPlaces(t *testing.T) {
	var out bytes.Buffer
	if err := SARIF(&out, odd(), "v1.2.3"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"uri": "./a%20dir,50%25:x/%C3%A9.yaml"`, `"startLine": 3`, `"level": "warning"`, `"level": "note"`, `"version": "v1.2.3"`,
		`"fullyQualifiedName": "Namespace shop: metadata.labels"`,
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is not in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "<stdin>") {
		t.Errorf("standard input is no file:\n%s", out.String())
	}
}

// TestCatalogue holds that each code has one entry, in its chapter, and that other tools' codes are written as they write
// them.
func TestCatalogue(t *testing.T) {
	seen := map[Code]bool{}
	for _, entry := range Catalogue() {
		if seen[entry.Code] || entry.Title == "" || entry.Text == "" {
			t.Errorf("%s stands twice, or has no title or text", entry.Code)
		}
		seen[entry.Code] = true
		for _, also := range entry.Also {
			if len(also) != 7 || also[:3] != "IST" && also[:3] != "KIA" {
				t.Errorf("%s is also %q", entry.Code, also)
			}
		}
	}
}
