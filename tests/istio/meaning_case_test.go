package istio

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"sigs.k8s.io/yaml"
)

// meaningCase is one file of meaning/: documents, and what Istio makes of their expansion.
type meaningCase struct {
	name       string
	documents  []string
	domain     string // the DNS suffix of the cluster that the case is about
	mesh       string // of the MeshConfig, what is not as Istio has it
	assertions []assertion
}

// assertion says what one proxy or pod gets. Exactly one of its subjects is given.
type assertion struct {
	Proves []string `json:"proves"` // fields of the API as Type.field; taking one away has to break the assertion

	Client    string            `json:"client"` // the namespace of a caller
	From      string            `json:"from"`   // namespace/Kind/name of the workload that calls
	Server    string            `json:"server"` // namespace/Kind/name of a workload
	Gateway   map[string]string `json:"gateway"`
	Namespace string            `json:"namespace"` // of the gateway's pods
	Node      string            `json:"node"`      // where the caller runs

	Request   string `json:"request"`   // GET http://web.shop/path: what an HTTP caller gets
	Stream    string `json:"stream"`    // redis.shop:6379: what a TCP caller gets
	Cluster   string `json:"cluster"`   // Envoy's cluster by name
	Listener  string `json:"listener"`  // Envoy's listener by name
	Endpoints string `json:"endpoints"` // the pods of Envoy's cluster by name
	Knows     string `json:"knows"`     // clusters, hosts or listeners: the names of all that a caller has for calls to others
	Reports   string `json:"reports"`   // inbound 80, outbound 80: the spans, logs and metrics of calls on a port
	Access    string `json:"access"`    // GET /items on 8080, or 6379 for TCP: whether the server's pods take a call
	Pod       string `json:"pod"`       // namespace/Kind/name: the pod that comes out of Istio's injector
	Refused   string `json:"refused"`   // the code of the finding that ends the run
	Reported  string `json:"reported"`  // the code of a finding that does not

	Headers map[string]string `json:"headers"`
	As      string            `json:"as"`    // namespace/account of the caller whose access is looked at, "" for one without a certificate
	Token   *token            `json:"token"` // that the call brings with it
	TLS     string            `json:"tls"`   // mutual: the call to the server comes from a sidecar
	SNI     string            `json:"sni"`   // the caller speaks TLS itself, and asks for this name
	Is      map[string]any    `json:"is"`    // path in the subject's JSON → value, or absent
}

// absent is the expected value of a path that must not exist.
const absent = "absent"

// subject names what the assertion looks at.
func (a *assertion) subject() (kind, name string) {
	for _, one := range [][2]string{
		{"request", a.Request},
		{"stream", a.Stream},
		{"cluster", a.Cluster},
		{"listener", a.Listener},
		{"endpoints", a.Endpoints},
		{"knows", a.Knows},
		{"reports", a.Reports},
		{"access", a.Access},
		{"pod", a.Pod},
		{"refused", a.Refused},
		{"reported", a.Reported},
	} {
		if one[1] != "" {
			return one[0], one[1]
		}
	}
	return "", ""
}

func (a *assertion) String() string {
	kind, name := a.subject()
	return strings.TrimSpace(fmt.Sprintf("%s %s", kind, name))
}

// meaningCases reads the cases.
func meaningCases(t *testing.T) []meaningCase {
	t.Helper()
	paths, err := filepath.Glob("meaning/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	all := make([]meaningCase, 0, len(paths))
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		one, err := meaningCaseOf(txtar.Parse(text))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		one.name = strings.TrimSuffix(filepath.Base(path), ".txtar")
		all = append(all, one)
	}
	return all
}

func meaningCaseOf(archive *txtar.Archive) (meaningCase, error) {
	one := meaningCase{domain: "cluster.local"}
	if strings.TrimSpace(string(archive.Comment)) == "" {
		return one, fmt.Errorf("the comment has to say what is shown")
	}
	for _, file := range archive.Files {
		switch file.Name {
		case "envoy":
			if err := yaml.UnmarshalStrict(file.Data, &one.assertions); err != nil {
				return one, fmt.Errorf("envoy: %w", err)
			}
		case "mesh":
			one.mesh = string(file.Data)
		case "domain":
			one.domain = strings.TrimSpace(string(file.Data))
		default:
			one.documents = append(one.documents, documents(string(file.Data))...)
		}
	}
	if len(one.assertions) == 0 {
		return one, fmt.Errorf("it has no section envoy, or an empty one")
	}
	for i := range one.assertions {
		a := &one.assertions[i]
		kind, name := a.subject()
		switch {
		case kind == "":
			return one, fmt.Errorf("assertion %d looks at nothing", i)
		case kind != "refused" && kind != "reported" && len(a.Is) == 0:
			return one, fmt.Errorf("assertion %d about %s %s expects nothing", i, kind, name)
		}
	}
	return one, nil
}

// breaks lists the paths of an assertion that a subject does not have as expected, with what is there instead.
func (a *assertion) breaks(subject any) map[string]string {
	broken := map[string]string{}
	if problem, ok := lookUp(subject, "error"); ok && a.Is["error"] == nil {
		return map[string]string{"error": "is " + asText(problem) + " in " + asText(subject)} // What is absent from nothing would hold.
	}
	for _, path := range slices.Sorted(maps.Keys(a.Is)) {
		got, ok := lookUp(subject, path)
		switch want := a.Is[path]; {
		case want == absent && !ok:
		case want == absent:
			broken[path] = "is " + asText(got) + ", want it absent"
		case !ok:
			broken[path] = "is absent, want " + asText(want)
		case asText(got) != asText(want):
			broken[path] = "is " + asText(got) + ", want " + asText(want)
		}
	}
	return broken
}
