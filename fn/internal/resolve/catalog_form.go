package resolve

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// The names of a catalogue. A Service and a namespace have no dots, and anything else may.
var (
	catalogService  = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?\.[a-z0-9]([-a-z0-9]*[a-z0-9])?$`)
	catalogWorkload = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*/[a-z0-9]([-.a-z0-9]*[a-z0-9])?\.[a-z0-9]([-a-z0-9]*[a-z0-9])?$`)
	catalogAccount  = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?/[a-z0-9]([-.a-z0-9]*[a-z0-9])?$`)
)

// form finds what a catalogue may not say because nobody could look it up.
type form struct {
	document *catalogDocument
	findings diag.List
}

func catalogForm(document *catalogDocument) diag.List {
	f := &form{document: document}
	for _, key := range slices.Sorted(maps.Keys(document.Value.Spec.Services)) {
		entry, at := document.Value.Spec.Services[key], diag.Join("spec.services", key)
		if !catalogService.MatchString(key) {
			f.report(at, fmt.Sprintf("%q is no name of a Service in a catalogue; allowed: name.namespace", key), "stock.warehouse")
		}
		f.pods(at, &entry.CatalogWorkload)
		for i := range entry.Callers {
			f.caller(diag.At(at+".callers", i), &entry.Callers[i])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(document.Value.Spec.Workloads)) {
		at := diag.Join("spec.workloads", key)
		if !catalogWorkload.MatchString(key) {
			f.report(at, fmt.Sprintf("%q is no name of a workload in a catalogue; allowed: Kind/name.namespace", key), "CronJob/nightly.warehouse")
		}
		f.pods(at, document.Value.Spec.Workloads[key])
	}
	return f.findings
}

func (f *form) report(path, message, try string) {
	f.findings = append(f.findings, diag.Finding{Code: diag.CatalogForm, Source: f.document.At(path), Message: message, Try: try})
}

func (f *form) pods(at string, pods *v1alpha1.CatalogWorkload) {
	for i, account := range pods.Accounts {
		if !catalogAccount.MatchString(account) {
			f.report(diag.At(at+".accounts", i), fmt.Sprintf("%q is no service account; allowed: namespace/name", account), "warehouse/stock")
			continue
		}
		// Pods run as an account of their own namespace: another one would be let in wherever these are.
		if namespace, _, _ := strings.Cut(account, "/"); !strings.HasSuffix(at, "."+namespace+`"]`) {
			f.report(diag.At(at+".accounts", i), fmt.Sprintf("%q is of another namespace than the pods, which cannot run as it", account), "")
		}
	}
	for i := range pods.DependsOn {
		word := pods.DependsOn[i].Named
		if service := pods.DependsOn[i].Service; service != nil {
			word = *service
		}
		if word != "" && !strings.Contains(word, ".") {
			f.report(diag.At(at+".dependsOn", i), fmt.Sprintf("%q does not say its namespace, and a catalogue speaks of all of them", word), word+".<namespace>")
		}
	}
}

func (f *form) caller(at string, caller *v1alpha1.Caller) {
	word := caller.Named
	switch {
	case caller.Service != nil:
		word = *caller.Service
	case caller.Workload != nil:
		word = *caller.Workload
	}
	if word != "" {
		f.report(at, fmt.Sprintf("%q says no identity; allowed: a mapping with serviceAccount, namespace, gateway or plainText", word),
			"{serviceAccount: shop/checkout}")
	}
}
