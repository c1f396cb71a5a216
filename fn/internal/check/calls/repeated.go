package calls

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// repeated finds entries of one list that another one holds already. An entry for a Service of its own is none of them: pods
// call their like.
func (c *checker) repeated() {
	for _, e := range c.ends {
		for i := range e.said.Calls {
			call := &e.said.Calls[i]
			if wider := widerThan(e.said.Calls, i, dependsAtLeast); wider != nil {
				c.twice(call.Text, wider.Text, call.Origin, wider.Origin)
			}
		}
		c.repeatedCallers(e)
	}
}

func (c *checker) repeatedCallers(e *end) {
	listed := slices.DeleteFunc(slices.Clone(e.callers), func(caller spec.Caller) bool { return caller.Why != spec.Listed })
	for i := range listed {
		atLeast := func(wide, narrow *spec.Caller) bool { return permitsAtLeast(wide, narrow, e) }
		if wider := widerThan(listed, i, atLeast); wider != nil {
			c.twice(listed[i].Text, wider.Text, listed[i].Origin, wider.Origin)
		}
	}
}

// widerThan returns another entry of a list that says at least as much as one. Of two that say the same, the later adds nothing.
func widerThan[T any](list []T, i int, atLeast func(wide, narrow *T) bool) *T {
	for j := range list {
		if j != i && atLeast(&list[j], &list[i]) && (j < i || !atLeast(&list[i], &list[j])) {
			return &list[j]
		}
	}
	return nil
}

func (c *checker) twice(text, by string, at, other spec.Origin) {
	c.report(diag.Finding{
		Code: diag.SaidTwice, Severity: diag.Info, Source: at.At,
		Message: fmt.Sprintf("%s adds nothing: %s says at least as much", text, by),
		Related: []diag.Source{other.At},
		Try:     "remove the entry",
	})
}

func dependsAtLeast(wide, narrow *spec.Dependency) bool {
	same := wide.External == narrow.External && (wide.External != nil || wide.Host() == narrow.Host())
	return same && (wide.Port == "" || samePort(wide, narrow)) && callsAtLeast(wide.Methods, narrow.Methods, wide.Paths, narrow.Paths)
}

func samePort(a, b *spec.Dependency) bool {
	if a.Port == b.Port {
		return true
	}
	return a.Service != nil && b.Port != "" && a.Service.Port(a.Port) == a.Service.Port(b.Port)
}

// permitsAtLeast compares two callers. Two Services that run as the same account are not the same caller to a reader.
func permitsAtLeast(wide, narrow *spec.Caller, to *end) bool {
	who := wide.Anyone
	switch {
	case wide.Anyone:
	case narrow.Anyone:
		return false
	case wide.Namespace != "":
		who = wide.Namespace == narrow.Namespace ||
			len(narrow.Accounts) > 0 && !slices.ContainsFunc(narrow.Accounts, func(a facts.Account) bool { return a.Namespace != wide.Namespace })
	case narrow.Namespace != "":
		return false
	default:
		who = wide.Gateway == narrow.Gateway && wide.Beyond == narrow.Beyond && sameEntries(wide.Workloads, narrow.Workloads) && sameEntries(wide.Accounts, narrow.Accounts)
	}
	ports := len(wide.Ports) == 0 || len(narrow.Ports) > 0 && !slices.ContainsFunc(narrow.Ports, func(key string) bool {
		return !takesPort(wide, func(open string) bool { return open == key || to.service != nil && to.port(open) == to.port(key) })
	})
	return who && ports && callsAtLeast(wide.Methods, narrow.Methods, wide.Paths, narrow.Paths)
}

func sameEntries[T comparable](a, b []T) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(one T) bool { return !slices.Contains(b, one) })
}

// callsAtLeast compares what two entries say of the calls themselves.
func callsAtLeast(wide, narrow []v1alpha1.Method, wider, narrower []v1alpha1.PathMatch) bool {
	methods := len(wide) == 0 || len(narrow) > 0 && !slices.ContainsFunc(narrow, func(m v1alpha1.Method) bool { return !slices.Contains(wide, m) })
	paths := len(wider) == 0 || len(narrower) > 0 && !slices.ContainsFunc(narrower, func(path v1alpha1.PathMatch) bool {
		return !slices.ContainsFunc(wider, func(one v1alpha1.PathMatch) bool { return takesPath(one, path) })
	})
	return methods && paths
}
