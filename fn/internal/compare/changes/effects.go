package changes

import (
	"cmp"
	"slices"
)

// Effect is what a change is about.
type Effect string

// The effects, in the order in which they are told: what can keep calls from working or open a door first.
const (
	Access     Effect = "access"    // who may call
	Sidecar    Effect = "sidecar"   // pods gain or lose their sidecar
	MTLS       Effect = "mtls"      // what pods accept
	Stage      Effect = "stage"     // how far somebody has come on the way into the mesh
	Auth       Effect = "auth"      // what calls have to prove
	Exposure   Effect = "exposure"  // hosts that gateways expose
	Gone       Effect = "gone"      // a Service, workload or external host that is no more
	New        Effect = "new"       // one that was not before
	InMesh     Effect = "mesh"      // which Mesh covers it
	Identity   Effect = "identity"  // the service accounts of pods
	Ports      Effect = "ports"     // the ports of a Service
	Calls      Effect = "calls"     // whom pods say that they call
	Namespaces Effect = "namespace" // the labels of a Namespace that inject
	Setting    Effect = "setting"   // everything else that a Mesh or a profile says
	ByHand     Effect = "byHand"    // an object of Istio's that no Mesh generates
	Generated  Effect = "generated" // a generated object for another reason than a setting
	Restart    Effect = "restart"   // pods that are replaced
)

// Effects lists them, in the order in which they are told.
func Effects() []Effect {
	return []Effect{
		Access, Sidecar, MTLS, Stage, Auth, Exposure, Gone, New, InMesh, Identity, Ports, Calls, Namespaces, Setting, ByHand, Generated, Restart,
	}
}

// compare puts first what is worse, then what is about more, and then goes by name.
func compare(a, b Change) int {
	return cmp.Or(
		cmp.Compare(slices.Index(Effects(), a.Effect), slices.Index(Effects(), b.Effect)),
		cmp.Compare(b.harm(), a.harm()),
		cmp.Compare(len(b.Subjects), len(a.Subjects)),
		slices.CompareFunc(a.Subjects, b.Subjects, func(x, y Subject) int {
			return cmp.Or(cmp.Compare(x.Name, y.Name), slices.Compare(x.Ports, y.Ports))
		}),
		cmp.Compare(a.Setting, b.Setting), cmp.Compare(a.Text, b.Text),
		cmp.Compare(a.At.String(), b.At.String()), cmp.Compare(a.OldAt.String(), b.OldAt.String()),
	)
}

// harm is 1 where a change takes something away from somebody.
func (c *Change) harm() int {
	lost := c.Effect == Access && len(c.Lost) > 0
	return boolean(lost || c.Effect == Sidecar && c.New != yes || c.Effect == Exposure && c.New == "")
}

func compareCalls(a, b Call) int {
	return cmp.Or(cmp.Compare(a.To, b.To), cmp.Compare(a.From, b.From), cmp.Compare(a.What, b.What), boolean(a.New)-boolean(b.New))
}

func boolean(is bool) int {
	if is {
		return 1
	}
	return 0
}
