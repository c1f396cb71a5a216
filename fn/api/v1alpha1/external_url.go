package v1alpha1

import (
	"fmt"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
)

// ExternalURL is where an external host is reached.
type ExternalURL struct {
	Scheme string `json:"-"`
	Host   string `json:"-"` // a domain name, possibly with `*.` in front
	Port   int32  `json:"-"`
	Text   string `json:"-"` // as it was written
}

// usualPort is the port of a scheme where the URL names none, 0 where there is no usual one.
func usualPort(scheme string) (port int32, known bool) {
	port, known = map[string]int32{"https": 443, "http": 80, "grpc": 80, "grpcs": 443, "tls": 443, "tcp": 0}[scheme]
	return port, known
}

var urlParts = regexp.MustCompile(`^([a-z0-9+.-]+)://([^/:?#@]+)(?::([0-9]+))?/?$`)

// UnmarshalText accepts scheme://host or scheme://host:port.
func (u *ExternalURL) UnmarshalText(text []byte) error {
	word := string(text)
	problem := &ValueError{
		Problem: fmt.Sprintf("%q is not the URL of a host", word),
		Allowed: "scheme://host or scheme://host:port, with https, http, grpc, grpcs, tls or tcp, such as https://api.example.com",
	}
	parts := urlParts.FindStringSubmatch(word)
	if parts == nil {
		if proposed := properURL(word); proposed != word && urlParts.MatchString(proposed) {
			problem.Proposed = proposed
		}
		return problem
	}
	scheme, host := parts[1], parts[2]
	port, known := usualPort(scheme)
	if parts[3] != "" {
		number, err := strconv.ParseInt(parts[3], 10, 32)
		if err != nil || len(validation.IsValidPortNum(int(number))) > 0 {
			problem.Problem = fmt.Sprintf("%q has no valid port", word)
			return problem
		}
		port = int32(number)
	}
	switch {
	case !known:
		problem.Problem = fmt.Sprintf("the scheme of %q is not known", word)
	case net.ParseIP(host) != nil:
		problem.Problem = fmt.Sprintf("%q names an address", word)
		problem.Allowed = "a domain name, of your choice where there is none, and the address under addresses"
	case len(validation.IsDNS1123Subdomain(strings.TrimPrefix(host, "*."))) > 0:
	case port == 0:
		problem.Problem = fmt.Sprintf("%q has no port, and tcp has no usual one", word)
	default:
		*u = ExternalURL{Scheme: scheme, Host: host, Port: port, Text: word}
		return nil
	}
	return problem
}

// properURL is a URL with a scheme, and without a path.
func properURL(word string) string {
	if !strings.Contains(word, "://") {
		word = "https://" + word
	}
	scheme, rest, _ := strings.Cut(word, "://")
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host
}

// String is the URL as it was written.
func (u ExternalURL) String() string { return u.Text }

// MarshalText writes the URL as it was written.
func (u ExternalURL) MarshalText() ([]byte, error) { return []byte(u.Text), nil }

// Wildcard reports whether the URL is for every host below a domain.
func (u ExternalURL) Wildcard() bool { return strings.HasPrefix(u.Host, "*.") }

// Encrypted reports whether the scheme speaks TLS.
func (u ExternalURL) Encrypted() bool {
	return slices.Contains([]string{"https", "grpcs", "tls"}, u.Scheme)
}
