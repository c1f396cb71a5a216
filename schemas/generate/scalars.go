package main

import (
	"fmt"
	"maps"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
)

// syntax is what a scalar type with a syntax of its own accepts.
type syntax struct {
	name     string // in the reference
	pattern  string // a regular expression that Go and ECMAScript read the same way
	longest  int    // characters, 0 for any number
	mismatch string // what an editor says when the pattern does not match
	numbers  *numbers
	booleans bool // true and false may stand without quotes
}

// numbers says which numbers may stand without quotes.
type numbers struct {
	whole    bool
	positive bool  // above zero
	min, max int64 // no bounds where they are the same
}

// syntaxes lists the scalar types. A test holds every pattern against the UnmarshalText of its type.
func syntaxes() map[string]syntax {
	all := callSyntaxes()
	maps.Copy(all, map[string]syntax{
		"Duration": {
			name: "duration", pattern: durationPattern(),
			mismatch: "a duration has a unit and whole milliseconds: 250ms, 5s, 1m30s",
		},
		"Quantity": {
			name:     "quantity",
			pattern:  `^\+?(0*[1-9][0-9]*(\.[0-9]*)?|0*\.0*[1-9][0-9]*)([numkMGTPE]|[KMGTPE]i|[eE][-+]?[0-9]+)?$`,
			mismatch: "an amount of CPU or memory above zero: 100m, 2, 128Mi, 1Gi",
			numbers:  &numbers{positive: true},
		},
		"Percentage": {
			name:     "percentage",
			pattern:  `^(100(\.0{1,2})?|[0-9]{1,2}(\.[0-9]{1,2})?)$`,
			mismatch: "a number from 0 to 100 with up to two decimals: 5, 0.25",
			numbers:  &numbers{min: 0, max: 100},
		},
		"PortRef": {
			name: "port name or number", pattern: portPattern(), longest: 63,
			mismatch: "the name of a port of the Service, or its number from 1 to 65535",
			numbers:  &numbers{whole: true, min: 1, max: 65535},
		},
		"IstioVersion": {
			name: "release in quotes", pattern: `^1\.[0-9]{1,3}(\.[0-9]+)?$`,
			mismatch: `a release of Istio in quotes: "1.31"`,
		},
		"Stage":            stage(),
		"NamespaceRollout": stage(), // in its short form
		"DNSName": {
			name: "domain name", pattern: `^` + domain + `$`, longest: 253,
			mismatch: "a domain name in lower case, without a dot at its end: cluster.local",
		},
		"Domain": {
			name: "domain name", pattern: `^(\*\.)?` + domain + `$`, longest: 255,
			mismatch: "a domain name in lower case, without scheme, port and path: example.com",
		},
		"NamespaceName": {
			name: "name of a namespace", pattern: `^` + label + `$`, longest: 63,
			mismatch: "lower-case letters, digits and dashes: istio-system",
		},
		"LabelValue": {
			name: "value of a label", pattern: `^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$`, longest: 63,
			mismatch: "letters, digits, dashes, dots and underscores, beginning and ending with a letter or digit",
		},
		"Sample": {
			name: "text without spaces", longest: 253,
			pattern:  `^([-A-Za-z0-9/_.+~=]([-A-Za-z0-9/_.+~=:@%&,;()]*[-A-Za-z0-9/_.+~=)])?)?$`,
			mismatch: "a value as it will be filled in, without spaces, quotes and variables: example.com",
		},
		"Scalar": {
			name: "any value", pattern: `\S`, mismatch: "a value of the setting",
			numbers: &numbers{}, booleans: true,
		},
		"PathMatch": {
			name: "path", pattern: `^/`,
			mismatch: "a path starts with a slash: /api",
		},
	})
	return all
}

// callSyntaxes are those of who calls whom.
func callSyntaxes() map[string]syntax {
	return map[string]syntax{
		"Method": {
			name: "HTTP method", pattern: `^[A-Z][A-Z-]*$`, mismatch: "a method in capitals: GET",
		},
		"Caller": {
			name:     "caller",
			pattern:  `^(` + label + `(\.` + label + `)?|[A-Z][A-Za-z]*/` + label + `(\.` + label + `)?|` + label + `/` + label + `)$`,
			mismatch: "a Service, Kind/name, namespace/serviceaccount, same-namespace or the name of a gateway: web",
		},
		"Dependency": {
			name:     "dependency",
			pattern:  `^` + label + `(\.` + label + `)?(:` + anyPort() + `)?$`,
			mismatch: "a Service with, if needed, its namespace and port, or the name of an entry of external: stock.warehouse:grpc",
		},
		"ExternalURL": {
			name:     "URL of a host",
			pattern:  `^((https?|grpcs?|tls)://(\*\.)?` + domain + `(:` + portNumber + `)?|tcp://(\*\.)?` + domain + `:` + portNumber + `)/?$`,
			mismatch: "scheme://host or scheme://host:port: https://api.example.com",
		},
		"ExternalTLS": {
			name: "who speaks TLS", pattern: `^(originate|passthrough)$`, mismatch: "originate or passthrough",
		},
		"ExtAuthz": {
			name: "provider", pattern: `^[^ \t\n]+$`, mismatch: "the name of an extension provider: oauth2-proxy",
		},
	}
}

// stage is one of a few words.
func stage() syntax {
	var names []string
	for _, known := range v1alpha1.Stages() {
		names = append(names, string(known))
	}
	return syntax{name: "stage", pattern: "^(" + strings.Join(names, "|") + ")$", mismatch: "a stage: " + orList(names)}
}

// The names of Kubernetes: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
const (
	label  = `[a-z0-9]([-a-z0-9]*[a-z0-9])?`
	domain = label + `(\.` + label + `)*`
)

// durationPattern accepts any number of parts such as 1m30s, each of whole milliseconds. It refuses what only a program
// would write: parts that are whole milliseconds only together (0.5ms500us), and fractions of units below a millisecond.
func durationPattern() string {
	part := func(unit, fraction string) string {
		return fmt.Sprintf(`([0-9]+\.?|[0-9]*\.%s)%s`, fraction, unit)
	}
	return `^\+?(` + strings.Join([]string{
		part("h", `([0-9]{1,5}|[0-9]{5}(5|25|75))0*`),
		part("m", `([0-9]{1,4}|[0-9]{4}5)0*`),
		part("s", `[0-9]{1,3}0*`),
		part("ms", `0+`),
		`([0-9]*000|0+)(us|µs|μs)`,
		`([0-9]*000000|0+)ns`,
	}, "|") + `)+$`
}

const portNumber = `0*([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])`

// portPattern accepts a DNS label that is not only digits, and the digits of a port number.
func portPattern() string { return `^` + anyPort() + `$` }

func anyPort() string {
	name := `[0-9]*[a-z]([-a-z0-9]*[a-z0-9])?|[0-9]+-[-a-z0-9]*[a-z0-9]`
	return `(\+?` + portNumber + `|` + name + `)`
}
