// Package v1alpha1 is what users may write: the kinds Mesh, MeshProfile and MeshCatalog of meshfn.dev/v1alpha1.
//
// The types are plain data. Their doc comments are the reference (docs/reference.md) and the descriptions in the JSON
// Schemas (schemas/), both generated from here; their struct tags are the rules the strict reader and the schemas share:
//
//	meshfn:"required"             the field must be present
//	meshfn:"min=1,max=100"        bounds of a number; on a list or a map, of its length
//	meshfn:"itemMin=0,itemMax=9"  bounds of the numbers in a list or a map
//	meshfn:"enum=A|B"             the allowed words
//	meshfn:"quoted"               a number must be written in quotes
//	meshfn:"mapping"              the entries of a map are mappings, and their short forms are refused
//	meshfn:"unlimited"            zero, 0s or false means no limit at all, which a `max` of the profile excludes
//	meshfn:"example=5s"           a value the reference and messages may show
//
// In a doc comment of a field, a line that starts with "Default:", "Bounds:", "Becomes:", "Error:" or "Source:" is a row
// of the reference, and "Example:" is a value in YAML that stands in for the one of the tag. In a doc comment of a type,
// the first sentence is for readers of Go, what follows it is shown with every field of that type, and "Preset low:" is
// what a preset stands for.
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
	KindMeshCatalog = "MeshCatalog"
)

// SourceAnnotation marks an object as generated and names the Mesh it came from, as namespace/name or name.
const SourceAnnotation = Group + "/source"

// NamespaceAnnotation is on generated objects that belong into another namespace than that of their Mesh, beside a gateway's
// pods. It says which one, so that it shows when a kustomization above has moved them to where they guard nothing.
const NamespaceAnnotation = Group + "/namespace"

// Metadata is the part of Kubernetes metadata that documents of this group use.
type Metadata struct {
	// Name identifies the document. Generated objects name their Mesh by it.
	//
	// Error: a Mesh without one.
	// Example: shop
	Name string `json:"name,omitempty"`
	// Namespace is the namespace whose Services and workloads the document speaks of. Without it, a document speaks of
	// the only namespace of the build.
	//
	// Error: a Mesh without one in a build of several namespaces.
	// Example: shop
	Namespace string `json:"namespace,omitempty"`
	// Labels are kept and otherwise not read.
	//
	// Example: {team: shop}
	Labels map[string]string `json:"labels,omitempty"`
	// Annotations are kept. `config.kubernetes.io/function` names this program to kustomize, and
	// `config.kubernetes.io/local-config: "true"` keeps the document out of what is applied.
	//
	// Example: {config.kubernetes.io/local-config: "true"}
	Annotations map[string]string `json:"annotations,omitempty"`
}
