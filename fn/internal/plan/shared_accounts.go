package plan

import (
	"fmt"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// sharing is an account that lets in more than the caller that was named.
type sharing struct {
	account facts.Account
	first   permitted
	named   []*facts.Workload
	others  []*facts.Workload
}

// warnSharedAccounts says once for each account who is let in besides those that were named, because they run as it too.
func (p *planner) warnSharedAccounts() {
	shared := map[facts.Account]*sharing{}
	var order []*sharing
	note := func(account facts.Account, caller permitted, beside []permitted) {
		one := shared[account]
		if one == nil {
			one = &sharing{account: account, first: caller}
			shared[account], order = one, append(order, one)
		}
		one.named = append(one.named, caller.workloads...)
		p.addOthers(one, beside)
	}
	for i := range p.out.Pods {
		beside := p.out.Pods[i].Authorization.callers()
		for _, caller := range beside {
			for _, account := range caller.accounts {
				note(account, caller, beside)
			}
		}
	}
	for _, one := range order {
		if len(one.others) > 0 || one.account.Name == "default" {
			p.reportShared(one)
		}
	}
}

// callers are those that were named, none without a policy.
func (a *Authorization) callers() []permitted {
	if a == nil {
		return nil
	}
	return a.named
}

// addOthers adds the workloads that run as an account and are not among the callers of the same pods.
func (p *planner) addOthers(to *sharing, beside []permitted) {
	for _, workload := range p.facts.Workloads {
		listed := slices.ContainsFunc(beside, func(other permitted) bool { return slices.Contains(other.workloads, workload) })
		if !listed && p.facts.AccountOf(workload) == to.account && !slices.Contains(to.others, workload) {
			to.others = append(to.others, workload)
		}
	}
}

func (p *planner) reportShared(one *sharing) {
	var names []string
	finding := diag.Finding{
		Code: diag.SharedAccount, Severity: diag.Warning, Source: one.first.origin.At,
		Try: "a service account of its own for " + one.named[0].Kind + " " + one.named[0].Name + ": serviceAccountName in its pod template",
	}
	for _, workload := range one.others {
		names = append(names, workload.Kind+" "+workload.Name)
		finding.Related = append(finding.Related, workload.Source("metadata.name"))
	}
	finding.Message = fmt.Sprintf("%q is let in as service account %s, as which others run too: %s", one.first.text, one.account, diag.OneOf(names))
	if one.account.Name == "default" {
		finding.Message = fmt.Sprintf("%q is let in as service account %s, as which every pod of the namespace runs that has none of its own", one.first.text, one.account)
		if len(names) > 0 {
			finding.Message += ": " + diag.OneOf(names)
		}
	}
	p.report(finding)
}
