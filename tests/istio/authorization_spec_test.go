package istio

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// declarations is what the documents of a build say about who may call, read again here in the plainest way, so that the
// program is not its own witness.
type declarations struct {
	in       *deployed
	meshes   []declared
	gateways map[string]string // their accounts
	always   []who
	domain   string // the trust domain
}

// declared is one Mesh.
type declared struct {
	namespace string
	defaults  declaredSettings
	services  map[string]declaredSettings
	workloads map[string]declaredSettings
}

type declaredSettings struct {
	Callers   *[]who                    `json:"callers"`
	DependsOn []who                     `json:"dependsOn"`
	Expose    map[string]map[string]any `json:"expose"`
}

// who is a caller or a dependency: a word, or a mapping.
type who struct {
	word                                        string
	Service, Workload, ServiceAccount, External string
	Namespace, Gateway                          string
	PlainText                                   bool
	Port                                        any
	Ports                                       []any
	Methods                                     []string
	Paths                                       []any
}

// UnmarshalJSON reads both forms.
func (e *who) UnmarshalJSON(text []byte) error {
	if err := yaml.Unmarshal(text, &e.word); err == nil {
		return nil
	}
	type plain who
	return yaml.UnmarshalStrict(text, (*plain)(e))
}

// read reads a document, where it is one of ours.
func (d *declarations) read(document, namespace string) error {
	var one struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
		Metadata   struct {
			Namespace string `json:"namespace"`
		} `json:"metadata"`
		Spec struct {
			Defaults  declaredSettings            `json:"defaults"`
			Services  map[string]declaredSettings `json:"services"`
			Workloads map[string]declaredSettings `json:"workloads"`
			Access    struct {
				Always []who `json:"always"`
			} `json:"access"`
			Gateways map[string]struct{ Namespace, ServiceAccount string } `json:"gateways"`
			Istio    struct {
				TrustDomain string `json:"trustDomain"`
			} `json:"istio"`
		} `json:"spec"`
	}
	if err := yaml.Unmarshal([]byte(document), &one); err != nil || !strings.HasPrefix(one.APIVersion, "meshfn.dev/") {
		return nil //nolint:nilerr // It is none of ours.
	}
	switch one.Kind {
	case "Mesh":
		if one.Metadata.Namespace != "" {
			namespace = one.Metadata.Namespace
		}
		d.meshes = append(d.meshes, declared{namespace, one.Spec.Defaults, one.Spec.Services, one.Spec.Workloads})
	case "MeshProfile":
		if one.Spec.Defaults.Callers != nil {
			return fmt.Errorf("callers among the defaults of a profile are not read here")
		}
		d.always, d.domain = one.Spec.Access.Always, one.Spec.Istio.TrustDomain
		for name, gateway := range one.Spec.Gateways {
			account := gateway.ServiceAccount
			if account == "" {
				account = name
			}
			d.gateways[name] = gateway.Namespace + "/" + account
		}
	}
	return nil
}

// permits says whether a call to a port of a Service is declared: caller is the account as namespace/name, "" for a caller
// without a certificate.
func (d *declarations) permits(caller string, service *corev1.Service, port *corev1.ServicePort, call *inboundCall) bool {
	mesh, settings := d.of(service)
	callers := settings.Callers
	if callers == nil && mesh != nil {
		callers = mesh.defaults.Callers
	}
	if callers == nil {
		return true
	}
	for _, each := range slices.Concat(*callers, d.always) {
		if d.means(&each, service.Namespace, caller) && each.takes(port, call) {
			return true
		}
	}
	for gateway := range settings.Expose {
		if d.gateways[gateway] == caller {
			return true
		}
	}
	return d.depends(mesh, caller, service, port, call)
}

// of finds the entry of a Service.
func (d *declarations) of(service *corev1.Service) (*declared, declaredSettings) {
	for i := range d.meshes {
		if mesh := &d.meshes[i]; mesh.namespace == service.Namespace {
			return mesh, mesh.services[service.Name]
		}
	}
	return nil, declaredSettings{}
}

