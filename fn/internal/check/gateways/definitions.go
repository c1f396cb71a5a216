package gateways

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// bundleVersion is the annotation by which the Gateway API's definitions say what release they are of.
const bundleVersion = "gateway.networking.k8s.io/bundle-version"

// definitions checks the Gateway API's custom resource definitions, where the build installs them.
// https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#setup
func (c *checker) definitions() {
	for _, it := range c.Items {
		if it.Kind() != "CustomResourceDefinition" || !strings.HasSuffix(it.Name(), "."+cluster.GatewayAPIGroup) {
			continue
		}
		c.served(it)
		c.release(it)
	}
}

// served finds definitions that lack the version in which Istio reads a kind.
func (c *checker) served(it *item.Item) {
	kind, _ := it.String("spec", "names", "kind")
	versions := servedVersions(it)
	read := slices.Contains([]string{"Gateway", "GatewayClass", "HTTPRoute"}, kind) && slices.Contains(versions, "v1")
	beta := slices.Contains([]string{"Gateway", "GatewayClass", "HTTPRoute", "ReferenceGrant"}, kind)
	stable := slices.Contains([]string{"Gateway", "GatewayClass", "HTTPRoute", "GRPCRoute"}, kind)
	has := "none"
	if len(versions) > 0 {
		has = diag.OneOf(versions)
	}
	finding := diag.Finding{
		Source:  it.Source("spec.versions"),
		Because: []string{"https://gateway-api.sigs.k8s.io/guides/getting-started/#install-standard-channel"},
		Try:     "the definitions of a newer release of the Gateway API",
	}
	if beta && !read && !slices.Contains(versions, "v1beta1") {
		finding.Code = diag.DefinitionUnsupported
		finding.Message = fmt.Sprintf("Istio does not read %s in any version that is served here: %s", kind, has)
		c.report(finding)
		return
	}
	if stable && !slices.Contains(versions, "v1") {
		finding.Code, finding.Severity = diag.DefinitionOld, diag.Warning
		finding.Message = fmt.Sprintf("Istio reads %s as v1, which is not served here: %s", kind, has)
		c.report(finding)
	}
}

func servedVersions(it *item.Item) []string {
	var spec struct {
		Versions []struct {
			Name   string `yaml:"name"`
			Served bool   `yaml:"served"`
		} `yaml:"versions"`
	}
	if node := it.Field("spec"); node == nil || node.Decode(&spec) != nil {
		return nil
	}
	var names []string
	for _, version := range spec.Versions {
		if version.Served {
			names = append(names, version.Name)
		}
	}
	return names
}

// release finds definitions that are older than what Istio asks for. It then ignores every object of the kind.
// https://github.com/istio/istio/blob/master/pkg/config/schema/gatewayapi/minimumversions.go
func (c *checker) release(it *item.Item) {
	minimum := minimumFor(it.Name(), c.Istio.Minor)
	text, has := it.Annotation(bundleVersion)
	var major, minor int
	if _, err := fmt.Sscanf(strings.TrimPrefix(text, "v"), "%d.%d", &major, &minor); err != nil || !has {
		return
	}
	if minimum == 0 || major > 1 || major == 1 && minor >= minimum {
		return
	}
	c.report(diag.Finding{
		Code: diag.DefinitionIgnored, Severity: diag.Warning, Source: it.Source(diag.Join("metadata.annotations", bundleVersion)),
		Message: fmt.Sprintf("Istio 1.%d ignores every object of this kind: the definition is of Gateway API %s, and it needs 1.%d or newer",
			c.Istio.Minor, text, minimum),
		Try: fmt.Sprintf("the definitions of Gateway API 1.%d or newer", minimum),
	})
}

// minimumFor is the minor version of the Gateway API that a release of Istio asks of a definition, 0 for any.
func minimumFor(name string, istio int) int {
	plural, _, _ := strings.Cut(name, ".")
	switch {
	case plural == "grpcroutes":
		return 1
	case plural == "backendtlspolicies" && istio >= 28:
		return 4
	case plural == "tlsroutes" && istio >= 30:
		return 5
	case plural == "tcproutes" && istio >= 31:
		return 6
	}
	return 0
}
