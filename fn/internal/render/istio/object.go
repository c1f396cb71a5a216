package istio

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/manifest"
)

// networkingVersion has been stable since Istio 1.22, so every supported release serves it.
const networkingVersion = "networking.istio.io/v1"

// header is what every generated object needs besides its spec.
type header struct {
	apiVersion            string // that of networking where it is empty
	kind, name, namespace string
	owner                 string
	annotations           map[string]any
	from                  diag.Source
	way                   string // the gateway of the profile, "" inside the mesh
	beside                bool   // in the namespace of that gateway, which has to stay so
}

// add writes an object. Nothing in its metadata may change from build to build, because Istio up to 1.30 pushes
// configuration to every proxy for it: https://github.com/istio/istio/pull/60629.
func (r *renderer) add(h header, spec proto.Message) {
	annotations := map[string]any{v1alpha1.SourceAnnotation: h.owner}
	maps.Copy(annotations, h.annotations)
	if h.beside {
		annotations[v1alpha1.NamespaceAnnotation] = h.namespace
	}
	metadata := map[string]any{
		"name":        h.name,
		"labels":      map[string]any{"app.kubernetes.io/managed-by": "meshfn"},
		"annotations": annotations,
	}
	if h.namespace != "" {
		metadata["namespace"] = h.namespace
	}
	fields, err := specFields(spec)
	if err != nil {
		r.findings = append(r.findings, diag.Finding{Code: diag.InvalidOutput, Source: h.from, Message: err.Error()})
		return
	}
	version := cmp.Or(h.apiVersion, networkingVersion)
	r.out.Objects = append(r.out.Objects, manifest.Object{
		Resource: diag.Resource{APIVersion: version, Kind: h.kind, Namespace: h.namespace, Name: h.name},
		Owner:    h.owner, Typed: spec, From: h.from, Way: h.way,
		Fields: map[string]any{"apiVersion": version, "kind": h.kind, "metadata": metadata, "spec": fields},
	})
}

// specFields turns a typed spec into the fields a person reads. Protobuf leaves out a zero, which for retries would leave
// `retries: {}` and hide what it means.
func specFields(spec proto.Message) (map[string]any, error) {
	text, err := protojson.Marshal(spec)
	if err != nil {
		return nil, fmt.Errorf("cannot write %T: %w", spec, err)
	}
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		return nil, fmt.Errorf("cannot write %T: %w", spec, err)
	}
	if err := asIntegers(fields, spec.ProtoReflect().Descriptor()); err != nil {
		return nil, fmt.Errorf("cannot write %T: %w", spec, err)
	}
	switch spec.(type) {
	case *networking.VirtualService:
		spellOutZeroAttempts(fields)
	case *networking.ServiceEntry:
		spellOutZeroModes(fields)
	case *networking.Gateway:
		spellOutPassthrough(fields)
	}
	if _, ok := spec.(*networking.Sidecar); ok {
		spellOutMode(fields)
	}
	return fields, nil
}

// host is how an object in one namespace names a Service. Within the namespace the plain name survives a later overlay
// that changes the namespace; across namespaces only the full name is understood.
func (r *renderer) host(service, namespace, from string) string {
	if namespace == "" || namespace == from && !r.naming.Full {
		return service
	}
	return service + "." + namespace + ".svc." + r.naming.ClusterDomain
}
