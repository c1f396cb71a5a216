package istio

import (
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// always is more often than any configuration here repeats a call.
const always = 100

// failures are the statuses that a server, or a proxy before it, answers with when it may have done the work already.
func failures() []codes.Code {
	return []codes.Code{
		codes.Unavailable, codes.Internal, codes.ResourceExhausted, codes.Canceled, codes.DeadlineExceeded, codes.Unknown,
		codes.Aborted,
	}
}

const echoTwoPorts = `apiVersion: v1
kind: Service
metadata: {name: echo, namespace: shop}
spec:
  selector: {app: echo}
  ports:
  - {name: grpc, port: 7070}
  - {name: grpc-admin, port: 7071}
---
`

// tries fails every call with a status and counts how often the server executed it.
func tries(t *testing.T, client caller, server *backend, code codes.Code) int {
	t.Helper()
	server.fail(always, code)
	server.executed()
	if got := status.Code(client.call(t.Context())); got != code {
		t.Errorf("the call ended with %v, want the server's own %v", got, code)
	}
	server.fail(0, codes.OK)
	return server.executed()
}

// TestDataPlaneDefaultRepeatsNothing holds the promise of `spec: {}`: whatever a server answers, it executes a call once.
// The same build without a Mesh shows that this is not so by itself, and that the test would notice.
func TestDataPlaneDefaultRepeatsNothing(t *testing.T) {
	pods := echoPods(t, []string{"grpc", "grpc-admin"}, "v1")
	server := pods[0].ports["grpc"]

	unmanaged := discovery(t, echoTwoPorts, pods).client(t, 7070).connected(t)
	if got := tries(t, unmanaged, server, codes.Unavailable); got != 3 {
		t.Errorf("without a Mesh a call that fails was executed %d times, want Istio's own 3", got)
	}

	client := expanded(t, echoTwoPorts+`apiVersion: meshfn.dev/v1alpha1
kind: Mesh
metadata: {name: shop, namespace: shop}
spec: {}
`, pods).client(t, 7070).connected(t)
	for _, code := range failures() {
		if got := tries(t, client, server, code); got != 1 {
			t.Errorf("a call that fails with %v was executed %d times, want 1", code, got)
		}
	}
}

// TestDataPlaneRetries counts how often a call is repeated, and on which statuses.
func TestDataPlaneRetries(t *testing.T) {
	pods := echoPods(t, []string{"grpc", "grpc-admin"}, "v1")
	plane := expanded(t, echoTwoPorts+`apiVersion: meshfn.dev/v1alpha1
kind: Mesh
metadata: {name: shop, namespace: shop}
spec:
  services:
    echo:
      retries: {attempts: 3, idempotent: true, retryOn: 'resource-exhausted,unavailable'}
      ports:
        grpc-admin: {retries: {attempts: 1, retryOn: 'internal'}}
`, pods)
	for _, test := range []struct {
		port   string
		number int
		want   map[codes.Code]int // what is not in it is executed once
	}{
		{"grpc", 7070, map[codes.Code]int{codes.ResourceExhausted: 4, codes.Unavailable: 4}},
		{"grpc-admin", 7071, map[codes.Code]int{codes.Internal: 2}},
	} {
		client, server := plane.client(t, test.number).connected(t), pods[0].ports[test.port]
		for _, code := range failures() {
			want := max(test.want[code], 1)
			if got := tries(t, client, server, code); got != want {
				t.Errorf("port %s: a call that fails with %v was executed %d times, want %d", test.port, code, got, want)
			}
		}
	}
	// Repeating ends as soon as a try is answered.
	client, server := plane.client(t, 7070).connected(t), pods[0].ports["grpc"]
	server.executed()
	server.fail(2, codes.Unavailable)
	client.succeed(t.Context(), t, 1)
	if got := server.executed(); got != 3 {
		t.Errorf("a call that fails twice was executed %d times, want 3", got)
	}
}

// TestDataPlaneRetriesDefaultAndOff compares a port whose owner states that calls may be executed twice, and says no
// more, with one where retries are off.
func TestDataPlaneRetriesDefaultAndOff(t *testing.T) {
	pods := echoPods(t, []string{"grpc", "grpc-admin"}, "v1")
	plane := expanded(t, echoTwoPorts+`apiVersion: meshfn.dev/v1alpha1
kind: Mesh
metadata: {name: shop, namespace: shop}
spec:
  services:
    echo:
      retries: {idempotent: true}
      ports:
        grpc-admin: {retries: false}
`, pods)
	repeated, once := plane.client(t, 7070).connected(t), plane.client(t, 7071).connected(t)
	if got := tries(t, repeated, pods[0].ports["grpc"], codes.Unavailable); got != 3 {
		t.Errorf("idempotent: a call that fails with Unavailable was executed %d times, want 3", got)
	}
	if got := tries(t, repeated, pods[0].ports["grpc"], codes.Internal); got != 1 {
		t.Errorf("idempotent: a call that fails with Internal was executed %d times, want 1", got)
	}
	for _, code := range failures() {
		if got := tries(t, once, pods[0].ports["grpc-admin"], code); got != 1 {
			t.Errorf("false: a call that fails with %v was executed %d times, want 1", code, got)
		}
	}
}
