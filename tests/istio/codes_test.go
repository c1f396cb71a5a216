package istio

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"istio.io/istio/pkg/config/analysis/msg"
	"sigs.k8s.io/yaml"
)

// code is what becomes of one code of istioctl analyze or Kiali.
type code struct {
	Code     string `json:"code"`
	Name     string `json:"name"`
	Class    string `json:"class"`
	Test     string `json:"test"`     // of what is prevented: a scenario, or the name of a test
	Reason   string `json:"reason"`   // of what is not detected
	Upstream string `json:"upstream"` // why Istio's analyzers are silent about the files that show a detected code
}

func readCodes(t *testing.T) []code {
	t.Helper()
	var codes []code
	if err := yaml.UnmarshalStrict([]byte(readFile(t, "codes.yaml")), &codes); err != nil {
		t.Fatal(err)
	}
	return codes
}

func detectedCodes(t *testing.T) map[string]bool {
	t.Helper()
	detected := map[string]bool{}
	for _, c := range readCodes(t) {
		detected[c.Code] = c.Class == "detected"
	}
	return detected
}

// TestCodesAreAll holds codes.yaml to what Istio's analyzers can say, and to its own rules.
func TestCodesAreAll(t *testing.T) {
	codes := readCodes(t)
	for _, message := range msg.All() {
		if !slices.ContainsFunc(codes, func(c code) bool { return c.Code == message.Code() }) {
			t.Errorf("codes.yaml lacks %s", message.Code())
		}
	}
	held := map[string]int{}
	for i, c := range codes {
		if i > 0 && codes[i-1].Code >= c.Code {
			t.Errorf("codes.yaml: %s does not come after %s", c.Code, codes[i-1].Code)
		}
		switch c.Class {
		case "prevented":
			if !testExists(t, c.Test) {
				t.Errorf("codes.yaml: %s: there is no %q", c.Code, c.Test)
			}
			held[c.Code[:3]]++
		case "detected":
			held[c.Code[:3]]++
		case "needs facts", "later", "cluster only":
		default:
			t.Errorf("codes.yaml: %s: class %q", c.Code, c.Class)
		}
		if (c.Class == "detected") != (c.Reason == "") {
			t.Errorf("codes.yaml: %s: a reason belongs to everything but what is detected", c.Code)
		}
	}
	if held["IST"] < 48 || held["KIA"] < 40 {
		t.Errorf("prevented or detected are %v, at least 48 IST and 40 KIA are promised", held)
	}
}

// testExists says whether there is a scenario, or a test in this module or the one above.
func testExists(t *testing.T, name string) bool {
	t.Helper()
	if scenario, ok := strings.CutPrefix(name, "scenarios/"); ok {
		_, err := os.Stat(filepath.Join("../scenarios", scenario+".txtar"))
		return err == nil
	}
	for _, pattern := range []string{"*_test.go", "../*_test.go"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if name != "" && strings.Contains(readFile(t, path), "\nfunc "+name+"(t *testing.T)") {
				return true
			}
		}
	}
	return false
}

// TestCodes proves that each detected code is reported for a file of tests/errors, and by Istio's own analyzers for one of
// these files too. The table in README.md names the files.
func TestCodes(t *testing.T) {
	reporting, confirmed := errorFiles(t)
	codes := readCodes(t)
	for _, c := range codes {
		if c.Class != "detected" {
			continue
		}
		files := reporting[c.Code]
		if len(files) == 0 {
			t.Errorf("%s %s: no file of tests/errors reports it", c.Code, c.Name)
			continue
		}
		if !strings.HasPrefix(c.Code, "IST") {
			continue
		}
		if agrees := confirmed[c.Code]; agrees == (c.Upstream != "") {
			t.Errorf("%s: Istio says it too of one of %v: %v; codes.yaml gives as the reason why not %q", c.Code, files, agrees, c.Upstream)
		}
	}
	table := codeTable(codes, reporting)
	readme := readFile(t, "README.md")
	between := regexp.MustCompile(`(?s)(<!-- codes -->\n).*(<!-- /codes -->)`)
	wanted := between.ReplaceAllLiteralString(readme, "<!-- codes -->\n"+table+"<!-- /codes -->")
	if *update {
		if err := os.WriteFile("README.md", []byte(wanted), 0o600); err != nil {
			t.Fatal(err)
		}
	} else if wanted != readme {
		t.Error("the table in README.md is stale; -update rewrites it")
	}
}

// errorFiles says which files of tests/errors report a code, and which codes Istio reports for the same file.
func errorFiles(t *testing.T) (reporting map[string][]string, confirmed map[string]bool) {
	t.Helper()
	paths, err := filepath.Glob("../errors/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files: %v", err)
	}
	reporting, confirmed = map[string][]string{}, map[string]bool{}
	for _, path := range paths {
		stream, name := readFile(t, path), "errors/"+strings.TrimSuffix(filepath.Base(path), ".yaml")
		var found []string
		unreadable := map[resource]bool{} // to Istio's tools too, which then read nothing of the file
		for _, f := range ours(t, stream) {
			unreadable[f.resource()] = unreadable[f.resource()] || f.Code == "MF0309"
			if !f.open() {
				found = append(found, f.Also...)
			}
		}
		slices.Sort(found)
		found = slices.Compact(found)
		for _, code := range found {
			reporting[code] = append(reporting[code], name)
		}
		if !slices.ContainsFunc(found, func(code string) bool { return strings.HasPrefix(code, "IST") }) {
			continue
		}
		objects := slices.DeleteFunc(asApplied(t, stream), func(o *unstructured.Unstructured) bool { return unreadable[named(o)] })
		for _, v := range upstream(t, nil, objects) {
			if slices.Contains(found, v.code) {
				confirmed[v.code] = true
			}
		}
	}
	return reporting, confirmed
}

// codeTable is the part of README.md about codes.
func codeTable(codes []code, reporting map[string][]string) string {
	var b strings.Builder
	b.WriteString("| code | name | here | test, or reason |\n|---|---|---|---|\n")
	for _, c := range codes {
		why := c.Reason
		switch c.Class {
		case "detected":
			why = strings.Join(reporting[c.Code], ", ")
		case "prevented":
			why = c.Test + ": " + c.Reason
		}
		_, _ = fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", c.Code, c.Name, c.Class, why)
	}
	return b.String()
}
