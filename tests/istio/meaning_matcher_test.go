package istio

import (
	"testing"

	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	"google.golang.org/protobuf/encoding/protojson"
)

// TestFirstRoute holds the part of the simulation that is not Istio's to what Envoy documents.
// https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/route/v3/route_components.proto#config-route-v3-routematch
func TestFirstRoute(t *testing.T) {
	for name, test := range map[string]struct {
		match string
		call  callee
		want  bool
	}{
		"prefix":            {`{"prefix": "/a"}`, callee{path: "/ab"}, true},
		"other prefix":      {`{"prefix": "/a"}`, callee{path: "/b/a"}, false},
		"exact":             {`{"path": "/a"}`, callee{path: "/a"}, true},
		"below exact":       {`{"path": "/a"}`, callee{path: "/a/"}, false},
		"segments":          {`{"pathSeparatedPrefix": "/a"}`, callee{path: "/a/b"}, true},
		"part of a segment": {`{"pathSeparatedPrefix": "/a"}`, callee{path: "/ab"}, false},
		"expression":        {`{"safeRegex": {"regex": "/[0-9]+"}}`, callee{path: "/12"}, true},
		"part of the path":  {`{"safeRegex": {"regex": "/[0-9]+"}}`, callee{path: "/12/x"}, false},
		"method":            {`{"prefix": "/", "headers": [{"name": ":method", "stringMatch": {"exact": "GET"}}]}`, callee{path: "/", method: "GET"}, true},
		"other method":      {`{"prefix": "/", "headers": [{"name": ":method", "stringMatch": {"exact": "GET"}}]}`, callee{path: "/", method: "PUT"}, false},
		"header":            {`{"prefix": "/", "headers": [{"name": "x", "presentMatch": true}]}`, callee{path: "/", headers: map[string]string{"x": ""}}, true},
		"no header":         {`{"prefix": "/", "headers": [{"name": "x", "presentMatch": true}]}`, callee{path: "/"}, false},
		"inverted":          {`{"prefix": "/", "headers": [{"name": "x", "stringMatch": {"prefix": "a"}, "invertMatch": true}]}`, callee{path: "/", headers: map[string]string{"x": "ab"}}, false},
		"query":             {`{"prefix": "/", "queryParameters": [{"name": "q", "stringMatch": {"safeRegex": {"regex": "a+"}}}]}`, callee{path: "/", query: map[string][]string{"q": {"aa"}}}, true},
		"no query":          {`{"prefix": "/", "queryParameters": [{"name": "q", "presentMatch": true}]}`, callee{path: "/"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			var match route.RouteMatch
			if err := protojson.Unmarshal([]byte(test.match), &match); err != nil {
				t.Fatal(err)
			}
			host := &route.VirtualHost{Routes: []*route.Route{{Match: &match}}}
			if got := firstRoute(host, &test.call) != nil; got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}
