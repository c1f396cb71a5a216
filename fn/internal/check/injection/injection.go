// Package injection checks the labels and annotations by which pods get a sidecar.
package injection

import (
	"fmt"

	"istio.io/api/annotation"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// Check reports what would not work in the mesh.
func Check(v *cluster.View) diag.List {
	c := &checker{
		View: v, said: map[diag.Source]bool{},
		knownLabels: labelNames(), knownAnnotations: annotationNames(),
	}
	c.namespaces()
	c.labels()
	c.effects()
	c.revisions()
	c.annotations()
	c.values()
	c.jobs()
	c.drains()
	c.probes()
	c.excludedPorts()
	c.dataplanes()
	c.waypoints()
	return c.findings
}

type checker struct {
	*cluster.View
	said     map[diag.Source]bool // places that have a finding already, for the checks that would add little to it
	findings diag.List

	knownLabels      map[string]bool
	knownAnnotations map[string]*annotation.Instance
}

func (c *checker) report(finding diag.Finding) {
	c.said[finding.Source] = true
	c.findings = append(c.findings, finding)
}

// pods names the pods of a workload in a message.
func podsOf(pod *cluster.Pod) string {
	if pod.Kind == "Pod" {
		return fmt.Sprintf("Pod %q", pod.Name)
	}
	return fmt.Sprintf("the pods of %s %q", pod.Kind, pod.Name)
}

// labelAt is the place of a label of the pods.
func labelAt(pod *cluster.Pod, key string) diag.Source {
	return pod.Source(diag.Join(pod.MetadataField("labels"), key))
}

// annotationAt is the place of an annotation that the template has itself.
func annotationAt(pod *cluster.Pod, key string) diag.Source {
	return pod.Source(diag.Join(pod.MetadataField("annotations"), key))
}
