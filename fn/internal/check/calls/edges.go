package calls

import (
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// edge is a dependency between two ends that are known. One of them at least is of the build.
type edge struct {
	from, to *end
	port     string // as it was written, "" for all
	methods  []v1alpha1.Method
	paths    []v1alpha1.PathMatch
	at       diag.Source
}

// listDependencies lists who says that it calls whom.
func (c *checker) listDependencies() {
	for _, from := range c.ends {
		for i := range from.said.Calls {
			call := &from.said.Calls[i]
			if to := c.callee(call); to != nil && to != from {
				c.edges = append(c.edges, &edge{from: from, to: to, port: call.Port, methods: call.Methods, paths: call.Paths, at: call.Origin.At})
			}
		}
	}
	for _, from := range c.others {
		for i := range from.beyond.DependsOn {
			call := &from.beyond.DependsOn[i]
			name, namespace, ok := called(call, from.namespace)
			if service := c.Facts.Referred(namespace, name); ok && service != nil {
				c.edges = append(c.edges, &edge{
					from: from, to: c.services[service], port: portOf(call), methods: call.Methods, paths: call.Paths,
					at: from.at(diag.At("dependsOn", i)),
				})
			}
		}
	}
}

func (c *checker) callee(call *spec.Dependency) *end {
	switch {
	case call.Service != nil:
		return c.services[call.Service]
	case call.Beyond != nil:
		return c.beyond[call.Host()]
	}
	return nil
}

// called is the Service that a catalogue names.
func called(call *v1alpha1.Dependency, from string) (name, namespace string, ok bool) {
	word := call.Named
	if call.Service != nil {
		word = *call.Service
	}
	name, namespace, written := strings.Cut(word, ".")
	if !written {
		namespace = from
	}
	return name, namespace, name != ""
}

func portOf(call *v1alpha1.Dependency) string {
	if call.Port == nil {
		return ""
	}
	return string(*call.Port)
}

// ours reports whether the finding about an edge belongs to the caller, which is of the build.
func (e *edge) ours() bool { return e.from.said != nil }
