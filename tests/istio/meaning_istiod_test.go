package istio

import (
	"fmt"
	"strings"
	"testing"

	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	endpoint "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/serviceregistry/kube"
	"istio.io/istio/pilot/pkg/simulation"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pilot/test/xdstest"
	"istio.io/istio/pkg/config/mesh"
	corev1 "k8s.io/api/core/v1"
)

// world is istiod with a build in it, and what its proxies get.
type world struct {
	t       *testing.T
	server  *xds.FakeDiscoveryServer
	in      *deployed
	domain  string
	proxies map[string]*proxyConfig
}

// proxyConfig is all that one proxy gets.
type proxyConfig struct {
	namespace string
	listeners []*listener.Listener
	routes    []*route.RouteConfiguration
	clusters  []*cluster.Cluster
	endpoints []*endpoint.ClusterLoadAssignment
	simulated *simulation.Simulation
}

// start hands a build to istiod's own discovery server. What is given of the MeshConfig is laid over Istio's own.
func start(t *testing.T, output, domain, meshConfig string) *world {
	t.Helper()
	in, err := deploy(output)
	if err != nil {
		t.Fatal(err)
	}
	configs, _, err := crd.ParseInputs(in.istio)
	if err != nil {
		t.Fatalf("%v in\n%s", err, in.istio)
	}
	for i := range configs {
		configs[i].Domain = domain
	}
	config, err := mesh.ApplyMeshConfigDefaults(meshConfig)
	if err != nil {
		t.Fatalf("%v in\n%s", err, meshConfig)
	}
	options := xds.FakeOptions{Configs: configs, MeshConfig: config}
	if domain == "cluster.local" {
		options.KubernetesObjects = in.objects()
	} else {
		// The registry of Kubernetes in this server knows one DNS suffix only, so the Services of another one are
		// converted as istiod would and handed over without their pods.
		for _, service := range in.services {
			options.Services = append(options.Services, kube.ConvertService(*service, nil, domain, "Kubernetes", domain))
		}
	}
	return &world{t: t, server: xds.NewFakeDiscoveryServer(t, options), in: in, domain: domain, proxies: map[string]*proxyConfig{}}
}

// proxy is the proxy that an assertion is about, with everything it gets, checked by Envoy's own rules.
func (w *world) proxy(a *assertion) (*proxyConfig, error) {
	key := fmt.Sprint(a.Client, a.From, "→", a.Server, a.Gateway, a.Namespace, a.Node)
	if known := w.proxies[key]; known != nil {
		return known, nil
	}
	node, err := w.node(a)
	if err != nil {
		return nil, err
	}
	node = w.server.SetupProxy(node)
	got := &proxyConfig{namespace: node.ConfigNamespace, listeners: w.server.Listeners(node), clusters: w.server.Clusters(node)}
	got.routes = w.server.RoutesFromListeners(node, got.listeners)
	got.endpoints = w.server.Endpoints(node)
	xdstest.ValidateListeners(w.t, got.listeners)
	xdstest.ValidateRouteConfigurations(w.t, got.routes)
	xdstest.ValidateClusters(w.t, got.clusters)
	xdstest.ValidateClusterLoadAssignments(w.t, got.endpoints)
	got.simulated = simulation.NewSimulation(w.t, w.server, node)
	w.proxies[key] = got
	return got, nil
}

func (w *world) node(a *assertion) (*model.Proxy, error) {
	switch {
	case a.Client != "":
		node := w.sidecar("caller", a.Client, "10.9.9.9", map[string]string{"app": "caller"})
		return node, w.place(node, a.Node)
	case a.Server != "", a.From != "":
		if pods := w.in.replicas[a.Server+a.From]; len(pods) > 0 {
			return w.sidecar(pods[0].Name, pods[0].Namespace, pods[0].Status.PodIP, pods[0].Labels), nil
		}
		return nil, fmt.Errorf("the build has no pods of %s", a.Server+a.From)
	case a.Gateway != nil:
		node := w.sidecar("gateway", a.Namespace, w.gatewayAddress(a), a.Gateway)
		node.Type = model.Router
		return node, nil
	}
	return nil, fmt.Errorf("the assertion names no client, server or gateway")
}

