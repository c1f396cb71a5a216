package read

import (
	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// defaultGracePeriod is what Kubernetes gives a pod to stop.
const defaultGracePeriod = 30

type podMetadata struct {
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

type podSpec struct {
	HostNetwork    bool            `yaml:"hostNetwork"`
	GracePeriod    *int64          `yaml:"terminationGracePeriodSeconds"`
	Account        string          `yaml:"serviceAccountName"`
	Security       securityContext `yaml:"securityContext"`
	Containers     []container     `yaml:"containers"`
	InitContainers []container     `yaml:"initContainers"`
}

type securityContext struct {
	RunAsUser  *int64 `yaml:"runAsUser"`
	RunAsGroup *int64 `yaml:"runAsGroup"`
}

type container struct {
	Name     string          `yaml:"name"`
	Image    string          `yaml:"image"`
	Security securityContext `yaml:"securityContext"`
	Restarts string          `yaml:"restartPolicy"`
	Ports    []struct {
		Name     string `yaml:"name"`
		Number   int32  `yaml:"containerPort"`
		Protocol string `yaml:"protocol"`
	} `yaml:"ports"`
}

// selector is what a workload selects its pods by.
type selector struct {
	MatchLabels      map[string]string `yaml:"matchLabels"`
	MatchExpressions []yaml.Node       `yaml:"matchExpressions"`
}

// labels is the selector where it needs no expression.
func (s *selector) labels() map[string]string {
	if len(s.MatchExpressions) > 0 {
		return nil
	}
	return s.MatchLabels
}

type podTemplate struct {
	Metadata podMetadata `yaml:"metadata"`
	Spec     podSpec     `yaml:"spec"`
}

// workloadDocument is what is of interest in anything with a pod template. A Pod has the template's fields itself.
type workloadDocument struct {
	Metadata podMetadata `yaml:"metadata"`
	Spec     struct {
		podSpec     `yaml:",inline"`
		Replicas    *count       `yaml:"replicas"`
		Selector    selector     `yaml:"selector"`
		Template    *podTemplate `yaml:"template"`
		WorkloadRef scaleTarget  `yaml:"workloadRef"`
		JobTemplate struct {
			Spec struct {
				Template *podTemplate `yaml:"template"`
			} `yaml:"spec"`
		} `yaml:"jobTemplate"`
	} `yaml:"spec"`
}

// workload reads the pod template of a workload. An Argo Rollout that takes its template from a Deployment has none of
// its own; the Deployment is read instead, and only the number of pods comes from the Rollout.
func (c *collector) workload(it *item.Item) {
	var doc workloadDocument
	if !c.decodeObject(it, &doc) {
		return
	}
	template, path := doc.Spec.Template, []string{"spec", "template"}
	switch it.Kind() {
	case "Pod":
		template, path = &podTemplate{Metadata: doc.Metadata, Spec: doc.Spec.podSpec}, nil
	case "CronJob":
		template, path = doc.Spec.JobTemplate.Spec.Template, []string{"spec", "jobTemplate", "spec", "template"}
	}
	if template == nil {
		c.rollout(it, doc.Spec.WorkloadRef, doc.Spec.Replicas)
		return
	}
	workload := &facts.Workload{
		Identity: identity(it), Template: path,
		Labels: template.Metadata.Labels, Annotations: template.Metadata.Annotations, MatchLabels: doc.Spec.Selector.labels(),
		Account: template.Spec.Account, RunAsUser: template.Spec.Security.RunAsUser, RunAsGroup: template.Spec.Security.RunAsGroup,
		Containers:  containers(&template.Spec),
		HostNetwork: template.Spec.HostNetwork, GracePeriod: defaultGracePeriod,
		Replicas: replicas(it, doc.Spec.Replicas),
	}
	if template.Spec.GracePeriod != nil {
		workload.GracePeriod = *template.Spec.GracePeriod
	}
	c.facts.Workloads = append(c.facts.Workloads, workload)
}

// containers lists the containers of a pod, those that run first at the end.
func containers(spec *podSpec) []facts.Container {
	var all []facts.Container
	add := func(list []container, field string, init bool) {
		for i := range list {
			one := facts.Container{
				Name: list[i].Name, Image: list[i].Image, Init: init, Stays: init && list[i].Restarts == "Always", Field: diag.At(field, i),
				RunAsUser: list[i].Security.RunAsUser, RunAsGroup: list[i].Security.RunAsGroup,
			}
			for _, port := range list[i].Ports {
				one.Ports = append(one.Ports, facts.ContainerPort{Name: port.Name, Number: port.Number, Transport: port.Protocol})
			}
			all = append(all, one)
		}
	}
	add(spec.Containers, "containers", false)
	add(spec.InitContainers, "initContainers", true)
	return all
}

// replicas is the number a workload itself asks for; Kubernetes takes one where nothing is said. A DaemonSet has as many
// pods as there are nodes, which no build knows.
func replicas(it *item.Item, declared *count) facts.Replicas {
	from := it.Resource().String()
	switch it.Kind() {
	case "Pod":
		return facts.Replicas{Known: true, Min: 1, From: from, Item: it, Field: "metadata.name"}
	case "Deployment", "StatefulSet", "ReplicaSet", "Rollout":
		if declared == nil {
			return facts.Replicas{Known: true, Min: 1, From: from + ", which says nothing and so has one", Item: it, Field: "spec"}
		}
		return declared.of(facts.Replicas{From: from, Item: it, Field: "spec.replicas"})
	}
	return facts.Replicas{From: from, Item: it, Field: "spec"}
}
