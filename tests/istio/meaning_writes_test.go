package istio

import (
	"slices"
	"strings"
	"testing"

	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	"sigs.k8s.io/yaml"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
)

// emitted says of a build what a proof about all of its routes has to know.
type emitted struct {
	routes     map[string]bool // what Envoy calls a VirtualService that meshfn wrote
	namespaces map[string]bool
	gateways   []map[string]string
	idempotent map[string]bool // name.namespace of Services whose calls may be executed twice, as the spec says
}

// TestNothingRepeatsAWrite takes every example and scenario to istiod and looks at every route that comes of them: a call
// that may change something is repeated only when it provably did not arrive, unless the spec says that it may be.
func TestNothingRepeatsAWrite(t *testing.T) {
	harmless := []string{"connect-failure", "refused-stream", "reset-before-request"}
	seen := 0
	for _, one := range corpus(t) {
		t.Run(one.name, func(t *testing.T) {
			facts := emittedIn(t, one)
			w := start(t, one.output, "cluster.local", "")
			for _, proxy := range w.proxiesOf(t, facts) {
				for _, found := range proxy.routesOf(facts) {
					seen++
					for _, condition := range conditionsOf(found) {
						if !slices.Contains(harmless, condition) && !readsOnly(found) && !facts.mayRepeat(found) {
							t.Errorf("route %v to %v repeats a call on %s", found.Match, sharesOf(found.GetRoute()), condition)
						}
					}
				}
			}
		})
	}
	if seen == 0 && !t.Failed() {
		t.Error("no route was looked at")
	}
}

// emittedIn reads what meshfn wrote and what the spec says about repeating.
func emittedIn(t *testing.T, one built) emitted {
	t.Helper()
	out := emitted{routes: map[string]bool{}, namespaces: map[string]bool{}, idempotent: map[string]bool{}}
	for _, document := range documents(one.output) {
		var object struct {
			Kind     string            `json:"kind"`
			Metadata v1alpha1.Metadata `json:"metadata"`
			Spec     struct {
				Selector any `json:"selector"`
			} `json:"spec"`
		}
		if err := yaml.Unmarshal([]byte(document), &object); err != nil {
			t.Fatal(err)
		}
		namespace := object.Metadata.Namespace
		if namespace == "" {
			namespace = "default"
		}
		out.namespaces[namespace] = true
		switch {
		case object.Metadata.Annotations[v1alpha1.SourceAnnotation] == "":
		case object.Kind == "VirtualService":
			out.routes["/apis/networking.istio.io/v1/namespaces/"+namespace+"/virtual-service/"+object.Metadata.Name] = true
		case object.Kind == "Gateway":
			labels := map[string]string{}
			for key, value := range object.Spec.Selector.(map[string]any) {
				labels[key] = value.(string)
			}
			out.gateways = append(out.gateways, labels)
		}
	}
	for _, document := range documents(one.input) {
		if strings.Contains(document, "apiVersion: meshfn.dev/") && strings.Contains(document, "kind: Mesh\n") {
			out.readIdempotent(t, document)
		}
	}
	return out
}

// readIdempotent notes the Services of a Mesh for which some layer says that calls may be executed twice.
func (e *emitted) readIdempotent(t *testing.T, document string) {
	t.Helper()
	var mesh struct {
		Metadata v1alpha1.Metadata `json:"metadata"`
		Spec     struct {
			Defaults any            `json:"defaults"`
			Services map[string]any `json:"services"`
		} `json:"spec"`
	}
	if err := yaml.Unmarshal([]byte(document), &mesh); err != nil {
		t.Fatal(err)
	}
	namespace := mesh.Metadata.Namespace
	says := func(layer any) bool { return strings.Contains(asText(layer), `"idempotent":true`) }
	for name, service := range mesh.Spec.Services {
		if says(service) {
			e.idempotent[name+"."+namespace] = true
		}
	}
	if says(mesh.Spec.Defaults) {
		e.idempotent["."+namespace] = true
	}
}

// mayRepeat says whether the spec allows the calls of a route to be executed twice.
func (e *emitted) mayRepeat(found *route.Route) bool {
	for cluster := range sharesOf(found.GetRoute()) {
		host := cluster[strings.LastIndex(cluster, "|")+1:]
		name, rest, _ := strings.Cut(host, ".")
		namespace, _, _ := strings.Cut(rest, ".")
		if namespace == "default" {
			namespace = ""
		}
		if !e.idempotent[name+"."+namespace] && !e.idempotent["."+namespace] && !e.idempotent[name+"."] && !e.idempotent["."] {
			return false
		}
	}
	return true
}

// proxiesOf are a caller in every namespace, and the pods of every gateway.
func (w *world) proxiesOf(t *testing.T, facts emitted) []*proxyConfig {
	t.Helper()
	var all []*proxyConfig
	add := func(a assertion) {
		proxy, err := w.proxy(&a)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, proxy)
	}
	for namespace := range facts.namespaces {
		add(assertion{Client: namespace})
	}
	for _, labels := range facts.gateways {
		add(assertion{Gateway: labels, Namespace: "istio-ingress"})
	}
	return all
}

// routesOf are the routes of a proxy that come of what meshfn wrote.
func (p *proxyConfig) routesOf(facts emitted) []*route.Route {
	var all []*route.Route
	for _, config := range p.routes {
		for _, host := range config.VirtualHosts {
			for _, found := range host.Routes {
				origin := found.GetMetadata().GetFilterMetadata()["istio"].GetFields()["config"].GetStringValue()
				if facts.routes[origin] {
					all = append(all, found)
				}
			}
		}
	}
	return all
}

func conditionsOf(found *route.Route) []string {
	text := found.GetRoute().GetRetryPolicy().GetRetryOn()
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

// readsOnly says whether a route takes nothing but methods that change nothing.
func readsOnly(found *route.Route) bool {
	for _, condition := range found.Match.Headers {
		method := condition.GetStringMatch().GetExact()
		if condition.Name == ":method" && slices.Contains([]string{"GET", "HEAD", "OPTIONS", "TRACE"}, method) {
			return true
		}
	}
	return false
}
