package istio

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	"istio.io/istio/pilot/test/xdstest"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// joining is a build in which things stand in the way of sidecars, and the same without them.
const joining = `
apiVersion: v1
kind: Service
metadata: {name: mail, namespace: shop}
spec:
  selector: {app: mail}
  ports: [{name: smtp, port: 1587}, {name: tcp-smtp, port: 2587}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: mail, namespace: shop}
spec:
  template:
    metadata: {labels: {app: mail, security.istio.io/tlsMode: istio}}
    spec: {containers: [{name: mail, image: mail}]}
---
apiVersion: v1
kind: Service
metadata: {name: search, namespace: shop}
spec:
  clusterIP: None
  selector: {app: search}
  ports: [{name: tcp-listed, port: 9300}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: search, namespace: shop}
spec:
  template:
    metadata: {labels: {app: search, security.istio.io/tlsMode: istio}}
    spec: {containers: [{name: search, image: search, ports: [{containerPort: 9300}, {containerPort: 9400}]}]}
`

// TestWhyServerFirstHangs holds what MF0617 and MF0618 rest on: at a port that does not say its protocol a sidecar waits for
// the first bytes of the client, without an end; at a port declared as TCP it does not when it calls, and it does for calls
// that may or may not carry mTLS.
func TestWhyServerFirstHangs(t *testing.T) {
	w := start(t, joining, "cluster.local", "")
	caller, err := w.proxy(&assertion{Client: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	for port, waits := range map[int]bool{1587: true, 2587: false} {
		name := fmt.Sprintf("%s_%d", w.address("mail.shop.svc.cluster.local", "shop"), port)
		listener := xdstest.ExtractListener(name, caller.listeners)
		if listener == nil {
			t.Fatalf("there is no listener %s in %v", name, xdstest.ExtractListenerNames(caller.listeners))
		}
		if got := hasFilter(listener, "envoy.filters.listener.http_inspector"); got != waits {
			t.Errorf("port %d: the caller looks at the first bytes: %t, want %t", port, got, waits)
		}
		if timeout := listener.GetListenerFiltersTimeout(); waits && (timeout == nil || timeout.AsDuration() != 0) {
			t.Errorf("port %d: the caller stops waiting after %v", port, timeout)
		}
	}
	callee, err := w.proxy(&assertion{Server: "shop/Deployment/mail"})
	if err != nil {
		t.Fatal(err)
	}
	inbound := xdstest.ExtractListener("virtualInbound", callee.listeners)
	transports := map[string]bool{}
	for _, chain := range inbound.GetFilterChains() {
		if chain.GetFilterChainMatch().GetDestinationPort().GetValue() == 2587 {
			transports[chain.GetFilterChainMatch().GetTransportProtocol()] = true
		}
	}
	if !transports["tls"] || !transports["raw_buffer"] || !hasFilter(inbound, "envoy.filters.listener.tls_inspector") {
		t.Errorf("the callee does not tell calls with mTLS from others by their first bytes: %v", transports)
	}
	if timeout := inbound.GetListenerFiltersTimeout(); timeout == nil || timeout.AsDuration() != 0 {
		t.Errorf("the callee stops waiting after %v", timeout)
	}
}

func hasFilter(listener *listenerv3.Listener, name string) bool {
	return slices.ContainsFunc(listener.GetListenerFilters(), func(f *listenerv3.ListenerFilter) bool { return f.GetName() == name })
}

// TestWhyMembersArePlain holds what MF0619 rests on: a sidecar has a listener, and mTLS, for the address of a pod only at the
// ports that its headless Service leads to.
func TestWhyMembersArePlain(t *testing.T) {
	w := start(t, joining, "cluster.local", "")
	caller, err := w.proxy(&assertion{Client: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	address := w.in.replicas["shop/StatefulSet/search"][0].Status.PodIP
	for port, known := range map[int]bool{9300: true, 9400: false} {
		if got := xdstest.ExtractListener(fmt.Sprintf("%s_%d", address, port), caller.listeners) != nil; got != known {
			t.Errorf("port %d: the caller has a listener for the address of the pod: %t, want %t; it has %v",
				port, got, known, xdstest.ExtractListenerNames(caller.listeners))
		}
	}
	cluster := xdstest.ExtractCluster("outbound|9300||search.shop.svc.cluster.local", caller.clusters)
	if name := cluster.GetTransportSocket().GetName(); name != "envoy.transport_sockets.tls" {
		t.Errorf("calls to the listed port carry %q", name)
	}
	if socket := xdstest.ExtractCluster("PassthroughCluster", caller.clusters).GetTransportSocket(); socket != nil {
		t.Errorf("calls that no listener knows carry %v", socket)
	}
}

// TestWhyInitContainersAreEarly holds what MF0723 rests on: an ordinary sidecar and the redirection of calls come after the
// init containers of the pod, and a native sidecar before them. It is also what makes Istio's CNI plugin break them.
func TestWhyInitContainersAreEarly(t *testing.T) {
	w, installed := start(t, "", "cluster.local", ""), installations(t)
	for native, want := range map[string]string{"false": "app-init istio-init", "true": "istio-init istio-proxy app-init"} {
		pod := &corev1.Pod{
			TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
			ObjectMeta: metav1.ObjectMeta{
				Name: "pod", Namespace: "shop", Labels: map[string]string{injectKey: "true"},
				Annotations: map[string]string{"sidecar.istio.io/nativeSidecar": native},
			},
			Spec: corev1.PodSpec{
				InitContainers: []corev1.Container{{Name: "app-init", Image: "app"}}, Containers: []corev1.Container{{Name: "app", Image: "app"}},
			},
		}
		document, err := json.Marshal(pod)
		if err != nil {
			t.Fatal(err)
		}
		after, err := w.injected(&installed[0], document, "shop")
		if err != nil {
			t.Fatal(err)
		}
		var got corev1.Pod
		if err := json.Unmarshal(after, &got); err != nil {
			t.Fatal(err)
		}
		names := make([]string, 0, len(got.Spec.InitContainers))
		for i := range got.Spec.InitContainers {
			names = append(names, got.Spec.InitContainers[i].Name)
		}
		if order := strings.Join(names, " "); order != want {
			t.Errorf("the init containers are %s, want %s", order, want)
		}
	}
}
