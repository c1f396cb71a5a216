package v1alpha1

import (
	"fmt"
	"regexp"
	"strings"
)

// DependsOnSetting says whom pods call.
type DependsOnSetting struct {
	// DependsOn lists what these pods call, once, for everything that follows from it: what their sidecars know of, what the
	// callees of the same Mesh allow, and whether both ends agree. An empty list says that they call nobody.
	//
	// An entry is a Service, `stock`, with its namespace where that is another one, `stock.warehouse`, and its port where it
	// is one of several, `stock.warehouse:grpc`; or the name of an entry of `external`.
	//
	// Default: none; the sidecars know of everything, as Istio has it by itself.
	// Becomes: a Sidecar for the pods, with exactly these hosts, what the routes to them reach, the headless Services of the
	// pods themselves, and what `scope.always` of the profile adds; and, within the same Mesh only, the permission to call a
	// Service that has `callers`. The owner of a Service of another Mesh lists its callers itself.
	// Error: a name that neither the build nor a MeshCatalog has; a name that means a Service and an external host; a
	// Service of the own namespace where nobody says what that is called, because a Sidecar takes only full names.
	// Example: [redis:6379, stripe, stock.warehouse, {service: orders, methods: [GET], paths: [/orders]}]
	//
	// Source: https://istio.io/latest/docs/reference/config/networking/sidecar/
	DependsOn []Dependency `json:"dependsOn,omitzero" meshfn:"quoted,min=0,max=256,example=redis"`
}

// Dependency is something that pods call. A plain text is the short form; a mapping gives exactly one of `service` and
// `external`, and may say which calls are made.
type Dependency struct {
	// Service is a Service: `stock`, or `stock.warehouse` for one of namespace warehouse.
	Service *string `json:"service,omitempty" meshfn:"example=stock.warehouse"`
	// External is the name of an entry of `external` of the same Mesh.
	External *string `json:"external,omitempty" meshfn:"example=stripe"`
	// Port is the port of the Service that is called, by name or number.
	//
	// Default: all ports.
	Port *PortRef `json:"port,omitempty" meshfn:"example=grpc"`
	// Methods are the HTTP methods of the calls. A callee of the same Mesh allows no others.
	//
	// Default: all methods.
	// Error: for an external host, which nobody guards; for a port that is not HTTP or gRPC; for a Service of another Mesh,
	// whose owner says what is allowed.
	// Example: [GET, HEAD]
	Methods []Method `json:"methods,omitempty" meshfn:"min=1,max=16,example=GET"`
	// Paths are the paths of the calls: `/api` takes /api and everything below it. A callee of the same Mesh allows no
	// others.
	//
	// Default: all paths.
	// Error: as for `methods`; an expression, which a policy cannot hold.
	// Example: [/api, {exact: /healthz}]
	Paths []PathMatch `json:"paths,omitempty" meshfn:"min=1,max=64,example=/api"`

	// Named is the short form without its port, where the build has to tell whether it is a Service or an external host.
	Named string `json:"-"`
}

// dependencyName is a name with, if wanted, its namespace.
var dependencyName = regexp.MustCompile(`^` + namePattern + `(\.` + namePattern + `)?$`)

// UnmarshalText reads the short form.
func (d *Dependency) UnmarshalText(text []byte) error {
	word := string(text)
	name, port, hasPort := strings.Cut(word, ":")
	if !dependencyName.MatchString(name) || strings.HasPrefix(port, "/") {
		return notDependency(word, name, port)
	}
	d.Named = name
	if !hasPort {
		return nil
	}
	d.Port = new(PortRef)
	return d.Port.UnmarshalText([]byte(port))
}

// notDependency says what to write in place of a URL or a full host name.
func notDependency(word, name, port string) *ValueError {
	problem := &ValueError{
		Problem: fmt.Sprintf("%q is not a dependency", word),
		Allowed: "service, service.namespace, service:port, the name of an entry of external, or a mapping",
	}
	url := ""
	switch labels := strings.Split(name, "."); {
	case strings.HasPrefix(port, "//"):
		url = word
	case len(labels) > 2 && labels[2] == "svc":
		problem.Proposed = strings.TrimSuffix(strings.Join(labels[:2], ".")+":"+port, ":")
	case len(labels) > 2:
		url = "https://" + word
	}
	if url != "" {
		problem.Allowed = fmt.Sprintf("a name; give the host an entry, external: {name: {url: %q}}, and write that name here", url)
	}
	return problem
}
