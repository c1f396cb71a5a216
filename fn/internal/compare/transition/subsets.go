package transition

import (
	"fmt"
	"maps"
	"slices"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

type destinationRule = cluster.Object[*networking.DestinationRule]

// subset is a subset of a DestinationRule.
type subset struct {
	rule   *destinationRule
	field  string
	labels map[string]string
}

// subsetOf finds the subset of a host by its name, nil where no DestinationRule of the build has it.
func subsetOf(v *cluster.View, host, name string) *subset {
	for _, rule := range v.DestinationRules {
		of := v.Resolve(rule.Spec.GetHost(), rule.Namespace)
		if of.Full != host && !cluster.Covers(rule.Spec.GetHost(), host) {
			continue
		}
		for i, one := range rule.Spec.GetSubsets() {
			if one.GetName() == name {
				return &subset{rule, diag.At("spec.subsets", i), one.GetLabels()}
			}
		}
	}
	return nil
}

// subsets finds versions that go, or that other pods become, while routes of OLD still lead to them. A route to a cluster that
// a proxy does not have is answered with 503, until the new route has come to the proxy too.
// https://istio.io/latest/docs/ops/best-practices/traffic-management/#avoid-503-errors-while-reconfiguring-service-routes
func (c *checker) subsets() {
	said := map[[2]string]bool{}
	for _, d := range c.routesBefore {
		key := [2]string{d.host.Full, d.subset}
		if d.subset == "" || !d.share || said[key] {
			continue
		}
		before, after := subsetOf(c.old, d.host.Full, d.subset), subsetOf(c.now, d.host.Full, d.subset)
		switch {
		case before == nil, c.gone(&d.host): // It led nowhere before, or it is the whole Service that goes.
		case after == nil:
			said[key] = true
			c.subsetGone(d, before)
		case !maps.Equal(before.labels, after.labels) && c.movesAway(d.host.Service, before, after):
			said[key] = true
			c.subsetMoved(d, before, after)
		}
	}
}

// gone reports whether NEW does not have the Service that a host of OLD names.
func (c *checker) gone(host *cluster.Host) bool {
	return host.Service != nil && c.now.Service(host.Service.Name, host.Service.Namespace) == nil
}

// leading are the places of the routes of OLD to a subset, and whether one of them gets calls rather than copies.
func (c *checker) leading(host, name string) (places []diag.Source, calls bool) {
	for _, d := range c.routesBefore {
		if d.host.Full == host && d.subset == name && d.share {
			calls = calls || !d.mirror
			places = append(places, routeAt(c.from, d))
		}
	}
	slices.SortStableFunc(places, func(a, b diag.Source) int { return a.Line - b.Line })
	return some(places), calls
}

func (c *checker) subsetGone(d *destination, before *subset) {
	places, calls := c.leading(d.host.Full, d.subset)
	subject := subjectOf(d.host.Service)
	finding := diag.Finding{
		Code: diag.VersionGone, Source: c.versionsAt(before, subject, d.subset),
		Message: fmt.Sprintf("version %q of %s is removed while routes of the old build send it calls: they fail with 503 until the new routes have reached every proxy",
			d.subset, named(d)),
		Because: []string{"proxies lose the version as soon as its DestinationRule changes, and learn of the routes afterwards"},
		Related: append([]diag.Source{written(c.from, before.rule.Meta, before.field, subject, "versions."+d.subset)}, places...),
		Try: steps(
			fmt.Sprintf("keep version %q with retiring: true and give its weight to another one; with routes of your own, weight: 0", d.subset),
			"once that is applied, remove the version",
		),
	}
	if _, generated := before.rule.Annotations[sourceAnnotation]; !generated {
		finding.Try = steps(fmt.Sprintf("keep the subset %q and send it nothing: weight: 0, or no route", d.subset), "once that is applied, remove the subset")
	}
	if generated := c.versionsLeft(d.host.Service); !generated && d.host.Service != nil {
		finding.Try = steps(
			fmt.Sprintf("keep the subset %q in a DestinationRule of your own, with manage: {DestinationRule: false}, and remove versions", d.subset),
			"once that is applied, remove the DestinationRule and manage",
		)
	}
	if !calls {
		finding.Severity = diag.Warning
		finding.Message = fmt.Sprintf("version %q of %s is removed while routes of the old build mirror calls to it: the copies are lost until the new routes have arrived",
			d.subset, named(d))
	}
	c.report(finding)
}

// versionsLeft reports whether a Service of NEW has versions, or a DestinationRule of somebody's own.
func (c *checker) versionsLeft(service *facts.Service) bool {
	if service == nil {
		return false
	}
	host := service.Name + "." + service.Namespace + ".svc." + c.now.Istio.ClusterDomain
	return slices.ContainsFunc(c.now.DestinationRules, func(rule *destinationRule) bool {
		of := c.now.Resolve(rule.Spec.GetHost(), rule.Namespace)
		_, generated := rule.Annotations[sourceAnnotation]
		return of.Full == host && (!generated || len(rule.Spec.GetSubsets()) > 0)
	})
}

// versionsAt is where NEW has what is left of the versions, else where OLD had the one that is gone.
func (c *checker) versionsAt(before *subset, subject, name string) diag.Source {
	for _, rule := range c.now.DestinationRules {
		if rule.Name == before.rule.Name && rule.Namespace == before.rule.Namespace && len(rule.Spec.GetSubsets()) > 0 {
			if _, generated := rule.Annotations[sourceAnnotation]; generated {
				return block(c.to, subject, "versions")
			}
			return c.to.Located(rule.At("spec.subsets"))
		}
	}
	return written(c.from, before.rule.Meta, before.field, subject, "versions."+name)
}

// movesAway reports whether other labels select none of the pods that run, though the ones before did.
func (c *checker) movesAway(service *facts.Service, before, after *subset) bool {
	return c.selects(service, before.labels) && !c.selects(service, after.labels)
}

// selects reports whether labels select pods of OLD behind a Service.
func (c *checker) selects(service *facts.Service, labels map[string]string) bool {
	return slices.ContainsFunc(podsBehind(c.old, service), func(pod *cluster.Pod) bool {
		return len(labels) == 0 || facts.Matches(labels, pod.Labels)
	})
}

func (c *checker) subsetMoved(d *destination, before, after *subset) {
	places, calls := c.leading(d.host.Full, d.subset)
	if !calls {
		return
	}
	subject := subjectOf(d.host.Service)
	c.report(diag.Finding{
		Code: diag.VersionMoved, Source: written(c.to, after.rule.Meta, after.field+".labels", subject, "versions."+d.subset),
		Message: fmt.Sprintf("version %q of %s selects %s, which no pod that runs has: calls to it fail with 503 until pods with these labels are ready",
			d.subset, named(d), cluster.LabelText(after.labels)),
		Because: []string{fmt.Sprintf("the pods that run were started with %s, and keep their labels", cluster.LabelText(before.labels))},
		Related: append([]diag.Source{written(c.from, before.rule.Meta, before.field+".labels", subject, "versions."+d.subset)}, places...),
		Try: steps(
			"add the new labels to the pod templates and leave the version as it is, until the pods with them are ready",
			"change the labels of the version",
		),
	})
}

// named names the host of a route in a message.
func named(d *destination) string {
	if d.host.Service != nil {
		return subjectOf(d.host.Service)
	}
	return d.host.Full
}
