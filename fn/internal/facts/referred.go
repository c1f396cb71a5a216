package facts

import "slices"

// Referred finds the Service that another object of Kubernetes' names. kustomize mends such references only after every
// transformer has run, so a function still sees the name and the namespace from before a prefix or a namespace was set.
// https://github.com/kubernetes-sigs/kustomize/blob/master/api/internal/target/kusttarget.go
func (f *Facts) Referred(namespace, name string) *Service {
	var before *Service
	for _, service := range f.Services {
		if service.Namespace == namespace && service.Name == name {
			return service
		}
		if before == nil && service.Named(name) && (service.Namespace == namespace || slices.Contains(service.PreviousNamespaces, namespace)) {
			before = service
		}
	}
	return before
}

// Written is the name by which a user who writes beside the manifests knows the object: the one from before an overlay.
func (i *Identity) Written() string {
	if len(i.PreviousNames) > 0 {
		return i.PreviousNames[0]
	}
	return i.Name
}
