package resolve

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// callers lists all who may call some pods, where somebody says who may: those that are listed, those of the same Mesh that
// say that they call, the gateways that expose the Service, and whom the profile always lets in.
func (r *resolver) callers(pods *spec.Workload, service *facts.Service, always []spec.Caller) {
	if pods.Settings.Callers == nil {
		return
	}
	pods.Callers = []spec.Caller{}
	origin := pods.Origins.Of("callers")
	from := r.placeOf(pods)
	for i := range pods.Settings.Callers {
		if caller, ok := r.caller(from, &pods.Settings.Callers[i], origin.Entry(i)); ok && r.callerPorts(pods, service, &caller) {
			pods.Callers = append(pods.Callers, caller)
		}
	}
	if service != nil {
		pods.Callers = append(pods.Callers, r.dependents(pods, service)...)
		pods.Callers = append(pods.Callers, r.gatewaysTo(service)...)
	}
	pods.Callers = append(pods.Callers, always...)
}

// caller finds whom one entry means.
func (r *resolver) caller(from place, in *v1alpha1.Caller, origin spec.Origin) (spec.Caller, bool) {
	out := spec.Caller{Methods: in.Methods, Paths: in.Paths, Origin: origin, Why: spec.Listed}
	for _, port := range in.Ports {
		out.Ports = append(out.Ports, string(port))
	}
	if in.Named != "" {
		out.Text = in.Named
		return r.namedCaller(from, in.Named, out)
	}
	given := map[string]bool{
		"service": in.Service != nil, "workload": in.Workload != nil, "serviceAccount": in.ServiceAccount != nil,
		"namespace": in.Namespace != nil, "gateway": in.Gateway != nil, "plainText": in.PlainText != nil,
	}
	if !r.exactlyOne(origin.At, given, "service", "workload", "serviceAccount", "namespace", "gateway", "plainText") {
		return out, false
	}
	switch {
	case in.Service != nil:
		out.Text = *in.Service
		return r.callingService(from, *in.Service, out)
	case in.Workload != nil:
		out.Text = *in.Workload
		return r.callingWorkload(from, *in.Workload, out)
	case in.ServiceAccount != nil:
		out.Text = *in.ServiceAccount
		return r.callingAccount(*in.ServiceAccount, out)
	case in.Namespace != nil:
		out.Text, out.Namespace = "namespace "+string(*in.Namespace), string(*in.Namespace)
		return out, true
	case in.Gateway != nil:
		out.Text = *in.Gateway
		return r.callingGateway(*in.Gateway, out)
	}
	out.Text, out.Anyone = "plainText", true
	return out, r.plainCaller(in, origin.At)
}

// namedCaller tells a Service from a gateway.
func (r *resolver) namedCaller(from place, word string, out spec.Caller) (spec.Caller, bool) {
	if word == v1alpha1.SameNamespace && from.mesh != nil {
		out.Namespace = from.namespace
		if out.Namespace == "" {
			r.refuseWithoutIdentity(out.Origin.At, word)
		}
		return out, out.Namespace != ""
	}
	gateway := slices.ContainsFunc(r.out.Gateways, func(g spec.Gateway) bool { return g.Name == word })
	switch service := r.hasService(from, word); {
	case service && gateway:
		r.refuseTwoMeanings(out.Origin.At, word, "a Service", "a gateway of the profile", fmt.Sprintf("{service: %s} or {gateway: %s}", word, word))
		return out, false
	case gateway:
		return r.callingGateway(word, out)
	}
	return r.callingService(from, word, out)
}

func (r *resolver) callingService(from place, word string, out spec.Caller) (spec.Caller, bool) {
	if r.strange(from, word, out.Origin.At) {
		return out, false
	}
	found := r.serviceCalled(from, word, out.Origin.At)
	switch {
	case found.service != nil:
		if len(found.service.Workloads) == 0 {
			r.report(diag.Finding{
				Code: diag.NoIdentity, Source: out.Origin.At,
				Message: fmt.Sprintf("Service %q selects no workload of this build, so nobody knows as whom its pods call", word),
				Related: []diag.Source{found.service.Source("spec.selector")},
				Try:     "the service account of the caller, such as " + found.space + "/" + found.name,
			})
			return out, false
		}
		return r.withIdentities(found.service.Workloads, out)
	case found.beyond != nil:
		out.Beyond = found.name + "." + found.space
		return r.withAccounts(found.beyond.Accounts, word, out)
	}
	return out, false
}

// strange refuses a caller in a namespace of which nobody here knows anything: a permission is for an identity.
func (r *resolver) strange(from place, word string, at diag.Source) bool {
	name, namespace, written := from.split(word[strings.Index(word, "/")+1:])
	if !written || namespace == from.namespace || r.knows(namespace) {
		return false
	}
	r.report(diag.Finding{
		Code: diag.NoIdentity, Source: at,
		Message: fmt.Sprintf("as whom the pods of %q call is not known here, and a permission is for an identity", word),
		Try:     "a MeshCatalog that has it, or its service account: " + namespace + "/" + name,
	})
	return true
}