// gatewayAddress is the address of a gateway's pod. Where the build has the pods, istiod knows their ports by their Service.
func (w *world) gatewayAddress(a *assertion) string {
	for _, pod := range w.in.pods {
		missing := false
		for key, value := range a.Gateway {
			missing = missing || pod.Labels[key] != value
		}
		if pod.Namespace == a.Namespace && !missing {
			return pod.Status.PodIP
		}
	}
	return "10.9.9.8"
}

func (w *world) sidecar(name, namespace, address string, labels map[string]string) *model.Proxy {
	return &model.Proxy{
		Type: model.SidecarProxy, ID: name + "." + namespace, ConfigNamespace: namespace, IPAddresses: []string{address},
		DNSDomain: namespace + ".svc." + w.domain, Labels: labels,
		Metadata: &model.NodeMetadata{Namespace: namespace, Labels: labels, IstioVersion: "1.31.4", ClusterID: "Kubernetes"},
	}
}

// place puts a caller on a node, as istiod learns it from the pod's labels.
func (w *world) place(proxy *model.Proxy, name string) error {
	if name == "" {
		return nil
	}
	for _, node := range w.in.nodes {
		if node.Name == name {
			region, zone := node.Labels[corev1.LabelTopologyRegion], node.Labels[corev1.LabelTopologyZone]
			proxy.Locality = &core.Locality{Region: region, Zone: zone}
			proxy.Labels[corev1.LabelTopologyRegion], proxy.Labels[corev1.LabelTopologyZone] = region, zone
			return nil
		}
	}
	return fmt.Errorf("the build has no node %s", name)
}

// subject is the JSON that an assertion is about.
func (w *world) subject(a *assertion) (any, error) {
	proxy, err := w.proxy(a)
	if err != nil {
		return nil, err
	}
	kind, name := a.subject()
	switch kind {
	case "request", "stream":
		return w.call(proxy, a)
	case "access":
		call, err := accessOf(a)
		if err != nil {
			return nil, err
		}
		return proxy.judge(call)
	case "reports":
		return w.reports(proxy, name)
	case "knows":
		return proxy.knows(name)
	case "cluster":
		if found := xdstest.ExtractCluster(name, proxy.clusters); found != nil {
			return asJSON(found)
		}
	case "listener":
		if found := xdstest.ExtractListener(name, proxy.listeners); found != nil {
			return asJSON(found)
		}
	case "endpoints":
		for _, found := range proxy.endpoints {
			if found.ClusterName == name {
				return asJSON(places(found))
			}
		}
	}
	return map[string]any{"error": "the proxy has no " + kind + " " + name, "has": proxy.names(kind)}, nil
}

// names lists what a proxy has of a kind.
func (p *proxyConfig) names(kind string) []string {
	if kind == "listener" {
		return xdstest.ExtractListenerNames(p.listeners)
	}
	return xdstest.MapKeys(xdstest.ExtractClusters(p.clusters))
}

// places sums up where the pods of a cluster are and in which order they are called.
func places(from *endpoint.ClusterLoadAssignment) map[string]any {
	count := 0
	byLocality := map[string]any{}
	for _, group := range from.Endpoints {
		count += len(group.LbEndpoints)
		where := strings.TrimSuffix(group.GetLocality().GetRegion()+"/"+group.GetLocality().GetZone(), "/")
		if where == "" {
			where = "anywhere"
		}
		byLocality[where] = map[string]any{
			"pods": len(group.LbEndpoints), "priority": group.Priority, "weight": group.LoadBalancingWeight.GetValue(),
		}
	}
	return map[string]any{"count": count, "localities": byLocality}
}
