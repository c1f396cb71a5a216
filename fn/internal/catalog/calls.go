package catalog

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// dependency is what pods call, in words that mean the same in every repository.
func dependency(in *spec.Dependency) v1alpha1.Dependency {
	if in.External != nil {
		return v1alpha1.Dependency{External: &in.External.Name}
	}
	out := v1alpha1.Dependency{Named: in.Host(), Methods: in.Methods, Paths: in.Paths}
	if in.Port != "" {
		out.Port = new(v1alpha1.PortRef(in.Port))
	}
	return out
}

// callers are those who may call as the identities that they have. What everybody may is nil.
func callers(in []spec.Caller) []v1alpha1.Caller {
	if in == nil {
		return nil
	}
	out := []v1alpha1.Caller{}
	for i := range in {
		out = append(out, identities(&in[i])...)
	}
	return sorted(out)
}

func identities(in *spec.Caller) []v1alpha1.Caller {
	same := v1alpha1.Caller{Methods: in.Methods, Paths: in.Paths}
	for _, port := range in.Ports {
		same.Ports = append(same.Ports, v1alpha1.PortRef(port))
	}
	switch {
	case in.Anyone:
		same.PlainText = new(true)
	case in.Gateway != nil:
		same.Gateway = &in.Gateway.Name
	case in.Namespace != "":
		same.Namespace = new(v1alpha1.NamespaceName(in.Namespace))
	default:
		var all []v1alpha1.Caller
		for _, account := range in.Accounts {
			one := same
			one.ServiceAccount = new(account.String())
			all = append(all, one)
		}
		return all
	}
	return []v1alpha1.Caller{same}
}

// sorted puts entries whose order means nothing into one order, each once.
func sorted[T any](in []T) []T {
	type entry struct {
		text  string
		value T
	}
	entries := make([]entry, 0, len(in))
	for _, value := range in {
		text, err := json.Marshal(value)
		if err != nil { // Nothing in it can fail to be written.
			return in
		}
		entries = append(entries, entry{string(text), value})
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return strings.Compare(a.text, b.text) })
	entries = slices.CompactFunc(entries, func(a, b entry) bool { return a.text == b.text })
	out := make([]T, 0, len(entries))
	for _, e := range entries {
		out = append(out, e.value)
	}
	return out
}
