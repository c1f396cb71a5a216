package propose

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/facts"
)

// found is what an address means. With neither of the three it means nothing to anybody here.
type found struct {
	service   *facts.Service
	elsewhere string // name.namespace of a Service of another build
	external  *external
	problem   string // why it was not understood
	renamed   bool   // it is the name from before an overlay renamed the Service, which nobody answers to
}

// match finds what an address means to the pods of a workload.
func (p *proposer) match(workload *facts.Workload, t text, a address) found {
	labels := strings.Split(a.host, ".")
	svc := slices.Index(labels, "svc")
	switch {
	case local(labels):
		return found{}
	case svc >= 2: // Also pod-0.service.namespace.svc.
		return p.inNamespace(labels[svc-2], labels[svc-1])
	case len(labels) == 1:
		return p.besides(workload, t, a)
	case len(labels) == 2 && p.hasNamespace(labels[1]), len(labels) == 3 && p.hasNamespace(labels[2]):
		return p.inNamespace(labels[len(labels)-2], labels[len(labels)-1])
	case len(labels) == 2:
		if service := p.facts.Referred(workload.Namespace, labels[1]); service != nil && service.Headless && !domain(labels[1]) {
			return found{service: service} // A pod of a StatefulSet.
		}
	}
	return p.outside(t, a, labels)
}

// local reports whether a host is the pod itself, or the machine of a developer.
func local(labels []string) bool {
	last := labels[len(labels)-1]
	return last == "localhost" || last == "localdomain" || strings.Join(labels, ".") == "host.docker.internal"
}

// besides finds a Service of the same namespace.
func (p *proposer) besides(workload *facts.Workload, t text, a address) found {
	service := p.facts.Referred(workload.Namespace, a.host)
	if service != nil {
		if !a.sure && a.port != 0 && service.Port(strconv.Itoa(a.port)) == nil {
			return found{} // The tag of an image looks the same.
		}
		return found{service: service, renamed: service.Name != a.host}
	}
	if !a.sure || shownOnly(t.name) || !a.alone || ordinary(a.host) {
		return found{}
	}
	return found{problem: "no Service of that name is in the build"}
}

// ordinary reports whether a word is rather a way of doing something than a host.
func ordinary(word string) bool {
	return slices.Contains([]string{"auto", "console", "default", "disabled", "enabled", "false", "file", "none", "stderr", "stdout", "true"}, word)
}

func (p *proposer) inNamespace(name, namespace string) found {
	if service := p.facts.Referred(namespace, name); service != nil {
		return found{service: service, renamed: service.Name != name || service.Namespace != namespace}
	}
	if p.hasNamespace(namespace) {
		return found{problem: fmt.Sprintf("no Service of that name is in namespace %q of the build", namespace)}
	}
	return found{elsewhere: name + "." + namespace}
}

// hasNamespace reports whether the build has Services or workloads in a namespace, or had before an overlay set another one.
func (p *proposer) hasNamespace(name string) bool {
	has := func(i *facts.Identity) bool {
		return i.Namespace == name || slices.Contains(i.PreviousNamespaces, name)
	}
	return slices.ContainsFunc(p.facts.Services, func(s *facts.Service) bool { return has(&s.Identity) }) ||
		slices.ContainsFunc(p.facts.Workloads, func(w *facts.Workload) bool { return has(&w.Identity) })
}

// outside finds what a name with dots means that is no Service of the build: one of another namespace, or a host outside.
func (p *proposer) outside(t text, a address, labels []string) found {
	certain := a.scheme != "" || a.sure || t.name == "" && a.port != 0
	switch last := labels[len(labels)-1]; {
	case !certain || p.own[a.host]:
		return found{}
	case shownOnly(t.name):
		return found{problem: "its name says that it is for people or for others; if it is called, it needs an entry under external"}
	case len(labels) == 2 && !domain(last) && doubtful(last):
		return found{problem: "it can be a Service of another namespace or a host outside"}
	case len(labels) == 2 && !domain(last):
		return found{elsewhere: a.host}
	}
	outside, problem := newExternal(a)
	return found{external: outside, problem: problem}
}

// domain reports whether a label is the end of a host outside rather than a namespace.
func domain(label string) bool {
	return slices.Contains([]string{
		"com", "org", "net", "edu", "gov", "mil", "int", "info", "biz", "io", "ai", "co", "de", "fr", "nl", "uk", "eu", "us", "ch", "at", "es",
		"it", "pl", "se", "dk", "fi", "ca", "au", "jp", "cn", "in", "br", "example",
	}, label)
}

// doubtful reports whether a label is as often a namespace as the end of a host.
func doubtful(label string) bool {
	return slices.Contains([]string{"dev", "app", "cloud", "internal", "local", "lan", "corp", "test", "shop", "store", "intra"}, label)
}
