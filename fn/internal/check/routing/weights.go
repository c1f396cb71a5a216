package routing

import (
	"fmt"
	"strings"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// share is one destination of a route with its weight.
type share struct {
	to     *networking.Destination
	weight int32
}

// weights checks how the routes share calls out.
func (c *checker) weights() {
	for _, vs := range c.VirtualServices {
		for i, route := range vs.Spec.Http {
			var shares []share
			for _, to := range route.GetRoute() {
				shares = append(shares, share{to.GetDestination(), to.GetWeight()})
			}
			c.shares(vs, diag.At("spec.http", i)+".route", shares)
		}
		for i, route := range vs.Spec.Tls {
			c.shares(vs, diag.At("spec.tls", i)+".route", streamShares(route.GetRoute()))
		}
		for i, route := range vs.Spec.Tcp {
			c.shares(vs, diag.At("spec.tcp", i)+".route", streamShares(route.GetRoute()))
		}
	}
}

func streamShares(routes []*networking.RouteDestination) []share {
	shares := make([]share, 0, len(routes))
	for _, to := range routes {
		shares = append(shares, share{to.GetDestination(), to.GetWeight()})
	}
	return shares
}

func (c *checker) shares(vs *virtualService, field string, shares []share) {
	if len(shares) == 1 {
		if weight := shares[0].weight; weight > 0 && weight < 100 {
			c.report(diag.Finding{
				Code: diag.LoneWeight, Severity: diag.Warning, Source: vs.At(diag.At(field, 0) + ".weight"),
				Message: fmt.Sprintf("weight %d of the only destination of a route of %s has no effect: it gets every call", weight, vs.Resource),
				Try:     "remove the weight, or add the destination of the other calls",
			})
		}
		return
	}
	c.repeated(vs, field, shares)
	c.sum(vs, field, shares)
}

// repeated finds a destination that stands twice in one route.
func (c *checker) repeated(vs *virtualService, field string, shares []share) {
	type key struct {
		host, subset string
		port         uint32
	}
	first := map[key]int{}
	for i, one := range shares {
		k := key{c.meant(one.to.GetHost(), vs.Namespace), one.to.GetSubset(), one.to.GetPort().GetNumber()}
		before, again := first[k]
		if !again {
			first[k] = i
			continue
		}
		what := fmt.Sprintf("%q", one.to.GetHost())
		if k.subset != "" {
			what = fmt.Sprintf("subset %q of %s", k.subset, what)
		}
		c.report(diag.Finding{
			Code: diag.RepeatedDestination, Severity: diag.Warning, Source: vs.At(diag.At(field, i) + ".destination"),
			Message: fmt.Sprintf("one route of %s sends calls to %s twice", vs.Resource, what),
			Related: []diag.Source{vs.At(diag.At(field, before) + ".destination")},
			Try:     "one destination with the sum of the weights, or the other subset that was meant",
		})
	}
}

// nearlyAll is how far from 100 a sum may be to be taken for percentages that do not add up. Other sums are taken for
// shares, which they are to Istio.
const nearlyAll = 15

func (c *checker) sum(vs *virtualService, field string, shares []share) {
	var total int32
	var texts []string
	for _, one := range shares {
		total += one.weight
		texts = append(texts, fmt.Sprint(one.weight))
	}
	if total == 100 || total < 100-nearlyAll || total > 100+nearlyAll {
		return
	}
	c.report(diag.Finding{
		Code: diag.WeightSum, Severity: diag.Warning, Source: vs.At(field),
		Message: fmt.Sprintf("the weights of a route of %s add up to %d (%s), and Istio takes them for shares of that, not for percentages",
			vs.Resource, total, strings.Join(texts, " + ")),
		Try: "weights that add up to 100",
	})
}
