package services

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// templateSource is the place of a field of the pod spec, such as containers[0].image.
func templateSource(pod *cluster.Pod, field string) diag.Source {
	return pod.Source(pod.TemplateField("spec") + "." + field)
}

// autoImages finds proxies whose image the injector is to choose, in pods that it never sees.
func (c *checker) autoImages() {
	for _, pod := range c.Pods {
		i := slices.IndexFunc(pod.Containers, func(of facts.Container) bool { return of.Name == facts.ProxyContainer && of.Image == "auto" })
		if i < 0 {
			continue
		}
		finding := diag.Finding{
			Code: diag.AutoImage, Severity: diag.Warning, Source: templateSource(pod, pod.Containers[i].Field+".image"),
			Message: fmt.Sprintf("the image of container %q of %s %q stays auto, because nothing makes Istio inject these pods", facts.ProxyContainer, pod.Kind, pod.Name),
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
				facts.ProxyContainer, pod.Kind, pod.Name)
		case facts.No:
		}
		c.report(finding)
	}
}
