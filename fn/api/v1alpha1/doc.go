// Package v1alpha1 is what users may write: the kinds Mesh and MeshProfile of meshfn.dev/v1alpha1.
//
// The types are plain data. Their doc comments are the reference (docs/reference.md) and the descriptions in the JSON
// Schemas (schemas/), both generated from here; their struct tags are the rules the strict reader and the schemas share:
//
//	meshfn:"required"        the field must be present
//	meshfn:"min=1,max=100"   bounds of a number; on a list or a map, of its length
//	meshfn:"enum=A|B"        the allowed words
//	meshfn:"quoted"          a number must be written in quotes
//	meshfn:"example=5s"      a value the reference and messages may show
//
// In a doc comment, a line that starts with "Default:", "Bounds:", "Becomes:" or "Error:" is a row of the reference.
package v1alpha1

// GroupVersion is the apiVersion of every document in this package.
const (
	Group        = "meshfn.dev"
	Version      = "v1alpha1"
	GroupVersion = Group + "/" + Version
)

// The kinds users write.
const (
	KindMesh        = "Mesh"
	KindMeshProfile = "MeshProfile"
)

// SourceAnnotation marks an object as generated and names the Mesh it came from, as namespace/name or name.
const SourceAnnotation = Group + "/source"

// Metadata is the part of Kubernetes metadata that documents of this group use.
type Metadata struct {
	// Name identifies the document.
	Name string `json:"name,omitempty"`
	// Namespace is the namespace whose Services and workloads the document speaks of. Without it, a document speaks of
	// the only namespace of the build.
	Namespace string `json:"namespace,omitempty"`
	// Labels are kept and otherwise not read.
	Labels map[string]string `json:"labels,omitempty"`
	// Annotations are kept. `config.kubernetes.io/local-config: "true"` keeps the document out of what is applied.
	Annotations map[string]string `json:"annotations,omitempty"`
}
