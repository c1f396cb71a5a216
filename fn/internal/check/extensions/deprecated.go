package extensions

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// deprecated finds fields and values that Istio's own types call deprecated.
func (c *checker) deprecated() {
	for _, object := range c.Objects() {
		if message := object.Message(); message != nil {
			c.deprecatedIn(object, message.ProtoReflect(), "spec")
		}
	}
}

func (c *checker) deprecatedIn(object *cluster.Any, message protoreflect.Message, path string) {
	if !strings.HasPrefix(string(message.Descriptor().FullName()), "istio.") {
		return // Such as the value of a patch, which is Envoy's.
	}
	message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		at := diag.Join(path, field.JSONName())
		if use, old := replaced(field); old {
			c.report(outdated(object, at, field.JSONName(), use))
			return true
		}
		switch {
		case field.IsMap():
			value.Map().Range(func(key protoreflect.MapKey, value protoreflect.Value) bool {
				c.deprecatedValue(object, field.MapValue(), value, diag.Join(at, key.String()))
				return true
			})
		case field.IsList():
			for i := range value.List().Len() {
				c.deprecatedValue(object, field, value.List().Get(i), diag.At(at, i))
			}
		default:
			c.deprecatedValue(object, field, value, at)
		}
		return true
	})
}

func (c *checker) deprecatedValue(object *cluster.Any, field protoreflect.FieldDescriptor, value protoreflect.Value, at string) {
	switch {
	case field.Message() != nil:
		c.deprecatedIn(object, value.Message(), at)
	case field.Enum() != nil:
		if word := field.Enum().Values().ByNumber(value.Enum()); word != nil && oldValue(word) {
			c.report(outdated(object, at, string(word.Name()), successor(word.FullName())))
		}
	}
}

// outdated says what to write instead, where there is something.
func outdated(object *cluster.Any, at, what, use string) diag.Finding {
	finding := diag.Finding{
		Code: diag.DeprecatedField, Severity: diag.Warning, Source: object.At(at),
		Message: fmt.Sprintf("%s of %s is deprecated", what, object.Resource), Try: use,
	}
	switch what {
	case "LEAST_CONN", "BOOTSTRAP":
		finding.Proposed = use
	case "consecutiveErrors":
		finding.Message += " and has no effect"
	}
	return finding
}

// replaced says whether a field is deprecated, and what replaces it. Some are called so in their comments only, or by
// istioctl alone.
func replaced(field protoreflect.FieldDescriptor) (use string, old bool) {
	options, _ := field.Options().(*descriptorpb.FieldOptions)
	use = successor(field.FullName())
	return use, options.GetDeprecated() || use != ""
}

func oldValue(value protoreflect.EnumValueDescriptor) bool {
	options, _ := value.Options().(*descriptorpb.EnumValueOptions)
	return options.GetDeprecated() || successor(value.FullName()) != ""
}

// successor is what to write instead of a field or a value. Those that are deprecated and not here have no successor.
// https://github.com/istio/istio/blob/master/pkg/config/analysis/analyzers/deprecation/deprecation.go
func successor(name protoreflect.FullName) string {
	switch strings.TrimPrefix(string(name), "istio.networking.v1alpha3.") {
	case "LoadBalancerSettings.LEAST_CONN":
		return "LEAST_REQUEST"
	case "LoadBalancerSettings.ConsistentHashLB.minimum_ring_size":
		return "ringHash: {minimumRingSize: …}"
	case "LoadBalancerSettings.warmup_duration_secs":
		return "warmup: {duration: …}"
	case "OutlierDetection.consecutive_errors":
		return "consecutive5xxErrors, or consecutiveGatewayErrors"
	case "HTTPRoute.mirror_percent":
		return "mirrorPercentage: {value: …}"
	case "CorsPolicy.allow_origin":
		return "allowOrigins: [{exact: …}]"
	case "HTTPFaultInjection.Delay.percent":
		return "percentage: {value: …}"
	case "OutboundTrafficPolicy.egress_proxy":
		return "remove it, and route the hosts through an egress gateway with a VirtualService"
	case "EnvoyFilter.BOOTSTRAP":
		return "a custom bootstrap, with the annotation sidecar.istio.io/bootstrapOverride"
	}
	return ""
}

// removed finds objects of kinds that Istio had before 1.6, and their definitions.
func (c *checker) removed() {
	for _, it := range c.Items {
		group, kind := it.Group(), it.Kind()
		if group == "apiextensions.k8s.io" && kind == "CustomResourceDefinition" {
			group, _ = it.String("spec", "group")
			kind, _ = it.String("spec", "names", "kind")
		}
		if use, old := removedGroup(group); old {
			c.report(gone(it, group, kind, use))
		}
	}
}

func gone(it *item.Item, group, kind, use string) diag.Finding {
	return diag.Finding{
		Code: diag.RemovedKind, Severity: diag.Warning, Source: it.Source("kind"),
		Message: fmt.Sprintf("%s: Istio no longer has the kind %s of %s", it.Resource(), kind, group),
		Try:     use,
	}
}

// removedGroup says what replaces the kinds of an API group that Istio has given up.
func removedGroup(group string) (use string, old bool) {
	switch group {
	case "rbac.istio.io":
		return "an AuthorizationPolicy of security.istio.io/v1", true
	case "authentication.istio.io":
		return "a PeerAuthentication and a RequestAuthentication of security.istio.io/v1", true
	case "config.istio.io":
		return "a Telemetry of telemetry.istio.io/v1, or a WasmPlugin", true
	}
	return "", false
}
