package propose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/joining"
)

// findObstacles leaves workloads out of the mesh that would not work with a sidecar, or that the build would refuse with one.
func (p *proposer) findObstacles() {
	var native *bool
	revision := ""
	if istio := p.profile.Spec.Istio; istio != nil {
		native = istio.NativeSidecars
		if istio.Revision != nil {
			revision = string(*istio.Revision)
		}
	}
	for _, workload := range p.facts.Workloads {
		pods := &joining.Pods{Workload: workload, Annotations: workload.Annotations, NativeSidecars: native, Revision: revision}
		e, m := p.entryOf(workload), p.mesh(workload.Namespace)
		if workload.Labels[facts.InjectLabel] == "false" && e.out == "" {
			e.out = "its template says so: " + facts.InjectLabel + `: "false"`
		}
		for _, obstacle := range joining.Obstacles(p.facts, pods) {
			e.obstacle(m, &obstacle)
		}
	}
}

// obstacle leaves the pods of an entry out where a build would refuse them, or where they would not work, and is something to
// look at otherwise.
func (e *entry) obstacle(m *mesh, obstacle *joining.Obstacle) {
	switch {
	case obstacle.Out, obstacle.Severity == diag.Error && obstacle.While == joining.Anything:
		e.out = cmp.Or(e.out, strings.TrimPrefix(obstacle.Message, "not checked: "))
	case obstacle.Severity == diag.Warning:
		note(&m.look, fmt.Sprintf("%s [%s]", obstacle.Message, obstacle.Code))
	}
}

// findHandWritten finds objects of Istio's that somebody keeps by hand, and that would be in the way of generated ones.
func (p *proposer) findHandWritten() {
	for _, it := range p.in.Items {
		if it.Group() != "networking.istio.io" {
			continue
		}
		var doc struct {
			Spec struct {
				Host     string   `yaml:"host"`
				Hosts    []string `yaml:"hosts"`
				Gateways []string `yaml:"gateways"`
			} `yaml:"spec"`
		}
		if node, err := it.Node(); err != nil || node.Decode(&doc) != nil {
			continue
		}
		hosts := doc.Spec.Hosts
		switch it.Kind() {
		case "DestinationRule":
			hosts = []string{doc.Spec.Host}
		case "VirtualService":
			if len(doc.Spec.Gateways) > 0 && !slices.Contains(doc.Spec.Gateways, "mesh") {
				continue
			}
		default:
			continue
		}
		for _, host := range hosts {
			p.keptByHand(it.Namespace(), host, it.Kind())
		}
	}
}

func (p *proposer) keptByHand(namespace, host, kind string) {
	labels := strings.Split(host, ".")
	if len(labels) > 1 {
		namespace = labels[1]
	}
	if service := p.facts.Referred(namespace, labels[0]); service != nil {
		note(&p.mesh(service.Namespace).entries[p.keyOf(service)].manage, kind)
	}
}

// findNotes says what a person should know before the first settings.
func (p *proposer) findNotes() {
	single := map[string][]string{}
	for _, service := range p.facts.Services {
		if len(service.Workloads) == 0 {
			continue
		}
		m := p.mesh(service.Namespace)
		for i := range service.Ports {
			if port := &service.Ports[i]; port.Protocol == facts.Sniffed {
				note(&m.look, fmt.Sprintf("Service/%s does not say what port %s is: appProtocol: http (or grpc, tcp) beside it, or Istio guesses", p.keyOf(service), port.Key()))
			}
		}
		if replicas := service.Workloads[0].Replicas; len(service.Workloads) == 1 && replicas.Known && replicas.Min == 1 {
			single[service.Namespace] = append(single[service.Namespace], p.keyOf(service))
		}
	}
	for namespace, names := range single {
		note(&p.mesh(namespace).look, "one replica, so outlierDetection has no other pod to choose: "+strings.Join(names, ", "))
	}
}

// gateway is the profile's name for the way in.
func (p *proposer) gateway() (name string, known bool) {
	if len(p.profile.Spec.Gateways) == 1 {
		for name := range p.profile.Spec.Gateways {
			return name, true
		}
	}
	return "public", false
}
