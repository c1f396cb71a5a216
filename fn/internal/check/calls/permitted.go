package calls

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// permitted finds dependencies that the callee does not permit. Within one Mesh the dependency itself is the permission. One
// that does not say which port, method or path it is about is content with any: whoever narrows what others may do knows
// what they need.
func (c *checker) permitted() {
	for _, e := range c.edges {
		if e.to.callers == nil || e.to.mesh == e.from.mesh || c.refused[pair{e.from, e.to}] || !c.canRefuse(e.to) {
			continue
		}
		callers := c.callersOf(e.to)
		for _, account := range c.accounts(e.from) {
			if what, lacks := lacking(e, callers, account); lacks {
				c.refused[pair{e.from, e.to}] = true
				c.refuse(e, account, what)
				break
			}
		}
	}
}

// canRefuse reports whether the pods of an end can have a sidecar that refuses calls. Where they cannot, that is said at its
// callers.
func (c *checker) canRefuse(e *end) bool {
	if e.beyond != nil {
		return e.beyond.Sidecar == nil || *e.beyond.Sidecar
	}
	return slices.ContainsFunc(e.templates, func(w *facts.Workload) bool { _, outside := c.outsidePods(w); return !outside })
}

// callersOf are those who may call a Service, by itself or by another one for the same port of the same pods: a policy holds
// for pods.
func (c *checker) callersOf(e *end) []spec.Caller {
	out := e.callers
	for _, template := range e.templates {
		for _, other := range c.speakers[template] {
			if other == e || other.service == nil || e.service == nil {
				continue
			}
			for i := range other.callers {
				caller := other.callers[i]
				if ports := translated(&caller, other.service, e.service, template); len(ports) > 0 {
					caller.Ports = ports
					out = append(slices.Clip(out), caller)
				}
			}
		}
	}
	return out
}

// translated are the ports of a Service that lead to the same ports of the pods as those that a caller of another one may call.
func translated(caller *spec.Caller, from, to *facts.Service, pods *facts.Workload) []string {
	var out []string
	for i := range to.Ports {
		target, _ := pods.Target(&to.Ports[i])
		for j := range from.Ports {
			if there, _ := pods.Target(&from.Ports[j]); there == target && takesPort(caller, func(key string) bool { return from.Port(key) == &from.Ports[j] }) {
				out = append(out, to.Ports[i].Key())
			}
		}
	}
	return out
}

// takesPort reports whether a caller may call a port.
func takesPort(caller *spec.Caller, is func(key string) bool) bool {
	return len(caller.Ports) == 0 || slices.ContainsFunc(caller.Ports, is)
}

// names reports whether an entry lets an account in.
func names(caller *spec.Caller, account facts.Account) bool {
	return caller.Anyone || caller.Namespace != "" && caller.Namespace == account.Namespace || slices.Contains(caller.Accounts, account)
}

// lacking reports whether a dependency is not permitted, and for what where the callee does list the caller.
func lacking(e *edge, callers []spec.Caller, account facts.Account) (what string, lacks bool) {
	var mine []spec.Caller
	for i := range callers {
		if names(&callers[i], account) {
			mine = append(mine, callers[i])
		}
	}
	if len(mine) == 0 {
		return "", true
	}
	if e.port != "" {
		number := e.to.port(e.port)
		mine = slices.DeleteFunc(mine, func(caller spec.Caller) bool {
			return !takesPort(&caller, func(key string) bool { return e.to.port(key) == number })
		})
		if len(mine) == 0 {
			return "port " + e.port, true
		}
	}
	for _, method := range orAny(e.methods) {
		for _, path := range orAny(e.paths) {
			if !slices.ContainsFunc(mine, func(caller spec.Caller) bool { return takesCall(&caller, method, path) }) {
				return strings.TrimSpace(string(method) + " " + pathText(path)), true
			}
		}
	}
	return "", false
}

// orAny is a list, or one entry that stands for whatever the callee permits.
func orAny[T any](list []T) []T {
	if len(list) == 0 {
		return make([]T, 1)
	}
	return list
}

func takesCall(caller *spec.Caller, method v1alpha1.Method, path v1alpha1.PathMatch) bool {
	methods := method == "" || len(caller.Methods) == 0 || slices.Contains(caller.Methods, method)
	paths := pathText(path) == "" || len(caller.Paths) == 0 ||
		slices.ContainsFunc(caller.Paths, func(wide v1alpha1.PathMatch) bool { return takesPath(wide, path) })
	return methods && paths
}

