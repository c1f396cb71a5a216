package istio

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// echoService is a Service with one gRPC port, and a Deployment for each of its versions.
func echoService(versions ...string) string {
	var b strings.Builder
	b.WriteString(`apiVersion: v1
kind: Service
metadata: {name: echo, namespace: shop}
spec:
  selector: {app: echo}
  ports:
  - {name: grpc, port: 7070}
---
`)
	for _, version := range versions {
		fmt.Fprintf(&b, `apiVersion: apps/v1
kind: Deployment
metadata: {name: echo-%[1]s, namespace: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: echo, version: %[1]s}}
  template:
    metadata: {labels: {app: echo, version: %[1]s}}
---
`, version)
	}
	return b.String()
}

// TestDataPlaneWeights shares calls out. A version that waits with weight 0 and a retiring one have pods and get nothing.
func TestDataPlaneWeights(t *testing.T) {
	versions := []string{"v1", "v2", "v3", "v0"}
	pods := echoPods(t, []string{"grpc"}, versions...)
	client := expanded(t, echoService(versions...)+`apiVersion: meshfn.dev/v1alpha1
kind: Mesh
metadata: {name: shop, namespace: shop}
spec:
  services:
    echo:
      versions:
        v1: {weight: 80}
        v2: {weight: 20}
        v3: {weight: 0}
        v0: {retiring: true}
`, pods).client(t, 7070)
	client.succeed(t.Context(), t, 500)
	got := map[string]int{}
	for _, pod := range pods {
		got[pod.version] = pod.ports["grpc"].executed()
	}
	// Of 500 calls with probability 0.2 each, fewer than 56 or more than 148 happen in 2 of 10 million runs.
	if got["v2"] < 56 || got["v2"] > 148 || got["v1"]+got["v2"] != 500 || got["v3"] != 0 || got["v0"] != 0 {
		t.Errorf("calls per version: %v, want about 400 of v1, 100 of v2, and none of v3 and v0", got)
	}
}

// TestDataPlaneTimeout makes calls that never end by themselves, on ports with different timeouts. The bounds do not
// depend on how busy the machine is: the caller gives up no sooner, and has told the server that it will not wait longer.
func TestDataPlaneTimeout(t *testing.T) {
	pods := echoPods(t, []string{"grpc", "grpc-admin"}, "v1")
	plane := expanded(t, echoTwoPorts+`apiVersion: meshfn.dev/v1alpha1
kind: Mesh
metadata: {name: shop, namespace: shop}
spec:
  services:
    echo:
      timeout: 300ms
      ports:
        grpc-admin: {timeout: 900ms}
`, pods)
	for _, test := range []struct {
		port   string
		number int
		want   time.Duration
	}{{"grpc", 7070, 300 * time.Millisecond}, {"grpc-admin", 7071, 900 * time.Millisecond}} {
		client, server := plane.client(t, test.number).connected(t), pods[0].ports[test.port]
		server.executed()
		release := server.hold()
		arrived := 0
		for i := 0; i < 5 && arrived == 0; i++ { // On a busy machine, a call may time out on its way.
			begin := time.Now()
			err := client.call(t.Context())
			took := time.Since(begin)
			arrived = server.executed()
			if status.Code(err) != codes.DeadlineExceeded || took < test.want || server.left() > test.want {
				t.Errorf("port %s: %v after %v, and %v left at the server; want DeadlineExceeded after %v",
					test.port, err, took, server.left(), test.want)
			}
		}
		release()
		if arrived != 1 {
			t.Errorf("port %s: a call that timed out was executed %d times", test.port, arrived)
		}
	}
}

