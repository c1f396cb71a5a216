package catalog

import (
	"fmt"

	"sigs.k8s.io/yaml"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
)

// header tells people where the document comes from.
const header = "# Written by meshfn catalog. Write it again instead of changing it.\n"

// Write is a catalogue as a document, in one order. The annotation keeps it out of the cluster.
func Write(name string, in *v1alpha1.MeshCatalogSpec) ([]byte, error) {
	text, err := yaml.Marshal(v1alpha1.MeshCatalog{
		APIVersion: v1alpha1.GroupVersion, Kind: v1alpha1.KindMeshCatalog, Spec: *in,
		Metadata: v1alpha1.Metadata{Name: name, Annotations: map[string]string{"config.kubernetes.io/local-config": "true"}},
	})
	if err != nil {
		return nil, fmt.Errorf("cannot write the catalogue: %w", err)
	}
	return append([]byte(header), text...), nil
}
