package cluster

import (
	"google.golang.org/protobuf/reflect/protoreflect"
	security "istio.io/api/security/v1"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// MTLSMode is what the callee accepts.
type MTLSMode = security.PeerAuthentication_MutualTLS_Mode

// The modes. UNSET stands for what the build does not say: Istio then takes PERMISSIVE, unless the mesh says otherwise.
const (
	UnsetMTLS      = security.PeerAuthentication_MutualTLS_UNSET
	DisableMTLS    = security.PeerAuthentication_MutualTLS_DISABLE
	PermissiveMTLS = security.PeerAuthentication_MutualTLS_PERMISSIVE
	StrictMTLS     = security.PeerAuthentication_MutualTLS_STRICT
)

// MTLS is what some pods accept, by the PeerAuthentications of the build, or by what the profile says of the whole mesh.
type MTLS struct {
	Mode  MTLSMode
	By    *Object[*security.PeerAuthentication] // that sets the mode, nil for UNSET and for the profile
	Ports map[uint32]MTLSMode                   // of the pod, where another mode holds

	portsBy *Object[*security.PeerAuthentication]
	stated  diag.Source // in the profile, where that sets the mode
}

// Known reports whether somebody says the mode.
func (m MTLS) Known() bool { return m.Mode != UnsetMTLS }

// Who says the mode, for a message.
func (m MTLS) Who() string {
	if m.By != nil {
		return m.By.String()
	}
	return "the whole mesh in the profile"
}

// At is where the mode is said.
func (m MTLS) At() diag.Source {
	if m.By != nil {
		return m.By.At("spec.mtls.mode")
	}
	return m.stated
}

// Port is what one port of the pod accepts.
func (m MTLS) Port(number uint32) MTLS {
	if mode, ok := m.Ports[number]; ok && mode != UnsetMTLS {
		return MTLS{Mode: mode, By: m.portsBy}
	}
	return MTLS{Mode: m.Mode, By: m.By, stated: m.stated}
}

// MeshMTLS is what holds where neither a namespace nor a workload says more: the PeerAuthentication of the build, else what
// the profile says of one that it does not have.
func (v *View) MeshMTLS() MTLS {
	stated := MTLS{}
	if mode := UnsetMTLS.Descriptor().Values().ByName(protoreflect.Name(v.Istio.MTLS)); mode != nil {
		stated.Mode, stated.stated = MTLSMode(mode.Number()), v.Istio.At("mtls")
	}
	return v.wideMTLS(v.Istio.RootNamespace, stated)
}

// Everywhere reports whether a mode is that of the whole mesh.
func (v *View) Everywhere(m MTLS) bool { return m.By == nil || m.By.Namespace == v.Istio.RootNamespace }

// NamespaceMTLS is what holds for the workloads of a namespace that have no PeerAuthentication of their own.
func (v *View) NamespaceMTLS(namespace string) MTLS {
	mesh := v.MeshMTLS()
	if namespace == v.Istio.RootNamespace {
		return mesh
	}
	return v.wideMTLS(namespace, mesh)
}

func (v *View) wideMTLS(namespace string, otherwise MTLS) MTLS {
	for _, object := range v.PeerAuthentications {
		if object.Namespace == namespace && len(object.Spec.GetSelector().GetMatchLabels()) == 0 {
			if mode := object.Spec.GetMtls().GetMode(); mode != UnsetMTLS {
				return MTLS{Mode: mode, By: object}
			}
		}
	}
	return otherwise
}

// MTLSOf is what the pods of a template accept: the mode of the workload, else of its namespace, else of the mesh. A
// selector in the root namespace selects nothing.
// https://istio.io/latest/docs/reference/config/security/peer_authentication/
func (v *View) MTLSOf(pod *Pod) MTLS {
	out := v.NamespaceMTLS(pod.Namespace)
	for _, object := range v.PeerAuthentications {
		if object.Namespace != pod.Namespace || object.Namespace == v.Istio.RootNamespace ||
			!facts.Matches(object.Spec.GetSelector().GetMatchLabels(), pod.Labels) {
			continue
		}
		if mode := object.Spec.GetMtls().GetMode(); mode != UnsetMTLS {
			out.Mode, out.By = mode, object
		}
		if len(object.Spec.GetPortLevelMtls()) > 0 {
			out.Ports, out.portsBy = map[uint32]MTLSMode{}, object
			for port, mtls := range object.Spec.GetPortLevelMtls() {
				out.Ports[port] = mtls.GetMode()
			}
		}
		return out
	}
	return out
}

// PodOf returns the pods of a workload as this run leaves them.
func (v *View) PodOf(workload *facts.Workload) *Pod { return v.known.podOf[workload] }
