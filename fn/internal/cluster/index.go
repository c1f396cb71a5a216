package cluster

import (
	"slices"
	"strings"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/facts"
)

// index answers what is asked once for almost every object, so that the time for a build grows with its size and not with
// the square of it.
type index struct {
	services   map[named]*facts.Service // the first of each name
	servicesIn map[string][]string
	pods       *facts.Labelled[*Pod]
	podsIn     map[string]*facts.Labelled[*Pod]
	podOf      map[*facts.Workload]*Pod
	// The ServiceEntries by their hosts, and those that have a wildcard, as positions in the list of all.
	entries     map[string][]int
	wideEntries []int
}

// named tells objects of one kind apart.
type named struct{ namespace, name string }

// index reads the lists of the view, which are complete and sorted by now.
func (v *View) index() {
	x := index{
		services: map[named]*facts.Service{}, servicesIn: map[string][]string{}, podsIn: map[string]*facts.Labelled[*Pod]{},
		pods: facts.NewLabelled(v.Pods, labelsOf), podOf: map[*facts.Workload]*Pod{}, entries: map[string][]int{},
	}
	for _, service := range v.Facts.Services {
		x.servicesIn[service.Namespace] = append(x.servicesIn[service.Namespace], service.Name)
		if key := (named{service.Namespace, service.Name}); x.services[key] == nil {
			x.services[key] = service
		}
	}
	pods := map[string][]*Pod{}
	for _, pod := range v.Pods {
		x.podOf[pod.Workload] = pod
		pods[pod.Namespace] = append(pods[pod.Namespace], pod)
	}
	for namespace, list := range pods {
		x.podsIn[namespace] = facts.NewLabelled(list, labelsOf)
	}
	for i, entry := range v.ServiceEntries {
		for _, host := range entry.Spec.Hosts {
			x.entries[host] = append(x.entries[host], i)
		}
		if slices.ContainsFunc(entry.Spec.Hosts, func(host string) bool { return strings.HasPrefix(host, "*") }) {
			x.wideEntries = append(x.wideEntries, i)
		}
	}
	v.known = x
}

func labelsOf(pod *Pod) map[string]string { return pod.Labels }

// entriesFor lists the ServiceEntries that bring a host into the mesh, in their order.
func (v *View) entriesFor(host string) []*Object[*networking.ServiceEntry] {
	at := slices.Clone(v.known.entries[host])
	for _, i := range v.known.wideEntries {
		if slices.ContainsFunc(v.ServiceEntries[i].Spec.Hosts, func(wide string) bool { return Covers(wide, host) }) {
			at = append(at, i)
		}
	}
	slices.Sort(at)
	var list []*Object[*networking.ServiceEntry]
	for _, i := range slices.Compact(at) {
		list = append(list, v.ServiceEntries[i])
	}
	return list
}