// TestDataPlaneCircuitBreaker opens as many calls as one caller may have open, and one more.
func TestDataPlaneCircuitBreaker(t *testing.T) {
	pods := echoPods(t, []string{"grpc"}, "v1")
	server := pods[0].ports["grpc"]
	client := expanded(t, echoService("v1")+`apiVersion: meshfn.dev/v1alpha1
kind: Mesh
metadata: {name: shop, namespace: shop}
spec:
  services:
    echo: {circuitBreaker: {http2MaxRequests: 2}}
`, pods).client(t, 7070)
	client.succeed(t.Context(), t, 3) // One after the other there may be any number.
	server.executed()
	release := server.hold()
	open := make(chan error, 2)
	for range 2 {
		go func() { open <- client.call(t.Context()) }()
	}
	arrived := 0
	for deadline := time.Now().Add(patience); arrived < 2 && time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		arrived += server.executed()
	}
	err := client.call(t.Context())
	if status.Code(err) != codes.Unavailable || !strings.Contains(err.Error(), "max requests") {
		t.Errorf("a third call beside two open ones: %v, want that it is refused", err)
	}
	if more := server.executed(); arrived != 2 || more != 0 {
		t.Errorf("%d calls reached the server, then %d; want 2 and none", arrived, more)
	}
	release()
	for range 2 {
		if err := <-open; err != nil {
			t.Error(err)
		}
	}
	client.succeed(t.Context(), t, 1) // There is room again.
}

// TestDataPlaneConsistentHash pins the calls of each user to one pod. Calls without a user go anywhere.
func TestDataPlaneConsistentHash(t *testing.T) {
	pods := echoPods(t, []string{"grpc"}, "v1", "v1", "v1")
	client := expanded(t, echoService("v1")+`apiVersion: meshfn.dev/v1alpha1
kind: Mesh
metadata: {name: shop, namespace: shop}
spec:
  services:
    echo: {loadBalancer: {consistentHash: {httpHeaderName: x-user}}}
`, pods).client(t, 7070)
	reached := func(ctx context.Context, times int) (hit []int) {
		client.succeed(ctx, t, times)
		for i, pod := range pods {
			if pod.ports["grpc"].executed() > 0 {
				hit = append(hit, i)
			}
		}
		return hit
	}
	all := map[int]bool{}
	for user := range 30 {
		hit := reached(metadata.AppendToOutgoingContext(t.Context(), "x-user", fmt.Sprint("user-", user)), 10)
		if len(hit) != 1 {
			t.Errorf("the calls of user %d reached the pods %v, want one", user, hit)
		}
		all[hit[0]] = true
	}
	if len(all) < 2 { // 30 users on one of three pods: once in 10^13 runs.
		t.Errorf("the calls of all users reached the pods %v", all)
	}
	if hit := reached(t.Context(), 100); len(hit) < 2 {
		t.Errorf("calls without a user reached the pods %v, want several", hit)
	}
}

// TestDataPlaneHeaderRoute routes by a header that a patch asks for: the compact spec has no word for it.
func TestDataPlaneHeaderRoute(t *testing.T) {
	pods := echoPods(t, []string{"grpc"}, "v1", "v2")
	client := expanded(t, echoService("v1", "v2")+`apiVersion: meshfn.dev/v1alpha1
kind: Mesh
metadata: {name: shop, namespace: shop}
spec:
  services:
    echo:
      versions: {v1: {weight: 100}, v2: {weight: 0}}
  patches:
  - target: {kind: VirtualService, name: echo}
    merge:
      spec:
        http:
        - match: [{headers: {x-canary: {exact: "yes"}}}]
          retries: {attempts: 0}
          route: [{destination: {host: echo, subset: v2, port: {number: 7070}}}]
        - retries: {attempts: 0}
          route: [{destination: {host: echo, subset: v1, port: {number: 7070}}}]
`, pods).client(t, 7070)
	for header, want := range map[string]string{"yes": "v2", "no": "v1", "": "v1"} {
		ctx := t.Context()
		if header != "" {
			ctx = metadata.AppendToOutgoingContext(ctx, "x-canary", header)
		}
		client.succeed(ctx, t, 20)
		for _, pod := range pods {
			if got := pod.ports["grpc"].executed(); got > 0 && pod.version != want {
				t.Errorf("x-canary: %q: %d calls reached %s, want all at %s", header, got, pod.version, want)
			}
		}
	}
}
