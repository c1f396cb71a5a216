package plan

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/meshfn/meshfn/fn/internal/facts"
)

func TestWorkloadName(t *testing.T) {
	workload := func(kind, namespace, name string) *facts.Workload {
		return &facts.Workload{Identity: facts.Identity{Kind: kind, Namespace: namespace, Name: name}}
	}
	long := strings.Repeat("a", 53) + ".b.example-of-a-long-name" // the cut is behind its first dot
	build := &facts.Facts{Workloads: []*facts.Workload{
		workload("Deployment", "shop", "web"), workload("CronJob", "shop", "web"), workload("Deployment", "stock", "web"),
		workload("Deployment", "shop", long), workload("Job", "shop", strings.Repeat("b", 63)), workload("Pod", "shop", strings.Repeat("b", 63)),
	}}
	want := []string{
		"web-deployment", "web-cronjob", "web",
		strings.Repeat("a", 53) + "-e4bf7cda", strings.Repeat("b", 54) + "-313eebc8", strings.Repeat("b", 54) + "-d0dfe3ed",
	}
	p := &planner{facts: build}
	for i, of := range build.Workloads {
		got := p.workloadName(of)
		if got != want[i] {
			t.Errorf("%s %s/%s: %q, want %q", of.Kind, of.Namespace, of.Name, got, want[i])
		}
		if problems := validation.IsDNS1123Subdomain(got); len(problems) > 0 {
			t.Errorf("%q cannot name an object: %v", got, problems)
		}
	}
}
