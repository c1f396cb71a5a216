package plan

import (
	"slices"
	"time"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// Route is what happens to the calls it matches. Methods empty means every call.
type Route struct {
	Methods      Value[[]string]          `json:"methods,omitzero"`
	Destinations []Destination            `json:"destinations"`
	Timeout      Value[v1alpha1.Duration] `json:"timeout,omitzero"`
	Retries      Retries                  `json:"retries,omitzero"`
	Stream       bool                     `json:"stream,omitempty"` // a connection passed through as it is: only its share can be decided
}

// Destination is where calls go: the port of the route's Service, one split of its pods, and its share of the calls.
// Weight is 0 when there is only one destination.
type Destination struct {
	Split  string       `json:"split,omitempty"`
	Weight Value[int32] `json:"weight,omitzero"`
	From   diag.Source  `json:"-"` // the version, zero where there is none
}

// routes plans the calls to one port, most specific first.
func (p *planner) routes(in *spec.Service, port *spec.Port, splits []Split) []Route {
	destinations := p.destinations(in, port, splits)
	timeout := p.timeout(in, port)
	if !p.canRetry(in, port) {
		if len(destinations) > 0 && destinations[0].Split != "" && port.Facts.Protocol == facts.TCP {
			return []Route{{Destinations: destinations, Stream: true}}
		}
		return nil
	}
	p.warnSniffed(in, port)
	read, write := p.retries(in, port, timeout)
	all := Route{Destinations: destinations, Timeout: timeout, Retries: write}
	if read.methods == nil {
		return []Route{all}
	}
	reads := all
	reads.Methods = Value[[]string]{slices.Clone(read.methods), port.Origins.Of("retries.methods")}
	reads.Retries = read.Retries
	return []Route{reads, all}
}

// whole converts a decided duration for arithmetic.
func whole(v Value[v1alpha1.Duration]) time.Duration { return time.Duration(v.V) }
