package limits

import (
	"github.com/meshfn/meshfn/fn/internal/cluster"
)

// ReadBack lists what the generated objects and the pods of a build say about each setting, and how often.
func ReadBack(in cluster.Input) map[string][][]string {
	v, _ := cluster.New(in)
	said := map[string][][]string{}
	add := func(all []reading) {
		for _, r := range all {
			if r.extent != whole && len(r.values) > 0 {
				said[r.path] = append(said[r.path], r.values)
			}
		}
	}
	for _, object := range v.Objects() {
		l := &limiter{view: v, object: object.Generated}
		add(l.readings(object.Generated.Typed, object.Generated.Typed))
	}
	for _, pod := range v.Pods {
		add(podReadings(pod))
	}
	return said
}

// Carried lists the fields of Istio's that are read back: those of traffic policies, and those of routes.
func Carried() (policies, routes []string) {
	for _, of := range policyFields() {
		policies = append(policies, of.field)
	}
	for _, of := range routeFields() {
		routes = append(routes, of.field)
	}
	return policies, routes
}
