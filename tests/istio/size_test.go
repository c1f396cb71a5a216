package istio

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
)

// The mesh whose configuration is measured.
const (
	sizeNamespaces = 10
	sizeServices   = 20 // per namespace
	sizeMarkBegin  = "<!-- sizes -->\n"
	sizeMarkEnd    = "<!-- /sizes -->"
	sizeDocument   = "../../docs/scope.md"
)

// size is how much a proxy gets, or all of them together.
type size struct {
	clusters, listeners, hosts, endpoints int
	cds, lds, rds, eds                    int // bytes
}

func (s *size) add(other size) {
	s.clusters, s.listeners, s.hosts, s.endpoints = s.clusters+other.clusters, s.listeners+other.listeners, s.hosts+other.hosts, s.endpoints+other.endpoints
	s.cds, s.lds, s.rds, s.eds = s.cds+other.cds, s.lds+other.lds, s.rds+other.rds, s.eds+other.eds
}

// TestConfigurationSize measures what the proxies of a mesh are sent with and without the scope of dependsOn, and holds the
// table of the guide up to date.
func TestConfigurationSize(t *testing.T) {
	without, with := sizesOf(t, "none"), sizesOf(t, "workload")
	if len(without) != sizeNamespaces*sizeServices || len(with) != len(without) {
		t.Fatalf("%d and %d proxies", len(without), len(with))
	}
	for name, scoped := range with {
		// Three to six Services of two ports.
		if scoped.clusters > without[name].clusters/10 || scoped.clusters < 6 {
			t.Errorf("%s has %d clusters of %d", name, scoped.clusters, without[name].clusters)
		}
	}
	checkSizes(t, sizeTable(without, with))
}

// sizesOf says what each workload's proxy gets, by the name of the workload. Clusters and the like are those for calls to
// others; bytes are of everything.
func sizesOf(t *testing.T, sidecars string) map[string]size {
	t.Helper()
	built := run(t, sizeMesh(sidecars), "render", "-")
	if built.code != 0 {
		t.Fatal(built.stderr)
	}
	w := start(t, built.stdout, "cluster.local", "")
	out := map[string]size{}
	for n := range sizeNamespaces {
		for s := range sizeServices {
			name := fmt.Sprintf("%s/Deployment/%s", sizeNamespace(n), sizeService(n, s))
			node, err := w.node(&assertion{From: name})
			if err != nil {
				t.Fatal(err)
			}
			node = w.server.SetupProxy(node)
			got := proxyConfig{listeners: w.server.Listeners(node), clusters: w.server.Clusters(node)}
			got.routes, got.endpoints = w.server.RoutesFromListeners(node, got.listeners), w.server.Endpoints(node)
			out[name] = sizeOf(t, &got)
		}
	}
	return out
}

func sizeOf(t *testing.T, p *proxyConfig) size {
	t.Helper()
	out := size{endpoints: 0, cds: bytesOf(p.clusters), lds: bytesOf(p.listeners), rds: bytesOf(p.routes), eds: bytesOf(p.endpoints)}
	for kind, into := range map[string]*int{"clusters": &out.clusters, "listeners": &out.listeners, "hosts": &out.hosts} {
		known, err := p.knows(kind)
		if err != nil {
			t.Fatal(err)
		}
		names, _ := lookUp(known, "names")
		*into = len(strings.Fields(fmt.Sprint(names)))
	}
	for _, assignment := range p.endpoints {
		for _, group := range assignment.Endpoints {
			out.endpoints += len(group.LbEndpoints)
		}
	}
	return out
}

func bytesOf[M proto.Message](messages []M) int {
	sum := 0
	for _, message := range messages {
		sum += proto.Size(message)
	}
	return sum
}

// sizeTable writes what was measured.
func sizeTable(without, with map[string]size) string {
	var before, after size
	for name := range without {
		before.add(without[name])
		after.add(with[name])
	}
	proxies := len(without)
	var out strings.Builder
	out.WriteString("| what a sidecar is sent | without | with `dependsOn` | of it |\n|---|---:|---:|---:|\n")
	row := func(what string, a, b int, unit string, per int) {
		fmt.Fprintf(&out, "| %s | %s%s | %s%s | %.1f %% |\n", what, rounded(a, per), unit, rounded(b, per), unit, 100*float64(b)/float64(a))
	}
	row("clusters of others", before.clusters, after.clusters, "", proxies)
	row("listeners for calls to others", before.listeners, after.listeners, "", proxies)
	row("hosts with routes", before.hosts, after.hosts, "", proxies)
	row("addresses of pods", before.endpoints, after.endpoints, "", proxies)
	const kib = 1024
	row("clusters (CDS)", before.cds, after.cds, " KiB", proxies*kib)
	row("listeners (LDS)", before.lds, after.lds, " KiB", proxies*kib)
	row("routes (RDS)", before.rds, after.rds, " KiB", proxies*kib)
	row("endpoints (EDS)", before.eds, after.eds, " KiB", proxies*kib)
	all := func(s size) int { return s.cds + s.lds + s.rds + s.eds }
	row("**all of it**", all(before), all(after), " KiB", proxies*kib)
	row(fmt.Sprintf("**all of it, to all %d workloads once**", proxies), all(before), all(after), " MiB", kib*kib)
	out.WriteString("\nThe rows but the last are the mean of all sidecars.\n")
	return out.String()
}

