// Package joining knows what stands in the way of a sidecar: what in a pod template, in its Services or its Namespace does
// not go together with one. The plan asks before pods join the mesh, and the checks ask about pods that joined by hand.
// https://istio.io/latest/docs/ops/deployment/application-requirements/
package joining

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// Obstacle is one thing that stands in the way of a sidecar for the pods of a workload.
type Obstacle struct {
	Code     diag.Code
	Severity diag.Severity // where the pods join
	At       diag.Source   // what could change so that they can
	Related  []diag.Source
	Message  string
	Because  []string
	Try      string

	// Out says that no change of the place would be a small one: the pods are better left without a sidecar.
	Out bool
	// While says that it does harm only while the pods accept, or no longer accept, calls without mTLS at a port.
	While Accepting
	Port  int32
}

// Accepting is a state of mTLS, which only the policies of the finished build decide.
type Accepting int

// The states in which an obstacle does harm.
const (
	Anything  Accepting = iota // in every state
	Plaintext                  // while calls without mTLS are accepted beside those with it
	OnlyMTLS                   // once they are refused
)

// Pods is what is known about the pods of a workload.
type Pods struct {
	Workload    *facts.Workload
	Annotations map[string]string // that they will have
	// Ports that the compact spec keeps from the sidecar, beside those of the annotations.
	SkipInbound, SkipOutbound []int32

	NativeSidecars *bool  // nil where no profile says it
	Revision       string // that is asked to inject them, "" for none in particular
}

const (
	statusPort             = "status.sidecar.istio.io/port"       // an annotation of pods
	enforcedSecurity       = "pod-security.kubernetes.io/enforce" // a label of Namespaces
	proxyUser        int64 = 1337                                 // the user and the group of a sidecar
)

// Obstacles lists all of them, in the order of the template.
func Obstacles(build *facts.Facts, pods *Pods) []Obstacle {
	a := &asker{Pods: pods, build: build}
	a.place()
	a.namespace()
	a.security()
	a.job()
	a.users()
	a.ports()
	a.initContainers()
	a.serverFirst()
	a.members()
	return a.found
}

type asker struct {
	*Pods
	build *facts.Facts
	found []Obstacle
}

func (a *asker) report(obstacle Obstacle) { a.found = append(a.found, obstacle) }

// name is the workload in a message.
func (a *asker) name() string { return fmt.Sprintf("%s %q", a.Workload.Kind, a.Workload.Name) }

// at is the place of a field of the pod spec, such as containers[0].image.
func (a *asker) at(field string) diag.Source {
	return a.Workload.Source(a.Workload.TemplateField("spec") + "." + field)
}

// skipsInbound reports whether calls to a port of the pods pass the sidecar by.
func (a *asker) skipsInbound(port int32) bool {
	return a.captures("NONE") || slices.Contains(a.SkipInbound, port) || slices.Contains(facts.PortList(a.Annotations[facts.ExcludeInboundPorts]), port)
}

// captures reports whether the pods ask for a way of redirecting calls. NONE redirects nothing.
func (a *asker) captures(mode string) bool { return a.Annotations[facts.InterceptionMode] == mode }

// Lower returns the obstacle as one about pods of which it is not certain that they get a sidecar.
func (o Obstacle) Lower(to diag.Severity) Obstacle {
	o.Severity = max(o.Severity, to)
	return o
}

// Finding is the obstacle as something to say, at its own place.
func (o Obstacle) Finding() diag.Finding {
	return diag.Finding{
		Code: o.Code, Severity: o.Severity, Source: o.At, Message: o.Message, Because: o.Because, Try: o.Try, Related: o.Related,
	}
}
