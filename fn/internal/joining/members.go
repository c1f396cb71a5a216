package joining

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// members finds ports at which the pods of a StatefulSet can call each other by address, and that no port of their
// headless Service leads to. A sidecar knows the addresses of pods only by headless Services: it passes such calls on as
// they are, without mTLS, which is well as long as they are accepted.
// https://istio.io/latest/docs/ops/configuration/traffic-management/traffic-routing/
func (a *asker) members() {
	if a.Workload.Kind != "StatefulSet" {
		return
	}
	headless, reached := a.reached()
	if headless == nil {
		return
	}
	for i := range a.Workload.Containers {
		container := &a.Workload.Containers[i]
		if container.Init || container.Name == facts.ProxyContainer {
			continue
		}
		for j, port := range container.Ports {
			if facts.Transport(port.Transport) == "TCP" && !reached[port.Number] && !forOthers(port.Name) && !a.skipsInbound(port.Number) {
				a.member(headless, port, a.at(diag.Join(diag.At(diag.Join(container.Field, "ports"), j), "containerPort")))
			}
		}
	}
}

// reached lists the ports of the pods that their headless Service leads to, and those that are HTTP, which is for clients.
// The Service is nil where there is none.
func (a *asker) reached() (headless *facts.Service, ports map[int32]bool) {
	ports = map[int32]bool{}
	for _, service := range a.Workload.Services {
		if service.Headless && headless == nil {
			headless = service
		}
		for i := range service.Ports {
			port := &service.Ports[i]
			if service.Headless || port.Protocol == facts.HTTP || port.Protocol == facts.GRPC {
				target, _ := a.Workload.Target(port)
				ports[target] = true
			}
		}
	}
	return headless, ports
}

// forOthers reports whether the name of a port says that it is not for the other members.
func forOthers(name string) bool {
	return slices.ContainsFunc(strings.Split(name, "-"), func(word string) bool { return slices.Contains(besides(), word) })
}

func (a *asker) member(headless *facts.Service, port facts.ContainerPort, at diag.Source) {
	name := port.Name
	if !strings.HasPrefix(name, "tcp") {
		name = strings.TrimSuffix("tcp-"+name, "-")
	}
	a.report(Obstacle{
		Code: diag.MemberPort, Severity: diag.Warning, At: at, While: OnlyMTLS, Port: port.Number,
		Message: fmt.Sprintf("calls to port %d of the pods of %s by their address carry no mTLS: no port of the headless Service %q leads there",
			port.Number, a.name(), headless.Name),
		Because: []string{"they arrive while calls without mTLS are accepted, and are refused under STRICT"},
		Related: []diag.Source{headless.Source("spec.ports")},
		Try:     fmt.Sprintf("{name: %s, port: %d} in the headless Service, unless the members do not call each other there", name, port.Number),
	})
}
