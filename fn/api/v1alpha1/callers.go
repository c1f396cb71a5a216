package v1alpha1

import (
	"fmt"
	"regexp"
)

// CallersSetting says who calls.
type CallersSetting struct {
	// Callers are those who may call these pods. From the stage `authorize` on everybody else is refused. An empty list
	// allows nobody but those who are allowed anyway:
	//
	// who says in the same Mesh with `dependsOn` that it calls the Service, each gateway that `expose` names, what the
	// profile says in `access.always`, and the health checks of Kubernetes. Another Mesh cannot let itself in: its workloads
	// have to be listed here.
	//
	// A caller is a Service (`web`, `web.shop` in another namespace: the pods behind it), a workload (`CronJob/nightly`,
	// `CronJob/nightly.shop`), a service account (`shop/web`), `same-namespace`, or the name of a gateway of the profile.
	//
	// Default: none; everybody may call.
	// Becomes: an AuthorizationPolicy for the pods of each workload behind the Service, with the identities of the callers'
	// service accounts and the ports of the pods.
	// Error: a name that neither the build nor a MeshCatalog has; a name that means a Service and a gateway; pods without a
	// sidecar, which can refuse nobody.
	// Example: [web, CronJob/nightly, {service: stock.warehouse, methods: [GET], paths: [/items]}]
	//
	// Source: https://istio.io/latest/docs/reference/config/security/authorization-policy/
	Callers []Caller `json:"callers,omitzero" meshfn:"quoted,min=0,max=256,example=web"`
	// CallersComplete states that all callers of these pods are known and have a sidecar, or come through a gateway of the
	// profile. Only the team that owns the Service can know that. Mutual TLS becomes mandatory only with this statement,
	// because a caller without a sidecar fails from then on. Who lists `callers` states it too, and `false` takes that back.
	//
	// Default: true where the Mesh, or the profile for its namespace, has `callers`; or where every MeshCatalog of the build is
	// `complete` and nobody is silent about whom they call; otherwise false.
	// Bounds: needed for the stages `strict` and `authorize`; pods that no Service selects are called by nobody and do
	// without.
	// Becomes: nothing by itself; at these stages a PeerAuthentication that says STRICT.
	// Error: at these stages, a Service without it, and one with it that the build itself opens to callers without a
	// sidecar, such as an Ingress; true in the `defaults` of a profile, which speak of every namespace at once.
	//
	// Source: https://istio.io/latest/docs/concepts/security/#permissive-mode
	CallersComplete *bool `json:"callersComplete,omitempty"`
}

// SameNamespace stands for every workload of the namespace in a list of callers.
const SameNamespace = "same-namespace"

// Caller is somebody who may call. A plain text is the short form; a mapping gives exactly one of `service`, `workload`,
// `serviceAccount`, `namespace`, `gateway` and `plainText`, and may narrow what the caller may do.
type Caller struct {
	// Service is a Service whose pods call: `web`, or `web.shop` for one of namespace shop.
	Service *string `json:"service,omitempty" meshfn:"example=web"`
	// Workload is a workload without a Service that calls: `CronJob/nightly`, or `CronJob/nightly.shop`.
	Workload *string `json:"workload,omitempty" meshfn:"example=CronJob/nightly"`
	// ServiceAccount is the account as which the caller runs, as `namespace/name`.
	ServiceAccount *string `json:"serviceAccount,omitempty" meshfn:"example=shop/web"`
	// Namespace lets in every workload of a namespace.
	Namespace *NamespaceName `json:"namespace,omitempty" meshfn:"quoted,example=shop"`
	// Gateway is a gateway of the profile. One that `expose` names is let in anyway.
	Gateway *string `json:"gateway,omitempty" meshfn:"example=public"`
	// PlainText lets in whoever has no sidecar and so no identity, such as a Prometheus outside the mesh. Everybody who
	// reaches the pods can then call the `ports`, which have to be given.
	//
	// Becomes: PERMISSIVE for these ports in the PeerAuthentication of the stages `strict` and `authorize`, and a rule
	// without a source in the AuthorizationPolicy.
	// Error: without `ports`; `false`.
	PlainText *bool `json:"plainText,omitempty"`
	// Ports narrows the permission to ports of the Service, by name or number. For pods that no Service selects they are
	// those of their containers.
	//
	// Default: all ports of the Service.
	// Example: [grpc]
	Ports []PortRef `json:"ports,omitempty" meshfn:"min=1,max=32,example=grpc"`
	// Methods narrows the permission to HTTP methods.
	//
	// Default: all methods.
	// Error: on a port that is not HTTP or gRPC.
	// Example: [GET, HEAD]
	Methods []Method `json:"methods,omitempty" meshfn:"min=1,max=16,example=GET"`
	// Paths narrows the permission to paths: `/api` takes /api and everything below it.
	//
	// Default: all paths.
	// Error: an expression, which a policy cannot hold; on a port that is not HTTP or gRPC.
	// Example: [/api, {exact: /healthz}]
	Paths []PathMatch `json:"paths,omitempty" meshfn:"min=1,max=64,example=/api"`

	// Named is the short form where the build has to tell what it means: a Service or a gateway, or `same-namespace`.
	Named string `json:"-"`
}

// The short forms of callers.
var (
	callerName     = regexp.MustCompile(`^` + namePattern + `(\.` + namePattern + `)?$`)
	callerWorkload = regexp.MustCompile(`^[A-Z][A-Za-z]*/` + namePattern + `(\.` + namePattern + `)?$`)
	callerAccount  = regexp.MustCompile(`^` + namePattern + `/` + namePattern + `$`)
)

// UnmarshalText reads the short form.
func (c *Caller) UnmarshalText(text []byte) error {
	word := string(text)
	switch {
	case callerName.MatchString(word):
		c.Named = word
	case callerWorkload.MatchString(word):
		c.Workload = &word
	case callerAccount.MatchString(word):
		c.ServiceAccount = &word
	default:
		return &ValueError{
			Problem: fmt.Sprintf("%q is not a caller", word),
			Allowed: "a Service, Kind/name, namespace/serviceaccount, same-namespace, the name of a gateway, or a mapping",
		}
	}
	return nil
}
