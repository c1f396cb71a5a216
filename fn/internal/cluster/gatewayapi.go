package cluster

import "slices"

// The objects of the Gateway API, with the fields that checks look at. Their schemas are in the cluster; what does not fit
// is refused there.
// https://gateway-api.sigs.k8s.io/reference/spec/

// KubernetesGateway is a Gateway of the Gateway API.
type KubernetesGateway struct {
	*Meta `yaml:"-"`
	Spec  struct {
		Class     string     `yaml:"gatewayClassName"`
		Listeners []Listener `yaml:"listeners"`
		Addresses []struct {
			Type  string `yaml:"type"`
			Value string `yaml:"value"`
		} `yaml:"addresses"`
	} `yaml:"spec"`
}

// Listener is one listener of a KubernetesGateway.
type Listener struct {
	Name     string `yaml:"name"`
	Hostname string `yaml:"hostname"`
	Port     int32  `yaml:"port"`
	Protocol string `yaml:"protocol"`
	Allowed  struct {
		Namespaces struct {
			From     string `yaml:"from"`
			Selector struct {
				Labels map[string]string `yaml:"matchLabels"`
				More   []any             `yaml:"matchExpressions"`
			} `yaml:"selector"`
		} `yaml:"namespaces"`
	} `yaml:"allowedRoutes"`
}

// Route is a route of any kind of the Gateway API.
type Route struct {
	*Meta `yaml:"-"`
	Spec  struct {
		Parents []Reference `yaml:"parentRefs"`
		Rules   []struct {
			Backends []Reference `yaml:"backendRefs"`
			Filters  []struct {
				Mirror struct {
					Backend Reference `yaml:"backendRef"`
				} `yaml:"requestMirror"`
			} `yaml:"filters"`
		} `yaml:"rules"`
	} `yaml:"spec"`
}

// Reference names another object: the parent of a route, or where it sends calls.
type Reference struct {
	Group     *string `yaml:"group"`
	Kind      string  `yaml:"kind"`
	Namespace string  `yaml:"namespace"`
	Name      string  `yaml:"name"`
	Section   string  `yaml:"sectionName"`
	Port      int32   `yaml:"port"`
}

// Service reports whether the reference is to a Service, which is what the backend of a route is by default.
func (r *Reference) Service() bool {
	return (r.Group == nil || *r.Group == "") && (r.Kind == "" || r.Kind == "Service")
}

// Hostname reports whether the reference is to a host of the mesh by its name, which Istio takes besides Services.
// https://istio.io/latest/docs/tasks/traffic-management/egress/egress-gateway-tls-origination/
func (r *Reference) Hostname() bool {
	return r.Group != nil && *r.Group == "networking.istio.io" && r.Kind == "Hostname"
}

// MeshParent reports whether the parent of a route is a Service, so that the route is for callers inside the mesh.
func (r *Reference) MeshParent() bool { return r.Group != nil && *r.Group == "" && r.Kind == "Service" }

// GatewayParent reports whether the parent of a route is a Gateway, which it is by default.
func (r *Reference) GatewayParent() bool {
	return (r.Group == nil || *r.Group == GatewayAPIGroup) && (r.Kind == "" || r.Kind == "Gateway")
}

// ReferenceGrant lets objects of other namespaces refer to some of its own.
type ReferenceGrant struct {
	*Meta `yaml:"-"`
	Spec  struct {
		From []struct {
			Group     string `yaml:"group"`
			Kind      string `yaml:"kind"`
			Namespace string `yaml:"namespace"`
		} `yaml:"from"`
		To []struct {
			Group string `yaml:"group"`
			Kind  string `yaml:"kind"`
			Name  string `yaml:"name"`
		} `yaml:"to"`
	} `yaml:"spec"`
}

// KubernetesGateways lists the Gateways of the Gateway API.
func (v *View) KubernetesGateways() []*KubernetesGateway {
	return restOf(v, func(m *Meta) *KubernetesGateway { return &KubernetesGateway{Meta: m} }, "Gateway")
}

// Routes lists the routes of the Gateway API.
func (v *View) Routes() []*Route {
	return restOf(v, func(m *Meta) *Route { return &Route{Meta: m} }, "HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute")
}

// ReferenceGrants lists the grants of the Gateway API.
func (v *View) ReferenceGrants() []*ReferenceGrant {
	return restOf(v, func(m *Meta) *ReferenceGrant { return &ReferenceGrant{Meta: m} }, "ReferenceGrant")
}

// restOf decodes the objects of some kinds of the Gateway API. One that does not have the shape of its kind is left out.
func restOf[T any](v *View, empty func(*Meta) *T, kinds ...string) []*T {
	var list []*T
	for _, meta := range v.Rest {
		if meta.Item == nil || meta.Group() != GatewayAPIGroup || !slices.Contains(kinds, meta.Kind) {
			continue
		}
		object := empty(meta)
		if node, err := meta.Item.Node(); err == nil && node.Decode(object) == nil {
			list = append(list, object)
		}
	}
	return list
}
