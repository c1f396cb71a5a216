// Package facts is what the build itself says: its Services, ports, pod templates and namespaces, read once and shared
// by the stages. It is data and simple questions about it.
package facts

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// Facts holds what was found in the build, each list in input order.
type Facts struct {
	Services        []*Service
	Workloads       []*Workload
	Namespaces      []*Namespace
	ServiceAccounts []*Identity
	Secrets         []*Secret
	Routes          []*Route
}

// Identity is what every object has: its document, its name, and the names it had before an overlay renamed it.
type Identity struct {
	Item          *item.Item
	Kind          string
	Name          string
	Namespace     string
	PreviousNames []string

	PreviousNamespaces []string // before an overlay set another one
}

// Named reports whether a user's key means this object: by its name now, or by one it had before a prefix or suffix.
func (i *Identity) Named(key string) bool {
	return key == i.Name || slices.Contains(i.PreviousNames, key)
}

// Source is the place of a field of the object.
func (i *Identity) Source(field string) diag.Source { return i.Item.Source(field) }

// Service is a Kubernetes Service.
type Service struct {
	Identity
	Annotations  map[string]string
	Headless     bool
	ExternalName string
	Selector     map[string]string
	Ports        []Port
	Workloads    []*Workload // those whose pod template the selector matches
}

// Port is a port of a Service.
type Port struct {
	Name       string
	Number     int32
	TargetPort string // as it is written, "" for the same as Number
	Transport  string // TCP, UDP or SCTP; "" is TCP
	App        string // appProtocol, "" when it is not given
	Protocol   Protocol
	Field      string // path in the Service, for messages
}

// Key is how users name the port: by its name, or by its number where it has none.
func (p *Port) Key() string {
	if p.Name != "" {
		return p.Name
	}
	return number(p.Number)
}

// Workload is anything with a pod template, or a Pod itself.
type Workload struct {
	Identity
	Template    []string // path of the object that holds the pod's metadata, empty for a Pod
	Labels      map[string]string
	Annotations map[string]string
	MatchLabels map[string]string // that the workload selects its pods by, nil where labels alone do not say it
	Account     string            // ServiceAccount, "" for the default one
	RunAsUser   *int64            // of the pod as a whole
	RunAsGroup  *int64
	Containers  []Container
	HostNetwork bool
	GracePeriod int64 // seconds between being told to stop and being killed
	Replicas    Replicas
	Services    []*Service // those that select it

	AlsoSelected []*Workload // others whose pods the labels of Selector select too
}

// Container is a container of a pod template.
type Container struct {
	Name       string
	Image      string
	RunAsUser  *int64
	RunAsGroup *int64
	Ports      []ContainerPort
	Init       bool
	Stays      bool   // it begins among the init containers and keeps running
	Field      string // path in the pod spec, such as containers[0]
}

// ContainerPort is a port that a container says it listens on.
type ContainerPort struct {
	Name      string
	Number    int32
	Transport string // TCP, UDP or SCTP; "" is TCP
}

// Metadata is the path of a field of the pod's metadata.
func (w *Workload) Metadata(field ...string) []string {
	return slices.Concat(w.Template, []string{"metadata"}, field)
}

// MetadataField is the same path as text, for messages.
func (w *Workload) MetadataField(field ...string) string {
	path := ""
	for _, key := range w.Metadata(field...) {
		path = diag.Join(path, key)
	}
	return path
}

// Job reports whether the workload is meant to end.
func (w *Workload) Job() bool { return w.Kind == "Job" || w.Kind == "CronJob" }

// Gateway reports whether the pods are an Istio gateway rather than an application: their only proxy is what the injector
// makes of a container of their own. An application beside such a container has a sidecar that is only adjusted by it.
// https://istio.io/latest/docs/setup/additional-setup/gateway/
// https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#customizing-injection
func (w *Workload) Gateway() bool {
	proxy := slices.ContainsFunc(w.Containers, func(c Container) bool { return c.Name == ProxyContainer && c.Image == "auto" })
	return w.Templated("gateway") || proxy && !w.HasApplication()
}

// Templated reports whether the pods ask the injector for a template by name.
func (w *Workload) Templated(name string) bool {
	return slices.Contains(strings.Split(strings.ReplaceAll(w.Annotations["inject.istio.io/templates"], " ", ""), ","), name)
}

// HasApplication reports whether the pods have a container that is no proxy of Istio's.
func (w *Workload) HasApplication() bool {
	return slices.ContainsFunc(w.Containers, func(c Container) bool { return !c.Init && c.Name != ProxyContainer })
}

// Replicas is how many pods a workload has at least.
type Replicas struct {
	Known bool
	Min   int
	From  string // what says so, such as HorizontalPodAutoscaler web

	Item  *item.Item // the same, as the document
	Field string     // that says it
}

// Place is where the number is written.
func (r Replicas) Place() diag.Source {
	if r.Item == nil {
		return diag.Source{}
	}
	return r.Item.Source(r.Field)
}

// Namespace is a Namespace object of the build.
type Namespace struct {
	Identity
	Labels      map[string]string
	Annotations map[string]string
}

// Secret is a Secret of the build, without its secrets.
type Secret struct {
	Identity
	Type string
	Keys []string // of data and stringData
}

// Matches reports whether a selector selects labels. An empty selector selects nothing, as in a Service.
func Matches(selector, labels map[string]string) bool {
	for key, value := range selector {
		if got, ok := labels[key]; !ok || got != value {
			return false
		}
	}
	return len(selector) > 0
}

// Namespace returns the Namespace object of that name, or nil when the build does not own it.
func (f *Facts) Namespace(name string) *Namespace {
	for _, namespace := range f.Namespaces {
		if namespace.Name == name {
			return namespace
		}
	}
	return nil
}

// NamespacesInUse lists the namespaces of the build's Services and workloads, sorted.
func (f *Facts) NamespacesInUse() []string {
	seen := map[string]bool{}
	for _, service := range f.Services {
		seen[service.Namespace] = true
	}
	for _, workload := range f.Workloads {
		seen[workload.Namespace] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// Compare orders objects by namespace, kind and name.
func Compare(a, b *Identity) int {
	return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
}

// Port returns the port that a user's key names, by name or number, or nil.
func (s *Service) Port(key string) *Port {
	for i := range s.Ports {
		if s.Ports[i].Name == key || number(s.Ports[i].Number) == key {
			return &s.Ports[i]
		}
	}
	return nil
}

// PortKeys lists how the ports can be named.
func (s *Service) PortKeys() []string {
	keys := make([]string, 0, len(s.Ports))
	for i := range s.Ports {
		keys = append(keys, s.Ports[i].Key())
	}
	return keys
}

// TemplateField is the path of a field of the pod template as text, for messages.
func (w *Workload) TemplateField(field ...string) string {
	path := ""
	for _, key := range slices.Concat(w.Template, field) {
		path = diag.Join(path, key)
	}
	return path
}
