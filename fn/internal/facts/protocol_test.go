package facts

import "testing"

func TestProtocolOf(t *testing.T) {
	const none = "" // no appProtocol
	tests := []struct {
		transport, appProtocol, name string
		port                         int32
		want                         Protocol
	}{
		{"TCP", none, "http", 80, HTTP},
		{"TCP", none, "HTTP", 80, HTTP},
		{"", none, "http-metrics", 80, HTTP},
		{"TCP", none, "http2", 80, HTTP},
		{"TCP", none, "httpd", 80, Sniffed},
		{"TCP", none, "metrics-http", 80, Sniffed},
		{"TCP", none, "grpc", 80, GRPC},
		{"TCP", none, "grpc-web", 80, GRPC},
		{"TCP", none, "grpc-web-ui", 80, GRPC},
		{"TCP", none, "https", 80, TLS},
		{"TCP", none, "tls-db", 80, TLS},
		{"TCP", none, "tcp", 80, TCP},
		{"TCP", none, "mongo", 80, TCP},
		{"TCP", none, "redis-main", 80, TCP},
		{"TCP", none, "mysql", 80, TCP},
		{"TCP", none, "", 80, Sniffed},
		{"TCP", none, "web", 443, Sniffed},
		{"TCP", none, "", 25, TCP},
		{"TCP", none, "dns", 53, TCP},
		{"TCP", none, "", 3306, TCP},
		{"TCP", none, "", 27017, TCP},
		{"TCP", none, "http", 3306, HTTP},
		{"UDP", none, "http", 80, UDP},
		{"UDP", "http", "dns", 53, UDP},
		{"TCP", "http", "tcp", 80, HTTP},
		{"TCP", "tcp", "http", 80, TCP},
		{"TCP", "kubernetes.io/h2c", "", 80, HTTP},
		{"TCP", "kubernetes.io/ws", "", 80, HTTP},
		{"TCP", "kubernetes.io/wss", "", 80, TLS},
		{"TCP", "example.com/own", "http", 80, Sniffed},
	}
	for _, test := range tests {
		var appProtocol *string
		if test.appProtocol != none {
			appProtocol = &test.appProtocol
		}
		if got := ProtocolOf(test.transport, appProtocol, test.name, test.port); got != test.want {
			t.Errorf("ProtocolOf(%q, %q, %q, %d) = %s, want %s", test.transport, test.appProtocol, test.name, test.port, got, test.want)
		}
	}
}

func TestRoutable(t *testing.T) {
	for protocol, want := range map[Protocol]bool{HTTP: true, GRPC: true, Sniffed: true, TLS: false, TCP: false, UDP: false} {
		if got := protocol.Routable(); got != want {
			t.Errorf("%s.Routable() = %v, want %v", protocol, got, want)
		}
	}
}