// knows reports whether the build or a catalogue says something about a namespace.
func (r *resolver) knows(namespace string) bool {
	return r.out.Catalog.Namespaces[namespace] || slices.Contains(r.facts.NamespacesInUse(), namespace)
}

func (r *resolver) callingWorkload(from place, word string, out spec.Caller) (spec.Caller, bool) {
	if r.strange(from, word, out.Origin.At) {
		return out, false
	}
	kind, rest, _ := strings.Cut(word, "/")
	name, namespace, written := from.split(rest)
	if from.mesh == nil && !written {
		r.notFound(from, "workload", word, word, namespace, out.Origin.At, nil)
		return out, false
	}
	var known []string
	for _, workload := range r.facts.Workloads {
		if workload.Namespace != namespace && !slices.Contains(workload.PreviousNamespaces, namespace) {
			continue
		}
		known = append(known, workload.Kind+"/"+workload.Name)
		if workload.Kind == kind && workload.Named(name) {
			return r.withIdentities([]*facts.Workload{workload}, out)
		}
	}
	key := kind + "/" + name + "." + namespace
	if beyond := r.out.Catalog.Workloads[key]; beyond != nil {
		out.Beyond = key
		return r.withAccounts(beyond.Accounts, word, out)
	}
	r.notFound(from, "workload", word, kind+"/"+name, namespace, out.Origin.At, append(known, r.cataloguedWorkloads(namespace)...))
	return out, false
}

// callingAccount takes an account at its word. One that a namespace of the build does not have is found by the checks of the
// policy that names it.
func (r *resolver) callingAccount(word string, out spec.Caller) (spec.Caller, bool) {
	return r.withAccounts([]string{word}, word, out)
}

func (r *resolver) callingGateway(name string, out spec.Caller) (spec.Caller, bool) {
	var known []string
	for i := range r.out.Gateways {
		gateway := &r.out.Gateways[i]
		if gateway.Name == name {
			out.Gateway = gateway
			out.Accounts = []facts.Account{{Namespace: gateway.Namespace, Name: gateway.ServiceAccount}}
			return out, true
		}
		known = append(known, gateway.Name)
	}
	finding := diag.Finding{
		Code: diag.UnknownName, Source: out.Origin.At,
		Message: fmt.Sprintf("there is no gateway %q; the profile has: %s", name, diag.OneOf(known)),
	}
	if len(known) == 0 {
		finding.Message = fmt.Sprintf("there is no gateway %q: the build has no MeshProfile with gateways", name)
		finding.Try = fmt.Sprintf("spec: {gateways: {%s: {selector: {istio: ingressgateway}, namespace: istio-ingress}}} in a MeshProfile", name)
	}
	if nearest, ok := diag.Nearest(name, known); ok {
		finding.Try, finding.Proposed = "did you mean "+nearest+"?", nearest
	}
	r.report(finding)
	return out, false
}

// plainCaller holds a permission for everybody to ports.
func (r *resolver) plainCaller(in *v1alpha1.Caller, at diag.Source) bool {
	switch {
	case !*in.PlainText:
		r.report(diag.Finding{Code: diag.BadValue, Source: at, Message: "plainText: false lets nobody in", Try: "remove the entry"})
	case len(in.Ports) == 0:
		r.report(diag.Finding{
			Code: diag.BadValue, Source: at,
			Message: "plainText opens ports to everybody, with or without a sidecar, and no ports are given",
			Try:     "{plainText: true, ports: [metrics]}",
		})
	default:
		return true
	}
	return false
}

// callerPorts holds the ports of a permission against those of the Service or, where no Service selects them, of the pods.
func (r *resolver) callerPorts(pods *spec.Workload, service *facts.Service, caller *spec.Caller) bool {
	for _, port := range caller.Ports {
		if service != nil {
			if service.Port(port) == nil {
				r.unknownPort(caller.Origin.At, service.Name, port, service.PortKeys())
				return false
			}
			continue
		}
		if _, err := strconv.Atoi(port); err == nil {
			continue
		}
		if !slices.ContainsFunc(pods.Templates, func(w *facts.Workload) bool { _, ok := w.Listed(port); return ok }) {
			r.report(diag.Finding{
				Code: diag.UnknownName, Source: caller.Origin.At,
				Message: fmt.Sprintf("no container of %s %q has a port %q", pods.Templates[0].Kind, pods.Templates[0].Name, port),
				Try:     "the number of the port, or its name among the ports of a container",
			})
			return false
		}
	}
	return true
}
