package extensions

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// multiClusterLabel is on the Secrets with which istiod reaches other clusters.
// https://istio.io/latest/docs/setup/install/multicluster/
const multiClusterLabel = "istio/multiCluster"

// meshConfigs lists the ConfigMaps that configure istiod: istio, or istio-<revision>.
func (c *checker) meshConfigs() []*item.Item {
	var found []*item.Item
	for _, it := range c.Items {
		if it.Group() == "" && it.Kind() == "ConfigMap" && it.Namespace() == c.Istio.RootNamespace &&
			(it.Name() == "istio" || strings.HasPrefix(it.Name(), "istio-")) {
			found = append(found, it)
		}
	}
	return found
}

// decodeText reads a document that a ConfigMap holds as text. What is no YAML is not a mistake that can be named here.
func decodeText(config *item.Item, key string, into any) bool {
	text, ok := config.String("data", key)
	return ok && yaml.Unmarshal([]byte(text), into) == nil
}

// networks compares the clusters that the networks of the mesh speak of with those that istiod is given access to. The name
// of the cluster that istiod runs in is known to nobody here.
func (c *checker) networks() {
	var networks struct {
		Networks map[string]struct {
			Endpoints []struct {
				Registry string `yaml:"fromRegistry"`
			} `yaml:"endpoints"`
		} `yaml:"networks"`
	}
	known := c.registries()
	for _, config := range c.meshConfigs() {
		if !decodeText(config, "meshNetworks", &networks) {
			continue
		}
		var unknown []string
		for _, name := range slices.Sorted(maps.Keys(networks.Networks)) {
			for _, endpoint := range networks.Networks[name].Endpoints {
				if endpoint.Registry != "" && !slices.Contains(known, endpoint.Registry) && !slices.Contains(unknown, endpoint.Registry) {
					unknown = append(unknown, endpoint.Registry)
				}
			}
		}
		if len(unknown) > 1 { // One of them can be the cluster of istiod itself.
			c.registry(config, unknown, known)
		}
	}
}

// registry is a warning where the build has some of the Secrets, and so probably should have all.
func (c *checker) registry(config *item.Item, unknown, known []string) {
	finding := diag.Finding{
		Code: diag.UnknownRegistry, Severity: diag.Info, Source: config.Source("data.meshNetworks"),
		Message: fmt.Sprintf("not checked: whether istiod knows the clusters of fromRegistry (%s); the build would have to contain their Secrets with the label %s",
			diag.OneOf(unknown), multiClusterLabel),
	}
	if len(known) > len(builtinRegistries()) {
		finding.Severity = diag.Warning
		finding.Message = fmt.Sprintf("istiod runs in one of the clusters of fromRegistry at most, and the build has no Secret for any of %s", diag.OneOf(unknown))
		finding.Because = []string{"its Secrets with the label " + multiClusterLabel + " and its own registries are: " + diag.OneOf(known)}
	}
	c.report(finding)
}

func builtinRegistries() []string { return []string{"Kubernetes", "External", "Mock"} }

// registries lists the clusters that the Secrets of the build are for.
func (c *checker) registries() []string {
	known := builtinRegistries()
	for _, secret := range c.Facts.Secrets {
		if value, _ := secret.Item.String("metadata", "labels", multiClusterLabel); value == "true" {
			known = append(known, secret.Keys...)
		}
	}
	return known
}
