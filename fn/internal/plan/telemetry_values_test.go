package plan

import (
	"testing"

	"github.com/google/cel-go/cel"
)

// TestOnlyErrors evaluates the filter as Envoy does: an attribute that a call or connection does not have is an error, and
// what does not come out true is not logged.
func TestOnlyErrors(t *testing.T) {
	type attributes = map[string]any
	environment, err := cel.NewEnv(cel.Variable("request", cel.DynType), cel.Variable("response", cel.DynType))
	if err != nil {
		t.Fatal(err)
	}
	parsed, issues := environment.Parse(onlyErrors)
	if issues.Err() != nil {
		t.Fatal(issues.Err())
	}
	program, err := environment.Program(parsed)
	if err != nil {
		t.Fatal(err)
	}
	headers := func(of map[string]string) attributes { return attributes{"headers": of} }
	grpc, plain, none := headers(map[string]string{"content-type": "application/grpc+proto"}), headers(map[string]string{"content-type": "text/plain"}), headers(nil)
	for _, test := range []struct {
		name              string
		request, response attributes
		logged            bool
	}{
		{"a good answer", none, attributes{"code": 200, "flags": 0, "grpc_status": 2}, false}, // Envoy makes the status of the code.
		{"a good answer to a body", plain, attributes{"code": 204, "flags": 0, "grpc_status": 2}, false},
		{"a redirect", none, attributes{"code": 302, "flags": 0, "grpc_status": 2}, false},
		{"a client's mistake", none, attributes{"code": 404, "flags": 0, "grpc_status": 12}, true},
		{"a server's error", plain, attributes{"code": 503, "flags": 0, "grpc_status": 14}, true},
		{"no healthy upstream", none, attributes{"code": 503, "flags": 2, "grpc_status": 14}, true},
		{"a caller that went away", none, attributes{"code": 0, "flags": 4}, true},
		{"a good gRPC call", grpc, attributes{"code": 200, "flags": 0, "grpc_status": 0}, false},
		{"a failed gRPC call", grpc, attributes{"code": 200, "flags": 0, "grpc_status": 13}, true},
		{"a good connection", none, attributes{"flags": 0}, false},
		{"a connection that nobody took", none, attributes{"flags": 2}, true},
	} {
		got, _, err := program.Eval(attributes{"request": test.request, "response": test.response})
		if logged := err == nil && got.Value() == true; logged != test.logged {
			t.Errorf("%s: logged is %t, want %t (%v)", test.name, logged, test.logged, err)
		}
	}
}
