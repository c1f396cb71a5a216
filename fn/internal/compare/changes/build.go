package changes

import (
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/compare/side"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/explain"
)

// build is a side, so that one can ask it quickly.
type build struct {
	*side.Side
	services  map[string]*v1alpha1.CatalogService  // by subject: Service shop/web
	workloads map[string]*v1alpha1.CatalogWorkload // those that no Service selects
	pods      map[string]*cluster.Pod              // by subject: Deployment shop/web
	lines     map[string][]*explain.Line           // by subject
	accounts  map[string][]string                  // the subjects that have a service account
	guards    map[string]bool                      // the Services that let in nobody but those whom a Mesh allows
	gone      map[string]bool                      // callers that a build does not have any more
}

func newBuild(in *side.Side) *build {
	b := &build{
		Side: in, services: map[string]*v1alpha1.CatalogService{}, workloads: map[string]*v1alpha1.CatalogWorkload{},
		pods: map[string]*cluster.Pod{}, lines: map[string][]*explain.Line{}, accounts: map[string][]string{},
	}
	for key, service := range in.Catalog.Services {
		subject := subjectOf("Service", key)
		b.services[subject] = service
		b.ofAccounts(subject, service.Accounts)
	}
	for key, workload := range in.Catalog.Workloads {
		kind, name, _ := strings.Cut(key, "/")
		subject := subjectOf(kind, name)
		b.workloads[subject] = workload
		b.ofAccounts(subject, workload.Accounts)
	}
	if in.View != nil {
		for _, pod := range in.View.Pods {
			b.pods[subjectOfPod(pod)] = pod
		}
	}
	b.named(in.Lines)
	return b
}

func (b *build) ofAccounts(subject string, accounts []string) {
	for _, account := range accounts {
		b.accounts[account] = append(b.accounts[account], subject)
	}
}

// subjectOf is the name of something, of which a catalogue says name.namespace.
func subjectOf(kind, key string) string {
	dot := strings.LastIndex(key, ".")
	if dot < 0 {
		return kind + " " + key
	}
	return diag.Resource{Kind: kind, Namespace: key[dot+1:], Name: key[:dot]}.String()
}

func subjectOfPod(pod *cluster.Pod) string { return pod.Item.Resource().String() }

// has reports whether a build has a Service, workload or external host.
func (b *build) has(subject string) bool {
	outside := strings.HasPrefix(subject, "ServiceEntry ") && len(b.lines[subject]) > 0
	return b.services[subject] != nil || b.pods[subject] != nil || b.workloads[subject] != nil || outside
}

// pod is what a catalogue says of the pods of a subject, nil where it does not know it.
func (b *build) meshed(subject string) *v1alpha1.CatalogWorkload {
	if service := b.services[subject]; service != nil {
		return &service.CatalogWorkload
	}
	return b.workloads[subject]
}

// line is the first line about a setting, or a part of it, that somebody wrote.
func (b *build) line(subject, setting string) *explain.Line {
	for _, line := range b.lines[subject] {
		if diag.Within(line.Field, setting) && line.From.At != (diag.Source{}) {
			return line
		}
	}
	return nil
}

// place notes who decides, and who did.
func (c *Change) place(old, now *explain.Line) {
	if now != nil {
		c.Layer, c.At = now.From.Layer.String(), now.From.At
	}
	if old != nil {
		c.OldLayer, c.OldAt = old.From.Layer.String(), old.From.At
	}
}
