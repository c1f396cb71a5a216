package check

import (
	"errors"
	"strings"

	"istio.io/istio/pkg/config/validation"

	"github.com/meshfn/meshfn/fn/internal/cluster"
)

// passedOver reports whether a warning of Istio's is no news: one that a check of ours reports at the very place and with
// what to write instead, or one that is wrong for the Sidecar of the root namespace, where a dot stands for each namespace
// and ./* does not take in istio-system/*.
func passedOver(text string, object *cluster.Any, root string) bool {
	for _, said := range []string{
		"deprecated",                                   // check/extensions
		"will deny all traffic to TCP ports",           // check/policies
		"addresses are required for ports serving TCP", // check/scope
		"using legacy gatewayName format",              // check/routing
	} {
		if strings.Contains(text, said) {
			return true
		}
	}
	return object.Kind == "Sidecar" && object.Namespace == root && strings.HasPrefix(text, "duplicated egress host")
}

// warningText is what Istio warns of, without what is no news.
func warningText(object *cluster.Any, warning validation.Warning, root string) string {
	if warning == nil {
		return ""
	}
	list := []error{warning}
	if several, ok := errors.AsType[interface {
		error
		WrappedErrors() []error
	}](warning); ok {
		list = several.WrappedErrors()
	}
	var texts []string
	for _, one := range list {
		if _, order := errors.AsType[*validation.AnalysisAwareError](one); order {
			continue // The checks of routes say both places.
		}
		if !passedOver(one.Error(), object, root) {
			texts = append(texts, oneLine(one.Error()))
		}
	}
	return strings.Join(texts, "; ")
}
