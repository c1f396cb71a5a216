package joining

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// users finds containers that run as the user or the group of the sidecar. Init containers may: it is how one reaches the
// network before there is a sidecar.
// https://istio.io/latest/docs/ops/deployment/application-requirements/#pod-requirements
func (a *asker) users() {
	said := map[string]bool{} // Containers can have it from the pod.
	for i := range a.Workload.Containers {
		container := &a.Workload.Containers[i]
		what, field, found := a.proxyUser(container)
		if !found || container.Init || container.Name == facts.ProxyContainer || said[field] {
			continue
		}
		said[field] = true
		a.report(Obstacle{
			Code: diag.ProxyUser, At: a.at(field),
			Message: fmt.Sprintf("container %q of %s runs as %s %d, which is that of a sidecar", container.Name, a.name(), what, proxyUser),
			Because: []string{"the calls of this " + what + " do not go through the sidecar"},
			Try:     fmt.Sprintf("%s with another number", fieldOf(what)),
		})
	}
}

func fieldOf(what string) string {
	if what == "group" {
		return "runAsGroup"
	}
	return "runAsUser"
}

// proxyUser reports whether a container runs as the sidecar does, and which field says so.
func (a *asker) proxyUser(container *facts.Container) (what, field string, found bool) {
	for _, one := range []struct {
		what    string
		own, of *int64
	}{
		{"user", container.RunAsUser, a.Workload.RunAsUser},
		{"group", container.RunAsGroup, a.Workload.RunAsGroup},
	} {
		number, field := one.own, container.Field+".securityContext."+fieldOf(one.what)
		if number == nil {
			number, field = one.of, "securityContext."+fieldOf(one.what)
		}
		if number != nil && *number == proxyUser {
			return one.what, field, true
		}
	}
	return "", "", false
}

// portsOfProxy are the ports that a sidecar always listens on, or keeps from being reached.
// https://istio.io/latest/docs/ops/deployment/application-requirements/#ports-used-by-istio
func portsOfProxy() map[int32]string {
	return map[int32]string{
		15000: "Envoy's administration", 15001: "outbound calls", 15002: "the search for free ports", 15004: "debugging",
		15006: "inbound calls", 15008: "the mTLS tunnel", 15020: "merged metrics and health", 15021: "health", 15053: "DNS", 15090: "Envoy's metrics",
	}
}

// ports finds containers that listen where the sidecar of their pod does. An annotation moves one of its ports.
func (a *asker) ports() {
	taken := portsOfProxy()
	if moved, err := strconv.ParseInt(a.Annotations[statusPort], 10, 32); err == nil {
		taken[int32(moved)] = taken[15020]
		if moved != 15020 {
			delete(taken, 15020)
		}
	}
	for i := range a.Workload.Containers {
		container := &a.Workload.Containers[i]
		for j, port := range container.Ports {
			what, isTaken := taken[port.Number]
			if !isTaken || container.Name == facts.ProxyContainer || facts.Transport(port.Transport) != "TCP" {
				continue
			}
			a.report(Obstacle{
				Code: diag.ProxyPort, Severity: severityOf(port.Number), At: a.at(diag.Join(diag.At(diag.Join(container.Field, "ports"), j), "containerPort")),
				Message: fmt.Sprintf("container %q of %s listens on port %d, which a sidecar uses for %s", container.Name, a.name(), port.Number, what),
				Because: []string{"the containers of a pod share its ports"},
				Try:     "another port, and none of 15000 to 15090",
			})
		}
	}
}

// severityOf tells the ports that a sidecar listens on in every installation from the others.
func severityOf(port int32) diag.Severity {
	if slices.Contains([]int32{15002, 15004, 15008, 15053}, port) {
		return diag.Warning
	}
	return diag.Error
}
