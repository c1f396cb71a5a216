package calls

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// end is one end of calls: a Service with its pods, or a workload that no Service selects; of the build, or of a catalogue.
type end struct {
	kind, name, namespace string

	service   *facts.Service    // of the build, nil for a workload and for what is elsewhere
	templates []*facts.Workload // of the build
	said      *spec.Workload    // what a Mesh says, nil where none speaks of it
	settings  *spec.Service     // the same for a Service
	beyond    *v1alpha1.CatalogWorkload
	ports     map[string]*v1alpha1.CatalogPort // of a Service of a catalogue

	mesh    string        // that speaks of it, as namespace/name
	stage   spec.Stage    // the zero value where nobody says it
	callers []spec.Caller // nil where everybody may call
	at      spec.Located  // fields of what is said of it
}

// listEnds lists everything that may call or be called.
func (c *checker) listEnds() {
	for i := range c.spec.Services {
		said := &c.spec.Services[i]
		e := &end{service: said.Facts, settings: said, kind: "Service", name: said.Facts.Name, namespace: said.Facts.Namespace}
		c.services[said.Facts] = c.listEnd(e, &said.Workload)
	}
	for _, service := range c.Facts.Services {
		if c.services[service] == nil { // No Mesh speaks of it, but others may call it.
			c.services[service] = &end{
				service: service, templates: service.Workloads, kind: "Service", name: service.Name, namespace: service.Namespace, at: service.Source,
			}
		}
	}
	for i := range c.spec.Workloads {
		said := &c.spec.Workloads[i]
		template := said.Templates[0]
		c.listEnd(&end{kind: template.Kind, name: template.Name, namespace: template.Namespace}, said)
	}
	c.listCatalogs()
}

func (c *checker) listEnd(e *end, said *spec.Workload) *end {
	e.said, e.templates, e.mesh, e.stage, e.callers, e.at = said, said.Templates, said.Owner.String(), said.Stage, said.Callers, said.At
	c.ends = append(c.ends, e)
	for _, template := range e.templates {
		c.speakers[template] = append(c.speakers[template], e)
	}
	return e
}

// String names the end in a message.
func (e *end) String() string { return fmt.Sprintf("%s %q", e.kind, e.name) }

// full names it where namespaces matter.
func (e *end) full() string {
	return fmt.Sprintf("%s %q", e.kind, strings.TrimSuffix(e.name+"."+e.namespace, "."))
}

// written is the name by which its own Mesh has it.
func (e *end) written() string {
	name := e.name
	switch {
	case e.service != nil:
		name = e.service.Written()
	case len(e.templates) > 0:
		name = e.templates[0].Written()
	}
	if e.kind != "Service" {
		name = e.kind + "/" + name
	}
	return name
}

// as is how somebody of a namespace names the end.
func (e *end) as(namespace string) string {
	if e.namespace == namespace || e.namespace == "" {
		return e.written()
	}
	return e.written() + "." + e.namespace
}

// accounts are the identities of its pods, none where they are not known.
func (c *checker) accounts(e *end) []facts.Account {
	var out []facts.Account
	for _, template := range e.templates {
		if account := c.Facts.AccountOf(template); account.Namespace != "" && !slices.Contains(out, account) {
			out = append(out, account)
		}
	}
	if e.beyond != nil {
		for _, text := range e.beyond.Accounts {
			namespace, name, _ := strings.Cut(text, "/")
			out = append(out, facts.Account{Namespace: namespace, Name: name})
		}
	}
	return out
}

// callersAt is where somebody says who may call, nowhere where nobody does.
func (e *end) callersAt() diag.Source {
	switch {
	case e.callers == nil:
		return diag.Source{}
	case e.said != nil:
		return e.said.Origins.Of("callers").At
	}
	return e.at("callers")
}

// dependsOnAt is where an end says whom it calls.
func (e *end) dependsOnAt() diag.Source {
	if e.beyond != nil {
		return e.at("dependsOn")
	}
	return e.said.Origins.Of("dependsOn").At
}

// port is the number of a port of a Service, by its name or number; 0 for none.
func (e *end) port(key string) int32 {
	if e.service != nil {
		if port := e.service.Port(key); port != nil {
			return port.Number
		}
		return 0
	}
	if port := e.ports[key]; port != nil {
		return port.Number
	}
	number, err := strconv.ParseInt(key, 10, 32)
	if err != nil {
		return 0
	}
	return int32(number)
}

// outside returns pods of the end that certainly have no sidecar, and where that is said; false where they have one, or
// where nobody knows it.
func (c *checker) outside(e *end) (at diag.Source, found bool) {
	if e.beyond != nil {
		return e.at("sidecar"), e.beyond.Sidecar != nil && !*e.beyond.Sidecar
	}
	for _, template := range e.templates {
		if at, found := c.outsidePods(template); found {
			return at, true
		}
	}
	return diag.Source{}, false
}

func (c *checker) outsidePods(workload *facts.Workload) (at diag.Source, found bool) {
	pod := c.PodOf(workload)
	if pod == nil || c.DataplaneOf(pod) != cluster.NoDataplane {
		return diag.Source{}, false
	}
	switch _, labelled := pod.Labels[facts.InjectLabel]; {
	case pod.HostNetwork:
		return pod.Source(pod.TemplateField("spec", "hostNetwork")), true
	case labelled:
		return pod.LabelAt(facts.InjectLabel), true
	}
	return pod.Source("metadata.name"), true
}

// dryRun reports whether what the end refuses is only noted.
func (e *end) dryRun() bool {
	return e.said != nil && e.said.Settings.Auth != nil && e.said.Settings.Auth.DryRun != nil && *e.said.Settings.Auth.DryRun
}

// refuses reports whether callers that are not listed are refused already.
func (e *end) refuses() bool {
	return e.callers != nil && e.stage.Name != "" && e.stage.Permits(v1alpha1.StageAuthorize) && !e.dryRun()
}
