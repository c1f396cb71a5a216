package istio

import (
	"context"
	"math"
	"net"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

// backend is one port of one pod: a real gRPC server that counts what it executes.
type backend struct {
	healthpb.UnimplementedHealthServer
	port int

	mu        sync.Mutex
	calls     int
	failures  int // how many calls fail from now on
	code      codes.Code
	remaining time.Duration // what the last call had left when it arrived
	held      chan struct{} // calls wait until it is closed, unless nil
}

// startBackend listens on an address of the loopback network, because istiod tells pods apart by their addresses.
func startBackend(t *testing.T, ip string) *backend {
	t.Helper()
	listener, err := net.Listen("tcp", ip+":0")
	if err != nil {
		t.Fatal(err)
	}
	b := &backend{port: listener.Addr().(*net.TCPAddr).Port}
	server := grpc.NewServer()
	healthpb.RegisterHealthServer(server, b)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return b
}

// Check is the call that the tests make.
func (b *backend) Check(ctx context.Context, _ *healthpb.HealthCheckRequest) (*healthpb.HealthCheckResponse, error) {
	b.mu.Lock()
	b.calls++
	held, fail, code := b.held, b.failures > 0, b.code
	if fail {
		b.failures--
	}
	b.remaining = math.MaxInt64
	if deadline, ok := ctx.Deadline(); ok {
		b.remaining = time.Until(deadline)
	}
	b.mu.Unlock()
	if fail {
		return nil, status.Error(code, "asked to fail")
	}
	if held != nil {
		select {
		case <-held:
		case <-ctx.Done():
		}
	}
	return &healthpb.HealthCheckResponse{Status: healthpb.HealthCheckResponse_SERVING}, nil
}

// fail makes the next calls fail with a status.
func (b *backend) fail(times int, code codes.Code) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failures, b.code = times, code
}

// hold keeps calls from ending until the returned function is called.
func (b *backend) hold() (release func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	held := make(chan struct{})
	b.held = held
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.held = nil
		close(held)
	}
}

// executed is how many calls there were since it was last asked.
func (b *backend) executed() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	calls := b.calls
	b.calls = 0
	return calls
}

// left is how long the last call could still take when it arrived, as its caller told the server: for ever, if it did not.
func (b *backend) left() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.remaining
}
