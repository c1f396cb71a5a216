package propose

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// external is a host outside.
type external struct {
	name   string
	scheme string
	host   string
	port   int // 0 for the scheme's own
	from   causes
}

func (e *external) url() string {
	if e.port == 0 {
		return e.scheme + "://" + e.host
	}
	return e.scheme + "://" + e.host + ":" + strconv.Itoa(e.port)
}

// known is what a scheme is to a mesh, and its usual port.
type known struct {
	scheme string
	port   int
}

// schemes are those that applications use.
func schemes() map[string]known {
	return map[string]known{
		"https": {"https", 443}, "http": {"http", 80}, "wss": {"https", 443}, "ws": {"http", 80},
		"grpc": {"grpc", 80}, "grpcs": {"grpcs", 443}, "tls": {"tls", 443}, "ssl": {"tls", 443}, "tcp": {"tcp", 0},
		"postgres": {"tcp", 5432}, "postgresql": {"tcp", 5432}, "mysql": {"tcp", 3306}, "mariadb": {"tcp", 3306}, "sqlserver": {"tcp", 1433},
		"mongodb": {"tcp", 27017}, "redis": {"tcp", 6379}, "rediss": {"tls", 6379}, "memcached": {"tcp", 11211}, "cassandra": {"tcp", 9042},
		"amqp": {"tcp", 5672}, "amqps": {"tls", 5671}, "kafka": {"tcp", 9092}, "nats": {"tcp", 4222}, "mqtt": {"tcp", 1883}, "mqtts": {"tls", 8883},
		"ldap": {"tcp", 389}, "ldaps": {"tls", 636}, "smtp": {"tcp", 587}, "smtps": {"tls", 465}, "sftp": {"tcp", 22}, "ssh": {"tcp", 22},
	}
}

// newExternal makes an entry of an address. Without a scheme it is bytes, except for the port of HTTPS.
func newExternal(a address) (made *external, problem string) {
	scheme, ok := schemes()[a.scheme]
	switch {
	case a.scheme != "" && !ok:
		return nil, fmt.Sprintf("the scheme %s is not known", a.scheme)
	case a.scheme == "" && a.port == 443:
		scheme = known{"https", 443}
	case a.scheme == "" && a.port == 0:
		return nil, "it has neither a scheme nor a port"
	case a.scheme == "":
		scheme = known{"tcp", 0}
	case scheme.port == 0 && a.port == 0:
		return nil, "it has no port"
	}
	port := a.port
	if port == 0 {
		port = scheme.port
	}
	if usual := schemes()[scheme.scheme].port; port == usual {
		port = 0
	}
	return &external{scheme: scheme.scheme, host: a.host, port: port}, ""
}

// give finds the entry of a mesh for a host, or makes one with a name that nobody else has.
func (m *mesh) give(found *external) *external {
	for _, other := range m.external {
		if other.url() == found.url() {
			return other
		}
	}
	base := externalName(found.host)
	for _, name := range []string{base, base + "-external", base + "-" + found.scheme, base + "-" + strings.TrimPrefix(strconv.Itoa(found.port), "-")} {
		if m.external[name] == nil && m.entries[name] == nil {
			found.name = name
			break
		}
	}
	for i := 2; found.name == ""; i++ {
		if name := fmt.Sprintf("%s-%d", base, i); m.external[name] == nil && m.entries[name] == nil {
			found.name = name
		}
	}
	m.external[found.name] = found
	return found
}

// externalName is stripe for api.stripe.com.
func externalName(host string) string {
	labels := strings.Split(host, ".")
	if len(labels) > 1 {
		labels = labels[:len(labels)-1]
	}
	if len(labels) > 1 && slices.Contains([]string{"api", "www", "rest", "grpc", "gateway", "smtp"}, labels[0]) {
		labels = labels[1:]
	}
	name := strings.Join(labels, "-")
	return strings.Trim(name[:min(len(name), 54)], "-")
}
