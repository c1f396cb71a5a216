package read

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// serviceDocument is what is of interest in a Service.
type serviceDocument struct {
	Metadata podMetadata `yaml:"metadata"`
	Spec     struct {
		Type         string            `yaml:"type"`
		ClusterIP    string            `yaml:"clusterIP"`
		ExternalName string            `yaml:"externalName"`
		Selector     map[string]string `yaml:"selector"`
		Ports        []struct {
			Name        string  `yaml:"name"`
			Port        int32   `yaml:"port"`
			TargetPort  string  `yaml:"targetPort"`
			Protocol    string  `yaml:"protocol"`
			AppProtocol *string `yaml:"appProtocol"`
		} `yaml:"ports"`
	} `yaml:"spec"`
}

func (c *collector) service(it *item.Item) {
	var doc serviceDocument
	if !c.decodeObject(it, &doc) {
		return
	}
	service := &facts.Service{
		Identity:    identity(it),
		Annotations: doc.Metadata.Annotations,
		Headless:    doc.Spec.ClusterIP == "None",
		Selector:    doc.Spec.Selector,
	}
	if doc.Spec.Type == "ExternalName" {
		service.ExternalName = doc.Spec.ExternalName
	}
	for i, port := range doc.Spec.Ports {
		field := diag.At("spec.ports", i)
		if port.Port < 1 || port.Port > 65535 {
			c.findings = append(c.findings, diag.Finding{
				Code: diag.UnreadableObject, Source: it.Source(diag.Join(field, "port")),
				Message: fmt.Sprintf("%s: port %d is not a port number; allowed: 1 to 65535", it.Resource(), port.Port),
			})
			continue
		}
		read := facts.Port{
			Name: port.Name, Number: port.Port, TargetPort: port.TargetPort, Transport: port.Protocol, Field: field,
			Protocol: facts.ProtocolOf(port.Protocol, port.AppProtocol, port.Name, port.Port),
		}
		if port.AppProtocol != nil {
			read.App = *port.AppProtocol
		}
		service.Ports = append(service.Ports, read)
	}
	c.facts.Services = append(c.facts.Services, service)
}
