package read

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// configKeys are the keys of a kpt ConfigMap that hold documents as text.
func configKeys() []string { return []string{"mesh", "profile"} }

// fromConfig returns the documents of a function's configuration: the document itself, or those inside a ConfigMap, which
// is the only kind `kpt fn` takes on its command line.
func fromConfig(config *item.Item) ([]*item.Item, diag.List) {
	if config == nil {
		return nil, nil
	}
	if finding := config.Check(); finding != nil {
		return nil, diag.List{*finding}
	}
	switch {
	case config.Group() == v1alpha1.Group:
		return []*item.Item{config}, nil
	case config.APIVersion() == "v1" && config.Kind() == "ConfigMap":
		return fromConfigMap(config)
	}
	return nil, diag.List{{
		Code: diag.BadFunction, Source: config.Source("kind"),
		Message: fmt.Sprintf("functionConfig is a %s; allowed: Mesh, MeshProfile, or a ConfigMap with documents in data.mesh and data.profile", config.Kind()),
	}}
}

func fromConfigMap(config *item.Item) ([]*item.Item, diag.List) {
	var documents []*item.Item
	var findings diag.List
	data := config.Lookup("data")
	if data == nil {
		return nil, nil
	}
	for i := 0; i+1 < len(data.Content); i += 2 {
		key := data.Content[i].Value
		if key != "mesh" && key != "profile" {
			findings = append(findings, diag.Finding{
				Code: diag.UnknownField, Source: config.Source(diag.Join("data", key)),
				Message: fmt.Sprintf("unknown key %q in the function's ConfigMap; allowed: %s", key, diag.OneOf(configKeys())),
			})
			continue
		}
		value := followed(data.Content[i+1])
		if value.Kind != yaml.ScalarNode || value.Value == "" {
			findings = append(findings, diag.Finding{
				Code: diag.WrongType, Source: config.Source(diag.Join("data", key)),
				Message: fmt.Sprintf("data.%s is %s; allowed: the text of a document", key, describe(value)), Try: key + ": |\n  apiVersion: " + v1alpha1.GroupVersion,
			})
			continue
		}
		inside, problems := item.Stream("", []byte(value.Value))
		findings = append(findings, problems...)
		for _, document := range inside {
			if finding := document.Check(); finding != nil {
				finding.Source = config.Source(diag.Join("data", key))
				findings = append(findings, *finding)
				continue
			}
			documents = append(documents, document)
		}
	}
	return documents, findings
}
