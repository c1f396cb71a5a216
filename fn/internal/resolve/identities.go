package resolve

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// withIdentities lets in the accounts of workloads of the build.
func (r *resolver) withIdentities(workloads []*facts.Workload, out spec.Caller) (spec.Caller, bool) {
	out.Workloads = workloads
	for _, workload := range workloads {
		account := r.facts.AccountOf(workload)
		if account.Namespace == "" {
			r.refuseWithoutIdentity(out.Origin.At, out.Text)
			return out, false
		}
		if !slices.Contains(out.Accounts, account) {
			out.Accounts = append(out.Accounts, account)
		}
	}
	return out, true
}

// A policy takes a * at either end of an identity for everything, so that an account has to be one.
var (
	accountNamespace = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`)
	accountName      = regexp.MustCompile(`^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$`)
)

// withAccounts lets in accounts that somebody wrote down, here or in a catalogue.
func (r *resolver) withAccounts(accounts []string, word string, out spec.Caller) (spec.Caller, bool) {
	for _, account := range accounts {
		namespace, name, ok := strings.Cut(account, "/")
		if !ok || !accountNamespace.MatchString(namespace) || !accountName.MatchString(name) {
			r.report(diag.Finding{
				Code: diag.BadValue, Source: out.Origin.At,
				Message: fmt.Sprintf("%q is not a service account; allowed: namespace/name", account),
			})
			return out, false
		}
		out.Accounts = append(out.Accounts, facts.Account{Namespace: namespace, Name: name})
		for _, workload := range r.facts.Workloads {
			if r.facts.AccountOf(workload) == (facts.Account{Namespace: namespace, Name: name}) && !slices.Contains(out.Workloads, workload) {
				out.Workloads = append(out.Workloads, workload)
			}
		}
	}
	if len(out.Accounts) == 0 {
		r.report(diag.Finding{
			Code: diag.NoIdentity, Source: out.Origin.At,
			Message: fmt.Sprintf("the MeshCatalog does not say as whom the pods of %q call", word),
			Try:     "write the catalogue again where its pods are, or name the service account here",
		})
	}
	return out, len(out.Accounts) > 0
}

// refuseWithoutIdentity says that an identity has a namespace in it.
func (r *resolver) refuseWithoutIdentity(at diag.Source, word string) {
	r.report(diag.Finding{
		Code: diag.AmbiguousNamespace, Source: at,
		Message: fmt.Sprintf("the identity of %q has its namespace in it, which is not known here", word),
		Try:     spec.SetNamespace,
	})
}
