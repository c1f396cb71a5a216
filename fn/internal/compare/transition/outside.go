package transition

import (
	"fmt"
	"slices"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// outsidePort is a port of a host outside the mesh.
type outsidePort struct {
	entry  *cluster.Object[*networking.ServiceEntry]
	host   string
	number uint32
	field  string
}

// outside finds hosts outside the mesh that go while pods that run may call them, and TLS that proxies no longer add to calls
// that leave the mesh.
func (c *checker) outside() {
	for _, before := range outsidePorts(c.old) {
		after := portOutside(c.now, before.host, before.number)
		switch {
		case after == nil && c.refusedOutside(before):
			c.hostForgotten(before)
		case originates(c.old, before) && (after == nil || !originates(c.now, *after)):
			c.plainOutside(before)
		}
	}
}

func outsidePorts(v *cluster.View) []outsidePort {
	var out []outsidePort
	for _, entry := range v.ServiceEntries {
		for i, host := range entry.Spec.GetHosts() {
			if cluster.AtEgress(host) {
				continue
			}
			for _, port := range entry.Spec.GetPorts() {
				out = append(out, outsidePort{entry, host, port.GetNumber(), diag.At("spec.hosts", i)})
			}
		}
	}
	return out
}

// portOutside finds a port of a host among the ServiceEntries of a build, nil where none has it.
func portOutside(v *cluster.View, host string, number uint32) *outsidePort {
	for _, one := range outsidePorts(v) {
		if (one.host == host || cluster.Covers(one.host, host)) && one.number == number {
			return &one
		}
	}
	return nil
}

// refusedOutside reports whether sidecars of NEW refuse calls to hosts that they do not know, where pods run that saw this one.
func (c *checker) refusedOutside(before outsidePort) bool {
	if service := c.now.Resolve(before.host, before.entry.Namespace).Service; service != nil {
		return false
	}
	return len(c.callersOutside(before)) > 0
}

// callersOutside are the workloads that run before and after, saw the host and may call nothing else. Where a Sidecar lists what
// they may call, the host is among it.
func (c *checker) callersOutside(before outsidePort) []*cluster.Pod {
	visible := cluster.Visible(before.entry.Spec.GetExportTo(), before.entry.Namespace)
	var out []*cluster.Pod
	for _, pod := range c.old.Pods {
		after := c.podsAfter[podName(pod)]
		if after == nil || brief(pod) || pod.Gateway() || !proxied(c.old, pod) || !visible.In(pod.Namespace) {
			continue
		}
		knew := sidecarOf(c.old, pod)
		listed := knew != nil && slices.ContainsFunc(knew.Spec.GetEgress(), func(l *networking.IstioEgressListener) bool {
			return slices.ContainsFunc(l.GetHosts(), func(entry string) bool { return brings(entry, knew.Namespace, before.entry.Namespace, before.host) })
		})
		if listed && refusesUnknown(c.now, sidecarOf(c.now, pod)) {
			out = append(out, pod)
		}
	}
	return out
}

func (c *checker) hostForgotten(before outsidePort) {
	pods := c.callersOutside(before)
	c.report(diag.Finding{
		Code: diag.OutsideGone, Source: c.entryAt(before), Severity: diag.Warning,
		Message: fmt.Sprintf("port %d of %s is no longer known to the mesh, and the pods of %s that run may call it until they are replaced: their sidecars refuse that at once",
			before.number, before.host, podName(pods[0])),
		Because: []string{"sidecars call only hosts that they know"},
		Related: []diag.Source{c.sidecarAt(pods[0])},
		Try: steps(
			"roll out code that no longer calls it, and keep the host",
			"once those pods are replaced, remove the host",
		),
	})
}

// entryAt is where OLD has a host: the lines of explain have it by the object that it becomes.
func (c *checker) entryAt(one outsidePort) diag.Source {
	return written(c.from, one.entry.Meta, one.field, one.entry.String(), "url")
}

// originates reports whether proxies add TLS to what an application sends in plain text to a port.
// https://istio.io/latest/docs/tasks/traffic-management/egress/egress-tls-origination/
func originates(v *cluster.View, one outsidePort) bool {
	for _, rule := range v.DestinationRules {
		if v.Resolve(rule.Spec.GetHost(), rule.Namespace).Full != one.host {
			continue
		}
		mode := rule.Spec.GetTrafficPolicy().GetTls().GetMode()
		for _, port := range rule.Spec.GetTrafficPolicy().GetPortLevelSettings() {
			if port.GetPort().GetNumber() == one.number {
				mode = port.GetTls().GetMode()
			}
		}
		return mode == networking.ClientTLSSettings_SIMPLE || mode == networking.ClientTLSSettings_MUTUAL
	}
	return false
}

func (c *checker) plainOutside(before outsidePort) {
	if !slices.ContainsFunc(c.old.Pods, func(pod *cluster.Pod) bool {
		return proxied(c.old, pod) && c.podsAfter[podName(pod)] != nil && !brief(pod)
	}) {
		return
	}
	c.report(diag.Finding{
		Code: diag.OriginationEnds, Source: c.entryAt(before), Severity: diag.Warning,
		Message: fmt.Sprintf("proxies no longer add TLS to calls to port %d of %s, and pods that run speak plain text there until they are replaced: it leaves the mesh as it is",
			before.number, before.host),
		Because: []string{"the configuration of a proxy changes at once, and the code that speaks TLS itself comes with new pods"},
		Try: steps(
			"add the port on which the application is to speak TLS itself, and keep this one",
			"once all pods are replaced, remove the one to which proxies add TLS",
		),
	})
}
