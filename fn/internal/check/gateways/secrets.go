package gateways

import (
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// secrets is every Secret that the cluster will have from this build, by namespace and name: written out, or made by a
// controller from something else.
type secrets struct {
	written map[string]map[string]*facts.Secret
	made    map[string]map[string]*item.Item
	all     map[string]*item.Item // made in every namespace, by name
}

func (c *checker) secrets() *secrets {
	out := &secrets{
		written: map[string]map[string]*facts.Secret{}, made: map[string]map[string]*item.Item{}, all: map[string]*item.Item{},
	}
	for _, secret := range c.Facts.Secrets {
		if out.written[secret.Namespace] == nil {
			out.written[secret.Namespace] = map[string]*facts.Secret{}
		}
		out.written[secret.Namespace][secret.Name] = secret
	}
	for _, it := range c.Items {
		for _, name := range makes(it) {
			if it.Kind() == "ClusterExternalSecret" {
				out.all[name] = it
				continue
			}
			if out.made[it.Namespace()] == nil {
				out.made[it.Namespace()] = map[string]*item.Item{}
			}
			out.made[it.Namespace()][name] = it
		}
	}
	return out
}

// has reports whether a namespace will have a Secret.
func (s *secrets) has(namespace, name string) bool {
	_, made := s.made[namespace][name]
	return s.written[namespace][name] != nil || made || s.all[name] != nil
}

// names lists the Secrets of a namespace.
func (s *secrets) names(namespace string) []string {
	return slices.Concat(slices.Collect(maps.Keys(s.written[namespace])), slices.Collect(maps.Keys(s.made[namespace])))
}

// elsewhere lists the namespaces that will have a Secret of a name.
func (s *secrets) elsewhere(name string) []string {
	seen := map[string]bool{}
	for namespace := range s.written {
		seen[namespace] = s.has(namespace, name)
	}
	for namespace := range s.made {
		seen[namespace] = s.has(namespace, name)
	}
	return slices.Sorted(func(yield func(string) bool) {
		for namespace, has := range seen {
			if has && !yield(namespace) {
				return
			}
		}
	})
}

// makes names the Secrets that a controller makes from an object.
func makes(it *item.Item) []string {
	switch it.Group() + "/" + it.Kind() {
	case "cert-manager.io/Certificate": // https://cert-manager.io/docs/usage/certificate/
		return named(it, "spec", "secretName")
	case "external-secrets.io/ExternalSecret": // https://external-secrets.io/latest/api/externalsecret/
		return firstOf(named(it, "spec", "target", "name"), it.Name())
	case "external-secrets.io/ClusterExternalSecret":
		return firstOf(named(it, "spec", "externalSecretSpec", "target", "name"), it.Name())
	case "bitnami.com/SealedSecret": // https://github.com/bitnami-labs/sealed-secrets
		return firstOf(named(it, "spec", "template", "metadata", "name"), it.Name())
	case "onepassword.com/OnePasswordItem":
		return []string{it.Name()}
	case "isindir.github.com/SopsSecret":
		return listed(it, "spec.secretTemplates", "name")
	case "secrets-store.csi.x-k8s.io/SecretProviderClass":
		return listed(it, "spec.secretObjects", "secretName")
	}
	if it.Group() == "secrets.hashicorp.com" && strings.HasPrefix(it.Kind(), "Vault") {
		return named(it, "spec", "destination", "name")
	}
	return nil
}

func named(it *item.Item, path ...string) []string {
	if name, ok := it.String(path...); ok && name != "" {
		return []string{name}
	}
	return nil
}

func firstOf(given []string, fallback string) []string {
	if len(given) > 0 {
		return given
	}
	return []string{fallback}
}

// listed are the values of a field of each entry of a list.
func listed(it *item.Item, path, field string) []string {
	list := it.Field(path)
	if list == nil {
		return nil
	}
	var names []string
	for _, entry := range list.Content {
		var values map[string]any
		if entry.Decode(&values) != nil {
			continue
		}
		if name, ok := values[field].(string); ok {
			names = append(names, name)
		}
	}
	return names
}