// means reports whether an entry is about a caller.
func (d *declarations) means(e *who, namespace, caller string) bool {
	word := e.word
	switch {
	case e.PlainText:
		return true
	case caller == "":
		return false
	case word == "same-namespace":
		return strings.HasPrefix(caller, namespace+"/")
	case e.Namespace != "":
		return strings.HasPrefix(caller, e.Namespace+"/")
	case e.ServiceAccount != "":
		return e.ServiceAccount == caller
	case e.Gateway != "":
		return d.gateways[e.Gateway] == caller
	case e.Workload != "":
		word = e.Workload
	case e.Service != "":
		word = e.Service
	}
	if d.gateways[word] != "" {
		return d.gateways[word] == caller
	}
	if strings.Contains(word, "/") && word[0] >= 'a' {
		return word == caller
	}
	return slices.Contains(d.accounts(word, namespace), caller)
}

// accounts are those of the pods that a name means.
func (d *declarations) accounts(word, namespace string) []string {
	name, in, found := strings.Cut(word, ".")
	if !found {
		in = namespace
	}
	var all []string
	if strings.Contains(name, "/") {
		for _, pod := range d.in.replicas[in+"/"+name] {
			all = append(all, accountOf(pod))
		}
		return all
	}
	for _, service := range d.in.services {
		if service.Name != name || service.Namespace != in {
			continue
		}
		for _, pod := range d.in.behind(service) {
			all = append(all, accountOf(pod))
		}
	}
	return all
}

func accountOf(pod *corev1.Pod) string {
	if pod.Spec.ServiceAccountName == "" {
		return pod.Namespace + "/default"
	}
	return pod.Namespace + "/" + pod.Spec.ServiceAccountName
}

// depends reports whether somebody of the same Mesh says that it calls.
func (d *declarations) depends(mesh *declared, caller string, service *corev1.Service, port *corev1.ServicePort, call *inboundCall) bool {
	check := func(name string, settings declaredSettings) bool {
		dependencies := settings.DependsOn
		if dependencies == nil {
			dependencies = mesh.defaults.DependsOn
		}
		for i := range dependencies {
			each := dependencies[i]
			target := each.word + each.Service
			target, number, found := strings.Cut(target, ":")
			if found {
				each.Port = number
			}
			if each.Port != nil {
				each.Ports = []any{each.Port}
			}
			called, in, elsewhere := strings.Cut(target, ".")
			if !elsewhere {
				in = mesh.namespace
			}
			if called == service.Name && in == service.Namespace && each.takes(port, call) && slices.Contains(d.accounts(name, mesh.namespace), caller) {
				return true
			}
		}
		return false
	}
	for _, other := range d.in.services { // Those without an entry have the defaults.
		if other.Namespace == mesh.namespace && check(other.Name, mesh.services[other.Name]) {
			return true
		}
	}
	for name, settings := range mesh.workloads {
		if check(name, settings) {
			return true
		}
	}
	return false
}

// takes reports whether an entry is for a call on a port.
func (e *who) takes(port *corev1.ServicePort, call *inboundCall) bool {
	isPort := func(key any) bool {
		return fmt.Sprint(key) == port.Name || fmt.Sprint(key) == fmt.Sprint(port.Port)
	}
	switch {
	case len(e.Ports) > 0 && !slices.ContainsFunc(e.Ports, isPort):
		return false
	case !call.http:
		return len(e.Methods)+len(e.Paths) == 0
	case len(e.Methods) > 0 && !slices.Contains(e.Methods, call.method):
		return false
	}
	return len(e.Paths) == 0 || slices.ContainsFunc(e.Paths, func(path any) bool { return pathTakes(path, call.path) })
}

func pathTakes(pattern any, path string) bool {
	if forms, ok := pattern.(map[string]any); ok {
		if exact, ok := forms["exact"]; ok {
			return exact == path
		}
		pattern = forms["prefix"]
	}
	prefix := strings.TrimRight(fmt.Sprint(pattern), "/")
	return path == prefix || strings.HasPrefix(path, prefix+"/")
}
