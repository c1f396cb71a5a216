package transition

import (
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/compare/side"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// call is something that a Service or workload says that it calls.
type call struct {
	subject         string // Service shop/web, Deployment shop/worker
	namespace       string
	name, in        string // of the Service that is called, "" for a host outside
	external        string // the name of that host's entry
	port            string // as it was written, "" for all
	before, after   []*cluster.Pod
	was, is         bool // OLD says it, NEW says it
	dependsOnBefore diag.Source
	dependsOnAfter  diag.Source
}

// listCalls lists who says in OLD or NEW that it calls whom.
func (c *checker) listCalls() {
	c.addCalls(c.from, func(one *call) { one.was = true })
	c.addCalls(c.to, func(one *call) { one.is = true })
	for _, one := range c.calls {
		one.dependsOnBefore = c.from.Where(one.subject, "dependsOn")
		one.dependsOnAfter = c.to.Where(one.subject, "dependsOn")
	}
	slices.SortStableFunc(c.calls, func(a, b *call) int {
		return strings.Compare(a.subject+" "+a.callee()+" "+a.port, b.subject+" "+b.callee()+" "+b.port)
	})
}

func (c *checker) addCalls(s *side.Side, mark func(*call)) {
	for key, service := range s.Catalog.Services {
		name, namespace := cutLast(key)
		subject := diag.Resource{Kind: "Service", Namespace: namespace, Name: name}.String()
		pods := func(v *cluster.View) []*cluster.Pod { return podsBehind(v, v.Service(name, namespace)) }
		for i := range service.DependsOn {
			c.addCall(subject, namespace, &service.DependsOn[i], pods, mark)
		}
	}
	for key, workload := range s.Catalog.Workloads {
		kind, rest, _ := strings.Cut(key, "/")
		name, namespace := cutLast(rest)
		subject := diag.Resource{Kind: kind, Namespace: namespace, Name: name}.String()
		pods := func(v *cluster.View) []*cluster.Pod { return podsNamed(v, subject) }
		for i := range workload.DependsOn {
			c.addCall(subject, namespace, &workload.DependsOn[i], pods, mark)
		}
	}
}

func (c *checker) addCall(subject, namespace string, to *v1alpha1.Dependency, pods func(*cluster.View) []*cluster.Pod, mark func(*call)) {
	one := &call{subject: subject, namespace: namespace}
	if to.External != nil {
		one.external = *to.External
	} else {
		word := to.Named
		if to.Service != nil {
			word = *to.Service
		}
		one.name, one.in = cutLast(word)
	}
	if to.Port != nil {
		one.port = string(*to.Port)
	}
	for _, known := range c.calls {
		if known.subject == one.subject && known.callee() == one.callee() && known.port == one.port {
			mark(known)
			return
		}
	}
	one.before, one.after = pods(c.old), pods(c.now)
	mark(one)
	c.calls = append(c.calls, one)
}

// cutLast takes name.namespace apart. A name may have dots, and a namespace has none.
func cutLast(text string) (name, namespace string) {
	at := strings.LastIndex(text, ".")
	if at < 0 {
		return text, ""
	}
	return text[:at], text[at+1:]
}

func podsBehind(v *cluster.View, service *facts.Service) []*cluster.Pod {
	if service == nil {
		return nil
	}
	pods := make([]*cluster.Pod, 0, len(service.Workloads))
	for _, workload := range service.Workloads {
		pods = append(pods, v.PodOf(workload))
	}
	return pods
}

func podsNamed(v *cluster.View, name string) []*cluster.Pod {
	var pods []*cluster.Pod
	for _, pod := range v.Pods {
		if podName(pod) == name {
			pods = append(pods, pod)
		}
	}
	return pods
}

func (k *call) callee() string {
	if k.external != "" {
		return "external " + k.external
	}
	return diag.Resource{Kind: "Service", Namespace: k.in, Name: k.name}.String()
}

// stays reports whether the caller runs before and after, so that its running pods matter.
func (k *call) stays() bool { return len(k.before) > 0 && len(k.after) > 0 }

// said is where the caller says it: in NEW if it still does.
func (k *call) said() diag.Source {
	if k.is {
		return k.dependsOnAfter
	}
	return k.dependsOnBefore
}

// to reports whether a call is to a port of a Service.
func (k *call) to(service *facts.Service, port *facts.Port) bool {
	if k.name != service.Name || k.in != service.Namespace {
		return false
	}
	return k.port == "" || service.Port(k.port) == port
}
