package limits

import (
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// carried is one field of Istio's and the setting that it carries.
type carried struct{ path, field string }

// retryBudget takes the place of the number of retries, which then limits nothing.
// https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/cluster/v3/circuit_breaker.proto
const retryBudget = "retryBudget"

// policyFields are the fields of a traffic policy that carry settings. TestEverySettingIsReadBack holds this list, and the
// others here, against the settings there are and against what is rendered.
// https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy
func policyFields() []carried {
	return []carried{
		{"circuitBreaker.maxConnections", "connectionPool.tcp.maxConnections"},
		{"circuitBreaker.connectTimeout", "connectionPool.tcp.connectTimeout"},
		{"circuitBreaker.idleTimeout", "connectionPool.tcp.idleTimeout"},
		{"circuitBreaker.idleTimeout", "connectionPool.http.idleTimeout"},
		{"circuitBreaker.http1MaxPendingRequests", "connectionPool.http.http1MaxPendingRequests"},
		{"circuitBreaker.http2MaxRequests", "connectionPool.http.http2MaxRequests"},
		{"circuitBreaker.maxRequestsPerConnection", "connectionPool.http.maxRequestsPerConnection"},
		{"circuitBreaker.maxRetries", "connectionPool.http.maxRetries"},
		{"outlierDetection.consecutiveGatewayErrors", "outlierDetection.consecutiveGatewayErrors"},
		{"outlierDetection.consecutive5xxErrors", "outlierDetection.consecutive5xxErrors"},
		{"outlierDetection.splitExternalLocalOriginErrors", "outlierDetection.splitExternalLocalOriginErrors"},
		{"outlierDetection.consecutiveLocalOriginFailures", "outlierDetection.consecutiveLocalOriginFailures"},
		{"outlierDetection.interval", "outlierDetection.interval"},
		{"outlierDetection.baseEjectionTime", "outlierDetection.baseEjectionTime"},
		{"outlierDetection.maxEjectionPercent", "outlierDetection.maxEjectionPercent"},
		{"outlierDetection.minHealthPercent", "outlierDetection.minHealthPercent"},
		{"loadBalancer.simple", "loadBalancer.simple"},
		{"loadBalancer.consistentHash.httpHeaderName", "loadBalancer.consistentHash.httpHeaderName"},
		{"loadBalancer.consistentHash.httpCookie.name", "loadBalancer.consistentHash.httpCookie.name"},
		{"loadBalancer.consistentHash.httpCookie.path", "loadBalancer.consistentHash.httpCookie.path"},
		{"loadBalancer.consistentHash.httpCookie.ttl", "loadBalancer.consistentHash.httpCookie.ttl"},
		{"loadBalancer.consistentHash.httpQueryParameterName", "loadBalancer.consistentHash.httpQueryParameterName"},
		{"loadBalancer.consistentHash.useSourceIp", "loadBalancer.consistentHash.useSourceIp"},
		{"loadBalancer.consistentHash.minimumRingSize", "loadBalancer.consistentHash.ringHash.minimumRingSize"},
		{"loadBalancer.consistentHash.minimumRingSize", "loadBalancer.consistentHash.minimumRingSize"},
		{"loadBalancer.locality", "loadBalancer.localityLbSetting.enabled"},
		{"loadBalancer.locality.failover", "loadBalancer.localityLbSetting.failover"},
		{"loadBalancer.locality.failoverPriority", "loadBalancer.localityLbSetting.failoverPriority"},
		{"loadBalancer.locality.distribute", "loadBalancer.localityLbSetting.distribute"},
		{"loadBalancer.warmup.duration", "loadBalancer.warmup.duration"},
		{"loadBalancer.warmup.duration", "loadBalancer.warmupDurationSecs"},
		{"loadBalancer.warmup.minimumPercent", "loadBalancer.warmup.minimumPercent"},
	}
}

// routeFields are the fields of an HTTP route that carry settings. Its conditions of retries are read apart.
// https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute
func routeFields() []carried {
	return []carried{
		{"timeout", "timeout"},
		{"retries.perTryTimeout", "retries.perTryTimeout"},
	}
}

// istioDefaults are what Istio takes for fields of a block that is there without them.
// https://istio.io/latest/docs/reference/config/networking/destination-rule/#OutlierDetection
func istioDefaults() map[string]string {
	return map[string]string{
		"outlierDetection.consecutive5xxErrors": "5", "outlierDetection.interval": "10s",
		"outlierDetection.baseEjectionTime": "30s", "outlierDetection.maxEjectionPercent": "10",
		"outlierDetection.minHealthPercent": "0",
	}
}

// turnsOn says which values turn a block on, for blocks that can be there and off. Without an entry any value does.
func turnsOn() map[string][]string {
	return map[string][]string{
		"outlierDetection": {
			"outlierDetection.consecutiveGatewayErrors", "outlierDetection.consecutive5xxErrors",
			"outlierDetection.splitExternalLocalOriginErrors",
		},
		"retries": {"retries.attempts"},
	}
}

// withBlocks adds a reading for each block around the readings of one scope: whether anything in it is on.
func withBlocks(all []reading) []reading {
	on, first := map[string]bool{}, map[string]reading{}
	var blocks []string
	for _, r := range all {
		for name, ok := diag.Parent(r.path); ok && name != ""; name, ok = diag.Parent(name) {
			if _, known := first[name]; !known {
				first[name] = r
				blocks = append(blocks, name)
			}
			counts, some := turnsOn()[name]
			if len(r.values) > 0 && !isNone(r.values) && (!some || slices.Contains(counts, r.path)) {
				on[name] = true
			}
		}
	}
	for _, name := range blocks {
		r := first[name]
		r.path, r.values, r.via, r.extent = name, nil, "", block
		if on[name] {
			r.values = []string{"on"}
		}
		all = append(all, r)
	}
	return all
}

// isNone reports whether a value is that of something turned off.
func isNone(values []string) bool {
	return len(values) == 1 && slices.Contains([]string{"0", "0s", "false"}, values[0])
}

// wordsAt are the values of a field of a message, none where it is not set.
func wordsAt(message protoreflect.Message, path string) []string {
	if !message.IsValid() {
		return nil
	}
	name, rest, deeper := strings.Cut(path, ".")
	field := message.Descriptor().Fields().ByJSONName(name)
	if field == nil || !message.Has(field) {
		return nil
	}
	value := message.Get(field)
	switch {
	case deeper:
		return wordsAt(value.Message(), rest)
	case field.IsMap():
		var entries []string
		value.Map().Range(func(key protoreflect.MapKey, entry protoreflect.Value) bool {
			entries = append(entries, key.String()+": "+wordOf(entry, field.MapValue()))
			return true
		})
		slices.Sort(entries)
		return entries
	case field.IsList():
		var words []string
		for i := range value.List().Len() {
			words = append(words, wordOf(value.List().Get(i), field))
		}
		return words
	}
	return []string{wordOf(value, field)}
}

// wordOf is one value as the author of a Mesh would write it.
func wordOf(value protoreflect.Value, field protoreflect.FieldDescriptor) string {
	switch {
	case field.Enum() != nil:
		if named := field.Enum().Values().ByNumber(value.Enum()); named != nil {
			return string(named.Name())
		}
	case field.Message() != nil && field.Message().FullName() == "google.protobuf.Duration":
		return value.Message().Interface().(*durationpb.Duration).AsDuration().String()
	case field.Message() != nil && strings.HasPrefix(string(field.Message().FullName()), "google.protobuf."):
		if wrapped := field.Message().Fields().ByName("value"); wrapped != nil {
			return fmt.Sprint(value.Message().Get(wrapped).Interface())
		}
	case field.Message() != nil:
		return textOf(value.Message())
	}
	return fmt.Sprint(value.Interface())
}

// textOf is a whole message in one line, the same for the same content.
func textOf(message protoreflect.Message) string {
	var parts []string
	fields := message.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		if !message.Has(field) {
			continue
		}
		value := message.Get(field)
		switch {
		case field.IsMap():
			parts = append(parts, field.JSONName()+": {"+strings.Join(wordsAt(message, field.JSONName()), ", ")+"}")
		case field.IsList():
			parts = append(parts, field.JSONName()+": ["+strings.Join(wordsAt(message, field.JSONName()), ", ")+"]")
		default:
			parts = append(parts, field.JSONName()+": "+wordOf(value, field))
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}
