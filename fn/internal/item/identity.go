package item

import (
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Resource returns apiVersion, kind, namespace and name.
func (i *Item) Resource() diag.Resource {
	if i.resource == nil {
		r := diag.Resource{}
		r.APIVersion, _ = i.String("apiVersion")
		r.Kind, _ = i.String("kind")
		r.Namespace, _ = i.String("metadata", "namespace")
		r.Name, _ = i.String("metadata", "name")
		i.resource = &r
	}
	return *i.resource
}

// APIVersion returns the document's apiVersion, such as "apps/v1".
func (i *Item) APIVersion() string { return i.Resource().APIVersion }

// Group returns the API group, "" for the core group.
func (i *Item) Group() string {
	group, _, found := strings.Cut(i.APIVersion(), "/")
	if !found {
		return ""
	}
	return group
}

// Kind returns the document's kind.
func (i *Item) Kind() string { return i.Resource().Kind }

// Name returns metadata.name.
func (i *Item) Name() string { return i.Resource().Name }

// Namespace returns metadata.namespace.
func (i *Item) Namespace() string { return i.Resource().Namespace }

// Annotation returns an entry of metadata.annotations.
func (i *Item) Annotation(key string) (string, bool) { return i.String("metadata", "annotations", key) }

// Label returns an entry of metadata.labels.
func (i *Item) Label(key string) (string, bool) { return i.String("metadata", "labels", key) }

// describe names the document in an error, also when it is too broken to have a name.
func (i *Item) describe() string {
	if name := i.Resource().String(); name != "" {
		return name
	}
	return "a document without a name"
}
