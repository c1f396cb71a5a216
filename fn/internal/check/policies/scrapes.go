package policies

import (
	"fmt"
	"slices"
	"strconv"

	"istio.io/api/annotation"
	security "istio.io/api/security/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// monitors is the group of the objects that tell Prometheus what to scrape.
// https://github.com/prometheus-operator/prometheus-operator
const monitors = "monitoring.coreos.com"

// The annotations by which many installations of Prometheus find pods.
const (
	scrapeAnnotation = "prometheus.io/scrape"
	portAnnotation   = "prometheus.io/port"
)

// scrapes finds metrics that are read on a port of the pods on which nobody is let in. Where the annotations of the pods alone
// ask for it, Istio answers for the application by default, on a port that no policy guards.
// https://istio.io/latest/docs/ops/integrations/prometheus/#option-1-metrics-merging
func (c *checker) scrapes() {
	for _, policy := range c.AuthorizationPolicies {
		if policy.ByHand() || !enforced(policy) || policy.Spec.GetAction() != security.AuthorizationPolicy_ALLOW {
			continue
		}
		for _, pod := range c.reach(policy.Meta).Pods {
			for _, scrape := range c.scrapesOf(pod) {
				if !c.letsIn(pod, scrape.port) {
					c.report(refusedScrape(policy, pod, scrape))
				}
			}
		}
	}
}

// scrape is something that reads metrics on a port of pods.
type scrape struct {
	port int32
	name string // of the port, "" for none
	by   string
	at   diag.Source
}

func refusedScrape(policy *authorizationPolicy, pod *cluster.Pod, s scrape) diag.Finding {
	port := s.name
	if port == "" {
		port = strconv.Itoa(int(s.port))
	}
	return diag.Finding{
		Code: diag.ScrapeRefused, Severity: diag.Warning, Source: policy.At("spec"),
		Message: fmt.Sprintf("%s reads metrics of %s %q on port %d, and none of their callers may call it", s.by, pod.Kind, pod.Name, s.port),
		Related: []diag.Source{s.at},
		Try: fmt.Sprintf("access: {always: [{serviceAccount: monitoring/prometheus, ports: [%s]}]} in the MeshProfile, or a caller for this port; "+
			"{plainText: true, ports: [%s]} where Prometheus has no sidecar", port, port),
	}
}

// letsIn reports whether any policy allows somebody to call a port.
func (c *checker) letsIn(pod *cluster.Pod, port int32) bool {
	return slices.ContainsFunc(c.AuthorizationPolicies, func(policy *authorizationPolicy) bool {
		return policy.Spec.GetAction() == security.AuthorizationPolicy_ALLOW && slices.Contains(c.reach(policy.Meta).Pods, pod) &&
			slices.ContainsFunc(policy.Spec.GetRules(), func(rule *security.Rule) bool { return inRule(rule, port) })
	})
}

// scrapesOf lists what reads metrics of some pods.
func (c *checker) scrapesOf(pod *cluster.Pod) []scrape {
	var all []scrape
	apart := pod.Annotations[annotation.PrometheusMergeMetrics.Name] == "false"
	if number, err := strconv.ParseInt(pod.Annotations[portAnnotation], 10, 32); apart && err == nil && pod.Annotations[scrapeAnnotation] == "true" {
		all = append(all, scrape{int32(number), "", "Prometheus", pod.AnnotationAt(portAnnotation)})
	}
	for _, it := range c.Items {
		if it.Group() != monitors {
			continue
		}
		switch it.Kind() {
		case "PodMonitor":
			all = append(all, podMonitor(it, pod)...)
		case "ServiceMonitor":
			for _, service := range pod.Services {
				all = append(all, serviceMonitor(it, service, pod)...)
			}
		}
	}
	return all
}

// monitor is what is read of both kinds.
type monitor struct {
	Selector struct {
		MatchLabels map[string]string `yaml:"matchLabels"`
	} `yaml:"selector"`
	NamespaceSelector struct {
		Any        bool     `yaml:"any"`
		MatchNames []string `yaml:"matchNames"`
	} `yaml:"namespaceSelector"`
	Endpoints           []endpoint `yaml:"endpoints"`
	PodMetricsEndpoints []endpoint `yaml:"podMetricsEndpoints"`
}

type endpoint struct {
	Port       string `yaml:"port"`
	TargetPort string `yaml:"targetPort"`
}

// monitorOf reads a monitor that selects something with some labels. One that selects by expressions is not looked at.
func monitorOf(it *item.Item, namespace string, labels map[string]string) (*monitor, bool) {
	var m monitor
	node := it.Lookup("spec")
	if node == nil || node.Decode(&m) != nil || !facts.Matches(m.Selector.MatchLabels, labels) {
		return nil, false
	}
	there := m.NamespaceSelector.Any || slices.Contains(m.NamespaceSelector.MatchNames, namespace) ||
		len(m.NamespaceSelector.MatchNames) == 0 && it.Namespace() == namespace
	return &m, there
}

func podMonitor(it *item.Item, pod *cluster.Pod) []scrape {
	m, ok := monitorOf(it, pod.Namespace, pod.Labels)
	if !ok {
		return nil
	}
	var all []scrape
	for i, end := range m.PodMetricsEndpoints {
		if number, ok := pod.Listed(end.Port); ok {
			all = append(all, scrape{number, end.Port, it.Resource().String(), it.Source(diag.At("spec.podMetricsEndpoints", i))})
		}
	}
	return all
}

func serviceMonitor(it *item.Item, service *facts.Service, pod *cluster.Pod) []scrape {
	labels := map[string]string{}
	if node := service.Item.Lookup("metadata", "labels"); node != nil && node.Decode(&labels) != nil {
		return nil
	}
	m, ok := monitorOf(it, service.Namespace, labels)
	if !ok {
		return nil
	}
	var all []scrape
	for i, end := range m.Endpoints {
		at := it.Source(diag.At("spec.endpoints", i))
		if port := service.Port(end.Port); port != nil {
			if number, ok := pod.Target(port); ok {
				all = append(all, scrape{number, end.Port, it.Resource().String(), at})
			}
			continue
		}
		if number, err := strconv.ParseInt(end.TargetPort, 10, 32); err == nil {
			all = append(all, scrape{int32(number), "", it.Resource().String(), at})
		} else if number, ok := pod.Listed(end.TargetPort); ok {
			all = append(all, scrape{number, end.TargetPort, it.Resource().String(), at})
		}
	}
	return all
}
