package check

import (
	"errors"
	"strings"

	"istio.io/istio/pkg/config/validation"
)

// warned is what Istio warns about, without what a check of ours says of the exact place and with what to write instead:
// deprecated fields (check/extensions), DENY rules for ports that are not HTTP (check/policies), the order of routes and
// Gateways named with dots (check/routing).
func warned(warning error) string {
	if warning == nil {
		return ""
	}
	each := []error{warning}
	if several, ok := warning.(interface{ WrappedErrors() []error }); ok {
		each = several.WrappedErrors()
	}
	var texts []string
	for _, one := range each {
		text := oneLine(one.Error())
		if !said(one, text) {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, "; ")
}

func said(warning error, text string) bool {
	var order *validation.AnalysisAwareError
	return errors.As(warning, &order) || strings.HasPrefix(text, "using legacy gatewayName format") ||
		strings.Contains(text, "deprecated") || strings.Contains(text, "will deny all traffic to TCP ports")
}
