package policies

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	security "istio.io/api/security/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// inbound is a port that pods listen on, as a Service describes it.
type inbound struct {
	number  int32 // of the pod
	service *facts.Service
	port    *facts.Port
}

// inboundOf lists the ports on which calls reach the pods of a template. complete is false when the number of one of them
// is not known.
func inboundOf(pod *cluster.Pod) (ports []inbound, complete bool) {
	complete = true
	for _, service := range pod.Services {
		for i := range service.Ports {
			port := &service.Ports[i]
			number, ok := pod.Target(port)
			complete = complete && ok
			if ok {
				ports = append(ports, inbound{number, service, port})
			}
		}
	}
	return ports, complete
}

// ports compares the rules of a policy with the ports of the workloads that it is for.
func (c *checker) ports(policy *authorizationPolicy) {
	attachment := cluster.AttachmentOf(policy.Meta)
	if attachment.Everything() && policy.Namespace == c.Istio.RootNamespace {
		return // The build has a part of the mesh.
	}
	reach := c.reach(policy.Meta)
	var ports []inbound
	for _, pod := range reach.Pods {
		of, complete := inboundOf(pod)
		if !complete {
			return
		}
		ports = append(ports, of...)
	}
	if reach.Elsewhere || len(ports) == 0 {
		return
	}
	for i, rule := range policy.Spec.GetRules() {
		field := diag.At("spec.rules", i)
		for j, to := range rule.GetTo() {
			c.servicePorts(policy, valuesOf(field+diag.At(".to", j)+".operation.ports", to.GetOperation().GetPorts()), reach.Pods, ports)
		}
		c.httpOnTCP(policy, rule, field, ports, attachment.Everything())
	}
}

// servicePorts finds a port of a Service where the one of the pod belongs.
func (c *checker) servicePorts(policy *authorizationPolicy, numbers []value, pods []*cluster.Pod, ports []inbound) {
	for _, number := range numbers {
		i := slices.IndexFunc(ports, func(of inbound) bool { return strconv.Itoa(int(of.port.Number)) == number.text })
		if i < 0 || listens(pods, ports, number.text) {
			continue
		}
		instead := &ports[i]
		right := strconv.Itoa(int(instead.number))
		c.report(diag.Finding{
			Code: diag.ServicePortInRule, Severity: diag.Warning, Source: policy.At(number.field),
			Message: fmt.Sprintf("no workload of %s listens on port %s: that is the port of Service %q, which leads to port %s of the pods",
				policy.Resource, number.text, instead.service.Name, right),
			Related: []diag.Source{instead.service.Source(instead.port.Field)},
			Try:     strconv.Quote(right), Proposed: right,
		})
	}
}

// listens reports whether some pod has a port, by its containers or by what a Service leads to.
func listens(pods []*cluster.Pod, ports []inbound, number string) bool {
	for _, port := range ports {
		if strconv.Itoa(int(port.number)) == number {
			return true
		}
	}
	for _, pod := range pods {
		for _, container := range pod.Containers {
			for _, port := range container.Ports {
				if strconv.Itoa(int(port.Number)) == number {
					return true
				}
			}
		}
	}
	return false
}

// httpOnTCP finds a rule that needs HTTP and is only for ports without it. Where the rule is for HTTP ports too, it does
// there what it says, and Istio's own validation warns about the rest.
func (c *checker) httpOnTCP(policy *authorizationPolicy, rule *security.Rule, field string, ports []inbound, everything bool) {
	what := httpField(rule)
	if what == "" {
		return
	}
	var plain *inbound
	for i := range ports {
		switch {
		case !inRule(rule, ports[i].number):
		case ports[i].port.Protocol.Routable():
			return
		case plain == nil:
			plain = &ports[i]
		}
	}
	if plain == nil {
		return
	}
	consequence := "never matches, and the calls are refused"
	if policy.Spec.GetAction() == security.AuthorizationPolicy_DENY {
		consequence = "refuses every call to it"
	} else if policy.Spec.GetAction() != security.AuthorizationPolicy_ALLOW {
		consequence = "never matches"
	}
	finding := diag.Finding{
		Code: diag.HTTPRuleOnTCP, Source: policy.At(field),
		Message: fmt.Sprintf("the rule of %s needs HTTP (%s), and port %d is %s: the rule %s", policy.Resource, what, plain.number, plain.port.Protocol, consequence),
		Because: []string{fmt.Sprintf("port %d of Service %q is %s by its name or appProtocol", plain.port.Number, plain.service.Name, plain.port.Protocol)},
		Related: []diag.Source{plain.service.Source(plain.port.Field)},
		Try:     "allow the callers by principals, namespaces or ports alone, or name the port of the Service http",
	}
	if everything {
		finding.Severity = diag.Warning // The namespace may have workloads that the build does not.
	}
	c.report(finding)
}

// inRule reports whether a rule can be about a port: where no operation names ports, it is about all of them.
func inRule(rule *security.Rule, number int32) bool {
	text := strconv.Itoa(int(number))
	if len(rule.GetTo()) == 0 {
		return true
	}
	return slices.ContainsFunc(rule.GetTo(), func(to *security.Rule_To) bool {
		operation := to.GetOperation()
		return (len(operation.GetPorts()) == 0 || slices.Contains(operation.GetPorts(), text)) && !slices.Contains(operation.GetNotPorts(), text)
	})
}

// httpField is a field that every way to match the rule needs HTTP for, "" when one of them does without.
func httpField(rule *security.Rule) string {
	for _, condition := range rule.GetWhen() {
		if strings.HasPrefix(condition.GetKey(), "request.") {
			return condition.GetKey()
		}
	}
	from := ""
	for _, each := range rule.GetFrom() {
		source := each.GetSource()
		if len(source.GetRequestPrincipals())+len(source.GetNotRequestPrincipals()) == 0 {
			from = ""
			break
		}
		from = "requestPrincipals"
	}
	if from != "" {
		return from
	}
	to := ""
	for _, each := range rule.GetTo() {
		if to = httpOperation(each.GetOperation()); to == "" {
			return ""
		}
	}
	return to
}

// httpOperation is a field of an operation that needs HTTP.
func httpOperation(operation *security.Operation) string {
	switch {
	case len(operation.GetMethods())+len(operation.GetNotMethods()) > 0:
		return "methods"
	case len(operation.GetPaths())+len(operation.GetNotPaths()) > 0:
		return "paths"
	case len(operation.GetHosts())+len(operation.GetNotHosts()) > 0:
		return "hosts"
	}
	return ""
}
