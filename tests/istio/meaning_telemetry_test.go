package istio

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"
	"istio.io/istio/pilot/test/xdstest"
)

// reports sums up what a proxy reports of the HTTP calls that come in or go out on a port: `inbound 80`, `outbound 80`.
// Tags and metrics are by their names, and Istio's own tags are left out.
func (w *world) reports(p *proxyConfig, name string) (any, error) {
	direction, port, _ := strings.Cut(name, " ")
	of := xdstest.ExtractListener("virtualInbound", p.listeners)
	if direction == "outbound" {
		of = xdstest.ExtractListener("0.0.0.0_"+port, p.listeners)
	}
	for _, chain := range of.GetFilterChains() {
		if direction == "inbound" && chain.GetName() != "0.0.0.0_"+port {
			continue
		}
		if manager := xdstest.ExtractHTTPConnectionManager(w.t, chain); manager != nil {
			return summary(manager)
		}
	}
	return map[string]any{"error": fmt.Sprintf("the proxy has no HTTP %s on port %s", direction, port)}, nil
}

func summary(manager proto.Message) (any, error) {
	all, err := asJSON(manager)
	if err != nil {
		return nil, err
	}
	out := map[string]any{}
	if tracing, ok := lookUp(all, "tracing"); ok {
		fields, _ := tracing.(map[string]any)
		fields["customTags"] = byName(fields["customTags"], "tag")
		out["tracing"] = fields
	}
	if logs, ok := lookUp(all, "accessLog"); ok {
		out["accessLog"] = logs
	}
	filters, _ := lookUp(all, "httpFilters")
	list, _ := filters.([]any)
	var stats []any
	for _, filter := range list {
		if kind, _ := lookUp(filter, "name"); kind == "istio.stats" {
			metrics, _ := lookUp(filter, "typedConfig.metrics")
			stats = append(stats, byName(metrics, "name"))
		}
	}
	if stats != nil {
		out["stats"] = stats
	}
	return out, nil
}

// byName turns a list into a mapping by the names of its entries.
func byName(value any, key string) map[string]any {
	out := map[string]any{}
	list, _ := value.([]any)
	for _, entry := range list {
		fields, _ := entry.(map[string]any)
		name, _ := fields[key].(string)
		if !strings.HasPrefix(name, "istio.") {
			delete(fields, key)
			out[name] = fields
		}
	}
	return out
}