// rounded is a mean in few digits.
func rounded(sum, per int) string {
	mean := float64(sum) / float64(per)
	if mean >= 100 {
		return fmt.Sprintf("%.0f", mean)
	}
	return fmt.Sprintf("%.1f", mean)
}

// checkSizes compares the table of the guide with what was measured.
func checkSizes(t *testing.T, table string) {
	t.Helper()
	text, err := os.ReadFile(sizeDocument)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), sizeMarkBegin)
	old, after, closed := strings.Cut(rest, sizeMarkEnd)
	switch {
	case !ok || !closed:
		t.Fatalf("%s has no %s%s", sizeDocument, sizeMarkBegin, sizeMarkEnd)
	case old == table:
	case !*update:
		t.Errorf("the table in %s is not up to date; run: go test -run TestConfigurationSize -update\n%s", sizeDocument, table)
	default:
		if err := os.WriteFile(sizeDocument, []byte(before+sizeMarkBegin+table+sizeMarkEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func sizeNamespace(n int) string {
	return []string{"basket", "billing", "catalog", "delivery", "identity", "kitchen", "menu", "orders", "pricing", "search"}[n]
}

func sizeService(n, s int) string {
	roles := []string{
		"api", "admin", "audit", "cache", "events", "export", "feed", "history", "images", "importer", "index", "jobs", "limits",
		"mail", "notes", "preview", "reports", "rules", "store", "sync",
	}
	return sizeNamespace(n) + "-" + roles[s]
}

// sizeCalls are the Services that one calls: three to six, two of three of its own namespace. The numbers have no pattern
// and are the same each time.
func sizeCalls(n, s int) []string {
	next := uint32(n*sizeServices+s)*2654435761 + 12345
	draw := func(below int) int {
		next = next*1664525 + 1013904223
		return int(next>>16) % below
	}
	var calls []string
	for wanted := 3 + draw(4); len(calls) < wanted; {
		namespace := n
		if draw(3) == 0 {
			namespace = draw(sizeNamespaces)
		}
		call := sizeService(namespace, draw(sizeServices)) + "." + sizeNamespace(namespace)
		if call != sizeService(n, s)+"."+sizeNamespace(n) && !slices.Contains(calls, call) {
			calls = append(calls, call)
		}
	}
	return calls
}

// sizeMesh is the documents of the mesh: one Mesh per namespace, as its team would write it.
func sizeMesh(sidecars string) string {
	var out strings.Builder
	fmt.Fprintf(&out, "apiVersion: meshfn.dev/v1alpha1\nkind: MeshProfile\nmetadata: {name: platform}\nspec: {scope: {sidecars: %s}}\n", sidecars)
	for n := range sizeNamespaces {
		fmt.Fprintf(&out, "---\napiVersion: meshfn.dev/v1alpha1\nkind: Mesh\nmetadata: {name: %[1]s, namespace: %[1]s}\nspec:\n"+
			"  defaults: {sidecar: true, timeout: 3s, retries: {attempts: 2, perTryTimeout: 1s}}\n  services:\n", sizeNamespace(n))
		for s := range sizeServices {
			fmt.Fprintf(&out, "    %s: {dependsOn: [%s]}\n", sizeService(n, s), strings.Join(sizeCalls(n, s), ", "))
		}
		for s := range sizeServices {
			fmt.Fprintf(&out, `---
apiVersion: v1
kind: Service
metadata: {name: %[1]s, namespace: %[2]s}
spec: {selector: {app: %[1]s}, ports: [{name: http, port: 80}, {name: grpc, port: 9090}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: %[1]s, namespace: %[2]s}
spec: {replicas: 2, selector: {matchLabels: {app: %[1]s}}, template: {metadata: {labels: {app: %[1]s}}}}
`, sizeService(n, s), sizeNamespace(n))
		}
	}
	return out.String()
}
