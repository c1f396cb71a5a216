package catalog

import (
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
)

// Settle takes what Meshes decided for the names that the function saw over to the names that the build has in the end. What
// has no name any more is returned.
func Settle(seen, final *v1alpha1.MeshCatalogSpec, renamed func(name string) string) (lost []string) {
	s := &settling{names: map[string]string{}, accounts: map[string]string{}}
	s.all(slices.Sorted(maps.Keys(seen.Services)), renamed, func(key string) bool { return final.Services[key] != nil })
	s.all(slices.Sorted(maps.Keys(seen.Workloads)), renamed, func(key string) bool { return final.Workloads[key] != nil })
	for key, before := range seen.Services {
		if now := final.Services[s.names[key]]; now != nil {
			s.accountsOf(&before.CatalogWorkload, &now.CatalogWorkload)
		}
	}
	for key, before := range seen.Workloads {
		if now := final.Workloads[s.names[key]]; now != nil {
			s.accountsOf(before, now)
		}
	}
	for key, before := range seen.Services {
		if now := final.Services[s.names[key]]; now != nil {
			s.pods(&now.CatalogWorkload, &before.CatalogWorkload)
			now.Callers, now.CallersComplete, now.Expose = s.callers(before.Callers), before.CallersComplete, before.Expose
		}
	}
	for key, before := range seen.Workloads {
		if now := final.Workloads[s.names[key]]; now != nil {
			s.pods(now, before)
		}
	}
	return s.lost
}

type settling struct {
	names    map[string]string // keys, as the function saw them and as they are
	accounts map[string]string
	lost     []string
}

// all finds the final name of each of some names.
func (s *settling) all(keys []string, renamed func(string) string, is func(key string) bool) {
	for _, key := range keys {
		now := key
		if !is(now) {
			dot := strings.LastIndex(key, ".")
			slash := strings.Index(key[:dot], "/") + 1
			now = key[:slash] + renamed(key[slash:dot]) + key[dot:]
		}
		if is(now) {
			s.names[key] = now
		} else {
			s.lost = append(s.lost, key)
		}
	}
}

// accountsOf pairs the accounts of pods, of which a prefix changes all alike.
func (s *settling) accountsOf(before, now *v1alpha1.CatalogWorkload) {
	for i := range before.Accounts {
		if len(before.Accounts) == len(now.Accounts) {
			s.accounts[before.Accounts[i]] = now.Accounts[i]
		}
	}
}

func (s *settling) pods(now, before *v1alpha1.CatalogWorkload) {
	now.Mesh, now.Stage = before.Mesh, before.Stage
	if before.DependsOn == nil {
		return
	}
	calls := slices.Clone(before.DependsOn)
	for i := range calls {
		if name := s.names[calls[i].Named]; name != "" {
			calls[i].Named = name
		}
	}
	now.DependsOn = sorted(calls)
}

func (s *settling) callers(before []v1alpha1.Caller) []v1alpha1.Caller {
	if before == nil {
		return nil
	}
	all := slices.Clone(before)
	for i := range all {
		if account := all[i].ServiceAccount; account != nil && s.accounts[*account] != "" {
			all[i].ServiceAccount = new(s.accounts[*account])
		}
	}
	return sorted(all)
}
