package v1alpha1

import (
	"fmt"
	"strings"
)

// Rollout says how far each namespace has come on its way into the mesh. The stages, each of which permits what those
// before it permit: `off` is not in the mesh. `observe` permits sidecars and their settings; plain text is still
// accepted beside mutual TLS, and calls are repeated and given up as Istio does by itself. `resilience` permits timeouts,
// retries, circuit breakers, outlier detection, load balancing and versions. `strict` accepts calls over mutual TLS only.
// `authorize` refuses whom `callers` do not list, and calls that do not bring what `auth` asks for.
//
// A stage permits and a setting asks: what a Mesh asks for ahead of the stage waits, and a note says so. Only what pods
// accept follows the stage by itself: a PeerAuthentication per workload with a sidecar, PERMISSIVE up to `resilience` where
// the profile says that the mesh has `mtls: PERMISSIVE` or `DISABLE`, STRICT from `strict` on. `expose` does not wait,
// because a gateway reaches pods without a sidecar too.
//
// What an application keeps by hand cannot take back that pods refuse plain text: a PeerAuthentication that accepts it is an
// error, and so are annotations that keep all calls from the sidecar. A port that passes the sidecar by is a warning, unless the
// profile sets `proxy.excludeInboundPorts` itself or lists the port as allowed in its limit.
type Rollout struct {
	// Stage is the stage of every namespace that `namespaces` does not list.
	//
	// Default: none; a namespace that is not listed is an error.
	Stage *Stage `json:"stage,omitempty" meshfn:"example=off"`
	// Namespaces holds the stage of single namespaces: a stage, or a mapping with exceptions.
	//
	// Error: a Mesh whose namespace the build does not say.
	// Example: {shop: resilience, billing: {stage: strict, services: {invoices: observe}}}
	Namespaces map[string]*NamespaceRollout `json:"namespaces,omitempty"`
}

// NamespaceRollout is how far one namespace has come. A stage in place of the mapping has no exceptions.
type NamespaceRollout struct {
	// Stage is the stage of the namespace.
	//
	// Default: the stage of the whole rollout.
	Stage *Stage `json:"stage,omitempty" meshfn:"example=resilience"`
	// Services holds the stage of single Services and the pods behind them, where it differs, by the name of the Service.
	//
	// Error: two Services of one workload with different stages.
	// Example: {invoices: observe}
	Services map[string]Stage `json:"services,omitempty" meshfn:"example=observe"`
	// Workloads holds the stage of single workloads without a Service, where it differs, by Kind/name.
	//
	// Example: {CronJob/nightly: off}
	Workloads map[string]Stage `json:"workloads,omitempty" meshfn:"example=off"`
	// Injection is `workload` where each workload asks for its sidecar, or `namespace` once the namespace is in the mesh as
	// a whole: every pod gets a sidecar that is not kept out, whether a Mesh speaks of it or not. A workload is kept out
	// by `sidecar: false`, or by the stage `off`.
	//
	// Default: workload.
	// Becomes: with `namespace`, from the stage `observe` on, the label `istio-injection: enabled` of the Namespace, where
	// the profile names a revision `istio.io/rev`; and `sidecar.istio.io/inject: "false"` on the templates kept out.
	// Error: with `namespace`, a Namespace that already has a label which says something else.
	//
	// Source: https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/
	Injection *string `json:"injection,omitempty" meshfn:"enum=workload|namespace"`
}

// UnmarshalText reads the short form, a stage.
func (n *NamespaceRollout) UnmarshalText(text []byte) error {
	n.Stage = new(Stage)
	return n.Stage.UnmarshalText(text)
}

// Stage is a step on the way into the mesh; see Rollout.
type Stage string

// The stages, lowest first.
const (
	StageOff        Stage = "off"
	StageObserve    Stage = "observe"
	StageResilience Stage = "resilience"
	StageStrict     Stage = "strict"
	StageAuthorize  Stage = "authorize"
)

// Stages lists the stages, lowest first.
func Stages() []Stage {
	return []Stage{StageOff, StageObserve, StageResilience, StageStrict, StageAuthorize}
}

// Words lists the words that a stage can be.
func (*Stage) Words() []string {
	words := make([]string, 0, len(Stages()))
	for _, stage := range Stages() {
		words = append(words, string(stage))
	}
	return words
}

// Words lists the words that can stand in place of the mapping.
func (n *NamespaceRollout) Words() []string { return n.Stage.Words() }

// UnmarshalText accepts the name of a stage.
func (s *Stage) UnmarshalText(text []byte) error {
	var names []string
	for _, stage := range Stages() {
		if string(stage) == string(text) {
			*s = stage
			return nil
		}
		names = append(names, string(stage))
	}
	return &ValueError{Problem: fmt.Sprintf("%q is not a stage", text), Allowed: strings.Join(names, ", ")}
}
