package propose

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAddresses(t *testing.T) {
	tests := []struct {
		name, value, port string
		want              []string // scheme://host:port
	}{
		{name: "CART_ADDR", value: "cart:9000", want: []string{"://cart:9000"}},
		{name: "CART_HOST", value: "cart", port: "9000", want: []string{"://cart:9000"}},
		{name: "cartService", value: "cart", want: []string{"://cart:0"}},
		{name: "DBHost", value: "db", want: []string{"://db:0"}},
		{name: "APP_NAME", value: "cart"},
		{name: "OTEL_SERVICE_NAME", value: "cart"},
		{name: "STORE", value: "cart.shop"},
		{name: "STORE", value: "cart.shop.svc", want: []string{"://cart.shop.svc:0"}},
		{name: "STORE", value: "cart:9000", want: []string{"://cart:9000"}},
		{name: "X", value: "http://cart/path?to=http://web/", want: []string{"http://cart:0"}},
		{name: "X", value: "HTTP://Cart.Shop.svc.cluster.local.:80/", want: []string{"http://cart.shop.svc.cluster.local:80"}},
		{name: "X", value: "redis://:secret@redis:6379/0", want: []string{"redis://redis:6379"}},
		{name: "X", value: "postgres://user:p@ss/w:rd@db:5432/app", want: []string{"postgres://db:5432"}},
		{name: "X", value: "postgres://user:pass/word@db/app", want: []string{"postgres://db:0"}},
		{name: "X", value: "mongodb://u:p@a:27017,b:27018/db", want: []string{"mongodb://a:27017", "mongodb://b:27018"}},
		{name: "X", value: "jdbc:postgresql://db:5432/app?user=x", want: []string{"postgresql://db:5432"}},
		{name: "X", value: "dns:///cart:9000", want: []string{"grpc://cart:9000"}},
		{name: "X", value: "http://a, https://b", want: []string{"http://a:0", "https://b:0"}},
		{name: "BROKERS", value: "kafka-0.kafka:9092,kafka-1.kafka:9092", want: []string{"://kafka-0.kafka:9092", "://kafka-1.kafka:9092"}},
		{name: "BROKERS", value: "one, two", want: []string{"://one:0", "://two:0"}},
		{name: "DSN", value: "host=db port=5432 user=web password=hunter", want: []string{"://db:5432"}},
		{name: "CONNECTION", value: "Server=tcp:sql,1433;User Id=web;Password=hunter;", want: []string{"://sql:0"}},
		{name: "GREETING_URL", value: "say hello"},
		{name: "SUPPORT_ADDRESS", value: "help@example.com"},
		{name: "DB_PASSWORD", value: "db:5432"},
		{name: "LISTEN_ADDR", value: ":8080"},
		{name: "LISTEN_ADDR", value: "0.0.0.0:8080"},
		{name: "X", value: "http://10.0.0.1:80/"},
		{name: "X", value: "http://[::1]:80/"},
		{name: "X", value: "file:///etc/config"},
		{name: "X", value: "cart:70000"},
		{name: "IMAGE", value: "ghcr.io/example/cart:1"},
		{value: "until nc -z db 5432; do wget http://cart/ready; done", want: []string{"http://cart:0"}},
	}
	for _, test := range tests {
		var got []string
		for _, a := range addresses(text{name: test.name, value: test.value, port: test.port}) {
			got = append(got, fmt.Sprintf("%s://%s:%d", a.scheme, a.host, a.port))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s=%s (-want +got):\n%s", test.name, test.value, diff)
		}
	}
}

func TestAddressLike(t *testing.T) {
	for name, want := range map[string]bool{
		"REDIS_ADDR": true, "redis.host": true, "--redis-url": true, "redisEndpoint": true, "KAFKA_BOOTSTRAP_SERVERS": true, "CART_SERVICE": true,
		"KAFKA_BROKER_1": true, "DB_HOST2": true,
		"APP_NAME": false, "SERVICE_NAME": false, "HOST_COUNT": false, "": false, "1": false,
	} {
		if got := addressLike(name); got != want {
			t.Errorf("addressLike(%q) is %t", name, got)
		}
	}
}

func TestExternal(t *testing.T) {
	for value, want := range map[string]string{
		"https://api.stripe.com":        "stripe https://api.stripe.com",
		"https://api.stripe.com:443/v1": "stripe https://api.stripe.com",
		"wss://feed.example.com":        "feed-example https://feed.example.com",
		"postgres://db.prod.internal/x": "db-prod tcp://db.prod.internal:5432",
		"rediss://cache.example.com":    "cache-example tls://cache.example.com:6379",
		"http://api.example.com:8080":   "example http://api.example.com:8080",
		"gopher://old.example.com":      "the scheme gopher is not known",
		"tcp://old.example.com":         "it has no port",
	} {
		for _, a := range addresses(text{value: value}) {
			made, problem := newExternal(a)
			got := problem
			if made != nil {
				m := &mesh{external: map[string]*external{}, entries: map[string]*entry{}}
				made = m.give(made)
				got = made.name + " " + made.url()
			}
			if got != want {
				t.Errorf("%s is %s, not %s", value, got, want)
			}
		}
	}
}
