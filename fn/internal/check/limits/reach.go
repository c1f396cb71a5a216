package limits

import (
	"slices"

	"google.golang.org/protobuf/proto"
	networking "istio.io/api/networking/v1"
	security "istio.io/api/security/v1"
	telemetry "istio.io/api/telemetry/v1"
)

// lost reports whether a patch took calls away from an object: a host, a gateway or callers that it was for, or those that
// another VirtualService decides about now.
func (l *limiter) lost(before, after any) bool {
	switch was := before.(type) {
	case *networking.VirtualService:
		is := after.(*networking.VirtualService)
		return !l.holds(was.Hosts, is.Hosts) || !within(orMesh(was.Gateways), orMesh(is.Gateways)) || !exported(was.ExportTo, is.ExportTo) ||
			delegates(is) && !delegates(was)
	case *networking.DestinationRule:
		is := after.(*networking.DestinationRule)
		return !l.holds([]string{was.Host}, []string{is.Host}) || !exported(was.ExportTo, is.ExportTo) ||
			is.WorkloadSelector != nil && !proto.Equal(was.WorkloadSelector, is.WorkloadSelector)
	case *telemetry.Telemetry:
		is := after.(*telemetry.Telemetry)
		return !proto.Equal(was.Selector, is.Selector) || len(was.TargetRefs) != len(is.TargetRefs)
	case *security.RequestAuthentication:
		is := after.(*security.RequestAuthentication)
		return !proto.Equal(was.Selector, is.Selector) || len(was.TargetRefs) != len(is.TargetRefs)
	case *security.AuthorizationPolicy:
		is := after.(*security.AuthorizationPolicy)
		return !proto.Equal(was.Selector, is.Selector) || len(was.TargetRefs) != len(is.TargetRefs)
	}
	return false
}

func delegates(spec *networking.VirtualService) bool {
	return slices.ContainsFunc(spec.Http, func(route *networking.HTTPRoute) bool { return route.Delegate != nil })
}

// holds reports whether all of some hosts are among others, however they are written.
func (l *limiter) holds(hosts, among []string) bool {
	return within(l.full(hosts), l.full(among))
}

func (l *limiter) full(hosts []string) []string {
	names := make([]string, 0, len(hosts))
	for _, host := range hosts {
		resolved := l.view.Resolve(host, l.object.Resource.Namespace)
		names = append(names, resolved.Full)
	}
	return names
}

// orMesh are the gateways of a VirtualService: without any, it is for the proxies of the mesh.
func orMesh(gateways []string) []string {
	if len(gateways) == 0 {
		return []string{"mesh"}
	}
	return gateways
}

// exported reports whether whoever saw an object still sees it. Without a list that is everybody, unless the mesh says
// something else.
func exported(before, after []string) bool {
	return len(after) == 0 || slices.Contains(after, "*") || len(before) > 0 && within(before, after)
}

func within(some, all []string) bool {
	return !slices.ContainsFunc(some, func(one string) bool { return !slices.Contains(all, one) })
}
