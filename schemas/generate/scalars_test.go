package main

import (
	"encoding"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
)

// A pattern accepts what UnmarshalText accepts, over words made of the pieces that matter.
func TestPatterns(t *testing.T) {
	pieces := map[string]string{
		"Duration":     "0 1 5 9 00 000 000000 12 . . 25 75 h m s ms us µs ns + x",
		"Quantity":     "0 1 9 00 12 . . m k M G Ki Mi Gi Ei e E n u + - 3 x",
		"Percentage":   "0 1 5 9 10 100 00 . . 25 + - e x",
		"PortRef":      "0 1 6 5 535 536 65535 65536 a z - -- http + . _ A",
		"IstioVersion": "1 . . 1. 31 26 .4 v 1000 2. 1.31",
		"PathMatch":    "/ a . api / ? *",
		"Stage":        "off observe resilience strict authorize on",
		"Method":       "GET P O a - 1 _",
		"Caller":       "a 0 web - . / / Job Cron A same-namespace :",
		"Dependency":   "a 0 web - . / : : 6379 grpc 0 + A",
		"ExternalURL":  "https:// tcp:// https://a https://*.b.com a com :443 / A",
		"ExternalTLS":  "originate passthrough mutual",
		"ExtAuthz":     "oauth2 - . a A _",

		"NamespaceRollout": "off observe resilience strict authorize on",

		"DNSName":       "a 0 z9 - -- . .. A _ * cluster local",
		"Domain":        "a 0 z9 - . .. A *. *. * example com / :",
		"NamespaceName": "a 0 z9 - -- . A istio-system aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"Sample":        "a 0 - . : :// / = @ ( ) $ { } * ' ~ %",
		"Scalar":        "a 0 5s . true _ - 1Gi",
		"LabelValue":    "a 0 Z9 - _ . / 1-31 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	}
	types := map[string]func() encoding.TextUnmarshaler{
		"Duration":     func() encoding.TextUnmarshaler { return new(v1alpha1.Duration) },
		"Quantity":     func() encoding.TextUnmarshaler { return new(v1alpha1.Quantity) },
		"Percentage":   func() encoding.TextUnmarshaler { return new(v1alpha1.Percentage) },
		"PortRef":      func() encoding.TextUnmarshaler { return new(v1alpha1.PortRef) },
		"IstioVersion": func() encoding.TextUnmarshaler { return new(v1alpha1.IstioVersion) },
		"PathMatch":    func() encoding.TextUnmarshaler { return new(v1alpha1.PathMatch) },
		"Stage":        func() encoding.TextUnmarshaler { return new(v1alpha1.Stage) },
		"Method":       func() encoding.TextUnmarshaler { return new(v1alpha1.Method) },
		"Caller":       func() encoding.TextUnmarshaler { return new(v1alpha1.Caller) },
		"Dependency":   func() encoding.TextUnmarshaler { return new(v1alpha1.Dependency) },
		"ExternalURL":  func() encoding.TextUnmarshaler { return new(v1alpha1.ExternalURL) },
		"ExternalTLS":  func() encoding.TextUnmarshaler { return new(v1alpha1.ExternalTLS) },
		"ExtAuthz":     func() encoding.TextUnmarshaler { return new(v1alpha1.ExtAuthz) },

		"NamespaceRollout": func() encoding.TextUnmarshaler { return new(v1alpha1.NamespaceRollout) },

		"DNSName":       func() encoding.TextUnmarshaler { return new(v1alpha1.DNSName) },
		"Domain":        func() encoding.TextUnmarshaler { return new(v1alpha1.Domain) },
		"NamespaceName": func() encoding.TextUnmarshaler { return new(v1alpha1.NamespaceName) },
		"Sample":        func() encoding.TextUnmarshaler { return new(v1alpha1.Sample) },
		"Scalar":        func() encoding.TextUnmarshaler { return new(v1alpha1.Scalar) },
		"LabelValue":    func() encoding.TextUnmarshaler { return new(v1alpha1.LabelValue) },
	}
	for name, syntax := range syntaxes() {
		t.Run(name, func(t *testing.T) {
			pattern := regexp.MustCompile(syntax.pattern)
			words := strings.Fields(pieces[name])
			random := rand.New(rand.NewPCG(1, 2))
			accepted := 0
			for range 50_000 {
				var text strings.Builder
				for range 1 + random.IntN(6) {
					text.WriteString(words[random.IntN(len(words))])
				}
				word := text.String()
				matches := pattern.MatchString(word) && (syntax.longest == 0 || len(word) <= syntax.longest)
				err := types[name]().UnmarshalText([]byte(word))
				if matches {
					accepted++
				}
				if matches != (err == nil) && !beyondPattern(name, word) {
					t.Fatalf("%q: the pattern says %t, the reader %v", word, matches, err)
				}
			}
			if accepted < 1000 {
				t.Errorf("only %d words were accepted", accepted)
			}
		})
	}
}

// beyondPattern knows the words on which a regular expression and the reader may differ: amounts too large or too small
// for Go, and durations of several parts, which can be whole milliseconds only together.
func beyondPattern(name, word string) bool {
	switch name {
	case "Duration":
		several := len(regexp.MustCompile(`[a-zµ]+`).FindAllString(word, -1)) > 1
		tiny := regexp.MustCompile(`\.[0-9]*(us|µs|ns)|[0-9]{6,}`).MatchString(word)
		return several || tiny || word == "+0" // Go reads a zero with a sign and without a unit.
	case "Quantity":
		return regexp.MustCompile(`[eE].*[0-9]{3,}`).MatchString(word)
	case "PortRef":
		return regexp.MustCompile(`^[0-9]{19,}$`).MatchString(word)
	}
	return false
}