// takesPath reports whether one entry of paths takes all that another one takes.
func takesPath(wide, path v1alpha1.PathMatch) bool {
	switch {
	case wide.Exact != nil:
		return path.Exact != nil && *path.Exact == *wide.Exact
	case wide.Prefix == nil || path.Regex != nil:
		return false
	}
	prefix, text := strings.TrimSuffix(*wide.Prefix, "/"), pathText(path)
	return text == prefix || strings.HasPrefix(text, prefix+"/")
}

func pathText(path v1alpha1.PathMatch) string {
	for _, text := range []*string{path.Prefix, path.Exact, path.Regex} {
		if text != nil {
			return *text
		}
	}
	return ""
}

// refuse reports a dependency that is not permitted: at the end that this build has, which is the caller where it has both.
func (c *checker) refuse(e *edge, account facts.Account, what string) {
	to := e.to
	missing := "do not list it"
	if what != "" {
		missing = "do not list it for " + what
	}
	finding := diag.Finding{
		Code: diag.NotPermitted, Severity: diag.Warning, Source: e.at,
		Message: fmt.Sprintf("%s calls %s, whose callers %s", e.from, to.full(), missing),
		Because: []string{fmt.Sprintf("its pods call as %s, and dependsOn permits calls within its own Mesh only", account)},
		Related: []diag.Source{to.callersAt()},
		Try:     fmt.Sprintf("add %s to the callers there, or remove the dependency here", c.entryFor(e)),
	}
	switch {
	case !e.ours():
		finding.Source, finding.Related = to.callersAt(), []diag.Source{e.at}
		finding.Message = fmt.Sprintf("%s calls %s by a MeshCatalog, and the callers here %s", e.from.full(), to, missing)
		finding.Try = fmt.Sprintf("add %s here, or have the dependency removed there", c.entryFor(e))
	case to.refuses():
		finding.Severity = diag.Error
		finding.Because = append(finding.Because, fmt.Sprintf("%s is at stage %s, which refuses everybody else", to, to.stage.Name))
		finding.Related = append(finding.Related, to.stage.At)
	}
	c.report(finding)
}

// entryFor is what the callee would write to permit a dependency. A catalogue does not mean that the other repository has
// one of this, so what it writes is the identity.
func (c *checker) entryFor(e *edge) string {
	field, word := "service", e.from.as(e.to.namespace)
	if e.from.kind != "Service" {
		field = "workload"
	}
	if accounts := c.accounts(e.from); e.to.beyond != nil && len(accounts) == 1 {
		field, word = "serviceAccount", accounts[0].String()
	}
	var narrow []string
	if ports := c.portsBetween(e); len(ports) > 0 {
		narrow = append(narrow, "ports: ["+strings.Join(ports, ", ")+"]")
	}
	if len(e.methods) > 0 {
		narrow = append(narrow, "methods: ["+joined(e.methods)+"]")
	}
	if len(e.paths) > 0 {
		narrow = append(narrow, "paths: ["+joined(pathTexts(e.paths))+"]")
	}
	if len(narrow) == 0 {
		return word
	}
	return fmt.Sprintf("{%s: %s, %s}", field, word, strings.Join(narrow, ", "))
}

// portsBetween are the ports of all dependencies between the same ends, none where one of them is for all ports.
func (c *checker) portsBetween(e *edge) []string {
	var ports []string
	for _, other := range c.edges {
		switch {
		case other.from != e.from || other.to != e.to:
		case other.port == "":
			return nil
		case !slices.Contains(ports, other.port):
			ports = append(ports, other.port)
		}
	}
	return ports
}

// pathTexts are paths as their author would write them.
func pathTexts(paths []v1alpha1.PathMatch) []string {
	var words []string
	for _, path := range paths {
		word := pathText(path)
		if path.Exact != nil {
			word = "{exact: " + word + "}"
		}
		words = append(words, word)
	}
	return words
}

func joined[T ~string](list []T) string {
	words := make([]string, 0, len(list))
	for _, word := range list {
		words = append(words, string(word))
	}
	return strings.Join(words, ", ")
}
