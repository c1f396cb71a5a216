package facts

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the table of answers about injection")

// table is what this package says of every pod in every Namespace. The tests of Istio read it, and ask Istio's webhooks and
// its injector the same.
type table struct {
	Pods       []tablePod       `json:"pods"`
	Namespaces []tableNamespace `json:"namespaces"`
}

// tablePod is what pods say about their sidecar; nil is what they do not say.
type tablePod struct {
	Inject     *string `json:"inject,omitempty"`
	Annotation *string `json:"annotation,omitempty"`
	Revision   *string `json:"revision,omitempty"`
}

// tableNamespace is where the pods are, and the answers for each of them in turn: a revision's first letter, - for no
// sidecar, ? where it is not known.
type tableNamespace struct {
	Name        string  `json:"name"`
	Owned       bool    `json:"owned"` // by the build
	Injection   *string `json:"injection,omitempty"`
	Revision    *string `json:"revision,omitempty"`
	HostNetwork bool    `json:"hostNetwork,omitempty"` // of the pods
	Answers     string  `json:"answers"`
}

// TestInjectionTable holds the table to what the code says.
func TestInjectionTable(t *testing.T) {
	got, err := json.MarshalIndent(answers(t), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("..", "..", "..", "tests", "istio", "testdata", "injection.json")
	got = append(got, '\n')
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	held, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(held), string(got)); diff != "" {
		t.Errorf("%s (- held, + said now; -update rewrites it, and the tests of Istio then judge it):\n%s", path, diff)
	}
}

func answers(t *testing.T) table {
	t.Helper()
	said := func(values ...string) []*string {
		all := []*string{nil}
		for i := range values {
			all = append(all, &values[i])
		}
		return all
	}
	var out table
	for _, inject := range said("true", "false", "", "yes") {
		for _, annotation := range said("true", "false", "", "yes") {
			for _, revision := range said("default", "stable", "") {
				out.Pods = append(out.Pods, tablePod{inject, annotation, revision})
			}
		}
	}
	for _, host := range []bool{false, true} {
		for _, name := range []string{"shop", "kube-system"} {
			out.Namespaces = append(out.Namespaces, tableNamespace{Name: name, HostNetwork: host})
			for _, injection := range said("enabled", "disabled", "", "true") {
				for _, revision := range said("default", "stable", "") {
					out.Namespaces = append(out.Namespaces, tableNamespace{
						Name: name, Owned: true, Injection: injection, Revision: revision, HostNetwork: host,
					})
				}
			}
		}
	}
	for i := range out.Namespaces {
		out.Namespaces[i].Answers = answersIn(t, &out.Namespaces[i], out.Pods)
	}
	return out
}

func answersIn(t *testing.T, namespace *tableNamespace, pods []tablePod) string {
	t.Helper()
	build := &Facts{}
	if namespace.Owned {
		build.Namespaces = []*Namespace{{
			Identity: Identity{Name: namespace.Name},
			Labels:   labelled(map[string]*string{InjectionLabel: namespace.Injection, RevisionLabel: namespace.Revision}),
		}}
	}
	workload := &Workload{Identity: Identity{Namespace: namespace.Name}, HostNetwork: namespace.HostNetwork}
	var b strings.Builder
	for _, pod := range pods {
		injection := build.Injection(workload, labelled(map[string]*string{InjectLabel: pod.Inject, RevisionLabel: pod.Revision}),
			labelled(map[string]*string{InjectLabel: pod.Annotation}))
		switch {
		case injection.Sidecar == Unknown && injection.Revision == "":
			b.WriteByte('?')
		case injection.Sidecar == No && injection.Revision == "":
			b.WriteByte('-')
		case injection.Sidecar == Yes && injection.Revision != "":
			b.WriteByte(injection.Revision[0])
		default:
			t.Fatalf("%+v is no answer", injection)
		}
	}
	return b.String()
}

func labelled(values map[string]*string) map[string]string {
	out := map[string]string{}
	for key, value := range values {
		if value != nil {
			out[key] = *value
		}
	}
	return out
}
