package services

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// targetPorts finds ports of Services that lead nowhere. Kubernetes lets a container leave out the ports that it listens
// on, so only a name is certain.
// https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports
func (c *checker) targetPorts() {
	for _, service := range c.Facts.Services {
		if len(service.Workloads) == 0 || slices.ContainsFunc(service.Workloads, open) {
			continue
		}
		for i := range service.Ports {
			c.targetPort(service, &service.Ports[i])
		}
	}
}

// open reports whether the ports of the pods are not all known: the template is empty, or its proxy comes with the ports
// that Istio's injector adds.
func open(workload *facts.Workload) bool {
	return len(workload.Containers) == 0 || slices.ContainsFunc(workload.Containers, func(c facts.Container) bool { return c.Name == facts.ProxyContainer })
}

func (c *checker) targetPort(service *facts.Service, port *facts.Port) {
	number, err := strconv.Atoi(port.TargetPort)
	switch {
	case port.TargetPort == "":
		number = int(port.Number)
	case err != nil:
		c.namedTarget(service, port)
		return
	}
	if strings.HasPrefix(strconv.Itoa(number), "150") && len(strconv.Itoa(number)) == 5 {
		return // One of the sidecar's own, such as its status port.
	}
	for _, workload := range service.Workloads {
		listed := numbersOf(workload)
		if len(listed) == 0 || slices.Contains(listed, strconv.Itoa(number)) {
			return
		}
	}
	c.report(diag.Finding{
		Code: diag.TargetNotListed, Severity: diag.Info, Source: service.Source(diag.Join(port.Field, "targetPort")),
		Message: fmt.Sprintf("port %s of Service %q leads to port %d of %s, whose containers list only %s",
			port.Key(), service.Name, number, names(service.Workloads), diag.OneOf(numbersOf(service.Workloads[0]))),
		Because: []string{"a container may listen on a port that it does not list, so this can be right"},
		Related: []diag.Source{service.Workloads[0].Source(service.Workloads[0].TemplateField("spec", "containers"))},
		Try:     "correct the targetPort, or list the port in the container",
	})
}

func (c *checker) namedTarget(service *facts.Service, port *facts.Port) {
	var known []string
	for _, workload := range service.Workloads {
		if _, ok := workload.Target(port); ok || port.TargetPort == "http-envoy-prom" && c.sidecar(workload) != facts.No {
			return
		}
		known = append(known, namesOf(workload, port)...)
	}
	slices.Sort(known)
	known = slices.Compact(known)
	finding := diag.Finding{
		Code: diag.NoSuchTarget, Severity: diag.Warning, Source: service.Source(diag.Join(port.Field, "targetPort")),
		Message: fmt.Sprintf("port %s of Service %q leads to the %s port %q, which no container of %s has",
			port.Key(), service.Name, facts.Transport(port.Transport), port.TargetPort, names(service.Workloads)),
		Because: []string{"Kubernetes then gives the Service no address for this port"},
		Related: []diag.Source{service.Workloads[0].Source(service.Workloads[0].TemplateField("spec", "containers"))},
		Try:     "the number of the port, or a name for it in the container",
	}
	if len(known) > 0 {
		finding.Message += "; they have: " + diag.OneOf(known)
	}
	if nearest, ok := diag.Nearest(port.TargetPort, known); ok {
		finding.Try, finding.Proposed = "targetPort: "+nearest, nearest
	}
	c.report(finding)
}

// namesOf lists the names that a port could lead to.
func namesOf(workload *facts.Workload, port *facts.Port) []string {
	var found []string
	for i := range workload.Containers {
		for _, of := range workload.Containers[i].Ports {
			if of.Name != "" && facts.Transport(of.Transport) == facts.Transport(port.Transport) {
				found = append(found, of.Name)
			}
		}
	}
	return found
}

// numbersOf lists the ports that the containers say they listen on.
func numbersOf(workload *facts.Workload) []string {
	var found []string
	for i := range workload.Containers {
		for _, of := range workload.Containers[i].Ports {
			found = append(found, strconv.Itoa(int(of.Number)))
		}
	}
	return found
}

// names is the workloads as text.
func names(workloads []*facts.Workload) string {
	texts := make([]string, 0, len(workloads))
	for _, workload := range workloads {
		texts = append(texts, fmt.Sprintf("%s %q", workload.Kind, workload.Name))
	}
	return strings.Join(texts, ", ")
}
