package services

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// proxyUID is the user that a sidecar runs as.
const proxyUID = 1337

// statusPortAnnotation moves the port of the sidecar's health.
const statusPortAnnotation = "status.sidecar.istio.io/port"

// portsOfProxy are the ports that a sidecar always listens on, or keeps from being reached.
// https://istio.io/latest/docs/ops/deployment/application-requirements/#ports-used-by-istio
func portsOfProxy() map[int32]string {
	return map[int32]string{
		15000: "Envoy's administration", 15001: "outbound calls", 15002: "the search for free ports", 15004: "debugging",
		15006: "inbound calls", 15008: "the mTLS tunnel", 15020: "merged metrics and health", 15021: "health", 15053: "DNS", 15090: "Envoy's metrics",
	}
}

// proxyPorts finds containers that listen where the sidecar of their pod does.
func (c *checker) proxyPorts() {
	taken := portsOfProxy()
	for _, pod := range c.Pods {
		sidecar := c.Injection(pod).Sidecar
		if sidecar == facts.No {
			continue
		}
		for i := range pod.Containers {
			container := &pod.Containers[i]
			for j, port := range container.Ports {
				what, isTaken := taken[port.Number]
				if !isTaken || container.Name == proxyContainer || transport(port.Transport) != "TCP" || port.Number == 15020 && pod.Annotations[statusPortAnnotation] != "" {
					continue
				}
				field := diag.Join(diag.At(diag.Join(container.Field, "ports"), j), "containerPort")
				c.report(diag.Finding{
					Code: diag.ProxyPort, Severity: ifMeshed(sidecar, severityOf(port.Number)), Source: templateSource(pod, field),
					Message: fmt.Sprintf("container %q of %s %q listens on port %d, which a sidecar uses for %s", container.Name, pod.Kind, pod.Name, port.Number, what),
					Because: []string{"the containers of a pod share its ports"},
					Try:     "a port outside 15000 to 15090",
				})
			}
		}
	}
}

// severityOf tells the ports that a sidecar listens on in every installation from the others.
func severityOf(port int32) diag.Severity {
	if slices.Contains([]int32{15000, 15001, 15006, 15020, 15021, 15090}, port) {
		return diag.Error
	}
	return diag.Warning
}

// templateSource is the place of a field of the pod spec, such as containers[0].image.
func templateSource(pod *cluster.Pod, field string) diag.Source {
	return pod.Source(pod.TemplateField("spec") + "." + field)
}

// proxyUsers finds containers that run as the user of the sidecar. Init containers may: it is how one reaches the network
// before there is a sidecar.
// https://istio.io/latest/docs/ops/common-problems/injection/
func (c *checker) proxyUsers() {
	for _, pod := range c.Pods {
		if c.Injection(pod).Sidecar == facts.No {
			continue
		}
		for i := range pod.Containers {
			container := &pod.Containers[i]
			user, field := container.RunAsUser, container.Field+".securityContext.runAsUser"
			if user == nil {
				user, field = pod.RunAsUser, "securityContext.runAsUser"
			}
			if user == nil || *user != proxyUID || container.Init || container.Name == proxyContainer {
				continue
			}
			c.report(diag.Finding{
				Code: diag.ProxyUser, Severity: diag.Warning, Source: templateSource(pod, field),
				Message: fmt.Sprintf("container %q of %s %q runs as user %d, which is that of a sidecar", container.Name, pod.Kind, pod.Name, proxyUID),
				Because: []string{"the calls of this user do not go through the sidecar"},
				Try:     "runAsUser with another number",
			})
			if container.RunAsUser == nil {
				break // The others have it from the same place.
			}
		}
	}
}

// autoImages finds proxies whose image the injector is to choose, in pods that it never sees.
func (c *checker) autoImages() {
	for _, pod := range c.Pods {
		i := slices.IndexFunc(pod.Containers, func(of facts.Container) bool { return of.Name == proxyContainer && of.Image == "auto" })
		if i < 0 {
			continue
		}
		finding := diag.Finding{
			Code: diag.AutoImage, Severity: diag.Warning, Source: templateSource(pod, pod.Containers[i].Field+".image"),
			Message: fmt.Sprintf("the image of container %q of %s %q stays auto, because nothing makes Istio inject these pods", proxyContainer, pod.Kind, pod.Name),
			Try:     `the label sidecar.istio.io/inject: "true" on the pods`,
		}
		if pod.Kind == "Pod" {
			finding.Code, finding.Severity = diag.AutoImagePod, diag.Error
		}
		switch c.Injection(pod).Sidecar {
		case facts.Yes:
			continue
		case facts.Unknown:
			finding.Severity = diag.Info
			finding.Message = fmt.Sprintf("not checked: the image of container %q of %s %q is for Istio to choose, and the build has neither a label for these pods nor their Namespace",
				proxyContainer, pod.Kind, pod.Name)
		case facts.No:
		}
		c.report(finding)
	}
}
