package istio

import (
	"context"
	"fmt"
	"maps"
	"net"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
	xdsgrpc "google.golang.org/grpc/xds"
	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pilot/test/xds"
)

// pod is one pod of the Service echo: its version, and a backend for each of the ports.
type pod struct {
	version string
	ports   map[string]*backend
}

// echoPods starts a pod of each version, with an address of its own.
func echoPods(t *testing.T, ports []string, versions ...string) []pod {
	t.Helper()
	var pods []pod
	for i, version := range versions {
		one := pod{version, map[string]*backend{}}
		for _, port := range ports {
			one.ports[port] = startBackend(t, podAddress(i))
		}
		pods = append(pods, one)
	}
	return pods
}

func podAddress(i int) string { return fmt.Sprintf("127.0.0.%d", 10+i) }

// inCluster writes the pods and their endpoints as a cluster would report them.
func inCluster(pods []pod) string {
	var b strings.Builder
	for i, one := range pods {
		fmt.Fprintf(&b, `---
apiVersion: v1
kind: Pod
metadata: {name: echo-%[1]d, namespace: shop, labels: {app: echo, version: %[2]q}}
spec: {containers: [{name: echo, image: echo}]}
status: {phase: Running, podIP: %[3]s, podIPs: [{ip: %[3]s}], conditions: [{type: Ready, status: "True"}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: echo-%[1]d, namespace: shop, labels: {kubernetes.io/service-name: echo}}
addressType: IPv4
endpoints:
- {addresses: [%[3]s], conditions: {ready: true}, targetRef: {kind: Pod, name: echo-%[1]d, namespace: shop}}
ports:
`, i, one.version, podAddress(i))
		for _, port := range slices.Sorted(maps.Keys(one.ports)) {
			fmt.Fprintf(&b, "- {name: %s, port: %d, protocol: TCP}\n", port, one.ports[port].port)
		}
	}
	return b.String()
}

// dataPlane is a real client of real servers, with istiod between what was expanded and what happens to a call.
type dataPlane struct{ server *xds.FakeDiscoveryServer }

// expanded expands the documents and hands everything to istiod: what came out, and the pods.
func expanded(t *testing.T, input string, pods []pod) dataPlane {
	t.Helper()
	got := run(t, input, "render", "-")
	if got.code != 0 {
		t.Fatalf("exit code %d\n%s", got.code, got.stderr)
	}
	return discovery(t, got.stdout, pods)
}

// discovery starts istiod's own discovery server over documents, on loopback.
func discovery(t *testing.T, stream string, pods []pod) dataPlane {
	t.Helper()
	group := regexp.MustCompile(`(?m)^apiVersion: (\S+)$`)
	var ofIstio, ofKubernetes []string
	for _, document := range documents(stream) {
		switch version := group.FindStringSubmatch(document); {
		case version == nil:
			t.Fatalf("no apiVersion:\n%s", document)
		case strings.Contains(version[1], "istio.io/"):
			ofIstio = append(ofIstio, document)
		case !strings.HasPrefix(version[1], "meshfn.dev/"):
			ofKubernetes = append(ofKubernetes, document)
		}
	}
	configs, others, err := crd.ParseInputs(strings.Join(ofIstio, "---\n"))
	if err != nil || len(others) > 0 {
		t.Fatalf("istiod does not know %v: %v", others, err)
	}
	for i := range configs {
		configs[i].Domain = "cluster.local" // In a cluster, istiod sets it when it reads the object.
	}
	return dataPlane{xds.NewFakeDiscoveryServer(t, xds.FakeOptions{
		ListenerBuilder:        func() (net.Listener, error) { return net.Listen("tcp", "127.0.0.1:0") },
		KubernetesObjectString: strings.Join(ofKubernetes, "---\n") + inCluster(pods),
		Configs:                configs,
	})}
}

// client is a caller in the namespace shop. It learns from istiod alone where calls to a port of the Service echo go.
func (d dataPlane) client(t *testing.T, port int) caller {
	t.Helper()
	resolver, err := xdsgrpc.NewXDSResolverWithConfigForTesting(fmt.Appendf(nil, `{
		"xds_servers": [{"server_uri": %q, "channel_creds": [{"type": "insecure"}], "server_features": ["xds_v3"]}],
		"node": {
			"id": "sidecar~127.0.0.1~client.shop~shop.svc.cluster.local",
			"metadata": {"GENERATOR": "grpc", "NAMESPACE": "shop", "CLUSTER_ID": "Kubernetes", "LABELS": {"app": "client"}}
		}
	}`, d.server.Listener.Addr()))
	if err != nil {
		t.Fatal(err)
	}
	connection, err := grpc.NewClient(fmt.Sprintf("xds:///echo.shop.svc.cluster.local:%d", port),
		grpc.WithResolvers(resolver), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	return caller{healthpb.NewHealthClient(connection)}
}

// caller makes calls of a Service.
type caller struct{ health healthpb.HealthClient }

// patience ends a call that the configuration does not end. No test waits for it unless it fails.
const patience = 30 * time.Second

// call makes one call, and waits with it until there is a configuration and a connection.
func (c caller) call(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err := c.health.Check(ctx, &healthpb.HealthCheckRequest{}, grpc.WaitForReady(true))
	return err
}

// connected waits until calls arrive. A timeout of the configuration may end the first ones while they connect.
func (c caller) connected(t *testing.T) caller {
	t.Helper()
	var err error
	for begin := time.Now(); time.Since(begin) < patience; time.Sleep(10 * time.Millisecond) {
		if err = c.call(t.Context()); err == nil {
			return c
		}
	}
	t.Fatalf("no call arrives: %v", err)
	return c
}

// succeed makes calls that must not fail.
func (c caller) succeed(ctx context.Context, t *testing.T, times int) {
	t.Helper()
	for i := range times {
		if err := c.call(ctx); err != nil {
			t.Fatalf("call %d of %d: %v: %v", i+1, times, status.Code(err), err)
		}
	}
}
