package istio

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// finding is what the program's own check says.
type finding struct {
	Code     string   `json:"code"`
	Also     []string `json:"also"`
	Severity string   `json:"severity"`
	Message  string   `json:"message"`
	Source   place    `json:"source"`
	Related  []place  `json:"related"`
}

// place is where a finding points.
type place struct {
	File     string `json:"file"`
	Resource struct {
		Kind      string `json:"kind"`
		Namespace string `json:"namespace"`
		Name      string `json:"name"`
	} `json:"resource"`
	Field string `json:"field"`
}

func (p place) resource() resource {
	return shown(p.Resource.Kind, p.Resource.Namespace, p.Resource.Name)
}

func (f finding) resource() resource { return f.Source.resource() }

func (f finding) String() string {
	return fmt.Sprintf("%s: %s: %s [%s %s]", f.resource(), f.Severity, f.Message, f.Code, strings.Join(f.Also, " "))
}

// open reports whether the finding leaves a question open that only facts outside of the build could answer. It is no verdict.
func (f finding) open() bool { return strings.HasPrefix(f.Message, "not checked: ") }

// verdicts are the finding's codes that begin with a prefix, IST for those of Istio's analyzers. What is wrong with several
// objects together is one finding, and Istio reports it for each of them.
func (f finding) verdicts(prefix string) []verdict {
	var all []verdict
	for _, code := range f.Also {
		if !strings.HasPrefix(code, prefix) {
			continue
		}
		all = append(all, verdict{code, f.resource()})
		for _, related := range f.Related {
			all = append(all, verdict{code, related.resource()})
		}
	}
	return all
}

// ours runs the program's check over a stream.
func ours(t *testing.T, stream string) []finding {
	t.Helper()
	got := run(t, stream, "check", "--format", "json", "-")
	var report struct {
		Findings []finding `json:"findings"`
	}
	if got.code > 1 {
		t.Fatalf("check: exit code %d\n%s", got.code, got.stderr)
	}
	if err := json.Unmarshal([]byte(got.stdout), &report); err != nil {
		t.Fatalf("check: %v\n%s", err, got.stdout)
	}
	return report.Findings
}

// difference is a verdict that only one side has, and why. Without a file it holds in all of them, without a resource for
// all objects, and with a kind alone for all of that kind.
type difference struct {
	File     string `json:"file"`
	Says     string `json:"says"` // istio or meshfn
	Code     string `json:"code"`
	Resource string `json:"resource"`
	Reason   string `json:"reason"`
}

// differences are the known ones. Each has to be met: which ones were is kept while they are used.
type differences struct {
	known []difference
	met   []bool
}

func readDifferences(t *testing.T) *differences {
	t.Helper()
	var known []difference
	if err := yaml.UnmarshalStrict([]byte(readFile(t, "differences.yaml")), &known); err != nil {
		t.Fatal(err)
	}
	for _, d := range known {
		if d.Code == "" || d.Reason == "" || d.Says != "istio" && d.Says != "meshfn" {
			t.Errorf("differences.yaml: code, reason, and says istio or meshfn are needed: %+v", d)
		}
	}
	return &differences{known, make([]bool, len(known))}
}

// explain says whether a verdict of one side alone is known, and remembers that it was met.
func (d *differences) explain(file, says string, v verdict) bool {
	explained := false
	for i, known := range d.known {
		if known.Says == says && known.Code == v.code && (known.File == "" || known.File == file) &&
			(known.Resource == "" || known.Resource == v.resource.kind || known.Resource == v.resource.String()) {
			d.met[i], explained = true, true
		}
	}
	return explained
}

// unmet fails for differences that are none any more. Those of a test are of the files that begin with its prefix; those of
// no file are of the analyzers' inputs.
func (d *differences) unmet(t *testing.T, prefix string) {
	t.Helper()
	for i, known := range d.known {
		if !d.met[i] && strings.HasPrefix(cmp.Or(known.File, "analyzers/"), prefix) {
			t.Errorf("differences.yaml: not a difference any more: %+v", known)
		}
	}
}

// TestChecksAgree compares the program's own check with Istio's webhook and analyzers, over the inputs of the tests of the
// analyzers. What codes.yaml calls detected has to be found on the same objects, or to be said to be open for want of facts
// that Istio takes for absent; and nothing else is found.
func TestChecksAgree(t *testing.T) {
	known, detected, rules, agreed, left := readDifferences(t), detectedCodes(t), crdRules(t), 0, 0
	for _, path := range analyzerInputs(t) {
		file := "analyzers/" + filepath.Base(path)
		t.Run(filepath.Base(path), func(t *testing.T) {
			stream := readFile(t, path)
			objects := asApplied(t, stream)
			theirs := upstream(t, factsOf(path), objects)
			allowed := append(refused(t, rules, objects), theirs...)
			var mine, open []verdict
			for _, f := range ours(t, stream) {
				judged := f.verdicts("IST")
				if f.open() {
					open = append(open, judged...)
					continue
				}
				mine = append(mine, judged...)
				if len(judged) > 0 && !intersects(judged, allowed) && !slices.ContainsFunc(judged, func(v verdict) bool {
					return known.explain(file, "meshfn", v)
				}) {
					t.Errorf("Istio does not say so: %s", f)
				}
			}
			for _, v := range theirs {
				switch {
				case slices.Contains(mine, v):
					agreed++
				case slices.Contains(open, v):
					left++
				case detected[v.code] && !known.explain(file, "istio", v):
					t.Errorf("only Istio says %s", v)
				}
			}
		})
	}
	known.unmet(t, "analyzers/")
	t.Logf("%d verdicts are the same, %d questions are said to be open", agreed, left)
	if agreed < 150 {
		t.Errorf("only %d verdicts are the same, which compares too little", agreed)
	}
}

// refused are the objects that the API server refuses by their schemas, before the webhook and the analyzers see them. The
// inputs of the analyzers' tests have many such mistakes: the check need not find them, but may.
func refused(t *testing.T, rules schemas, objects []*unstructured.Unstructured) []verdict {
	t.Helper()
	var all []verdict
	for _, m := range rules.check(t, objects) {
		all = append(all, verdict{"IST0106", m.resource})
	}
	return all
}

func intersects(a, b []verdict) bool {
	return slices.ContainsFunc(a, func(v verdict) bool { return slices.Contains(b, v) })
}
