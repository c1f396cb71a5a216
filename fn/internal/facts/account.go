package facts

import "cmp"

// Account is what the pods of a workload run as, which is their identity in the mesh.
type Account struct{ Namespace, Name string }

// String is the form in which users write it.
func (a Account) String() string { return a.Namespace + "/" + a.Name }

// AccountOf is the service account of a workload's pods by its final name: kustomize mends the name in a pod template only
// after every transformer has run, so a function may see the one from before a prefix was set.
func (f *Facts) AccountOf(workload *Workload) Account {
	name := cmp.Or(workload.Account, "default")
	var before *Identity
	for _, account := range f.ServiceAccounts {
		switch {
		case account.Namespace != workload.Namespace:
		case account.Name == name:
			return Account{workload.Namespace, name}
		case before == nil && account.Named(name):
			before = account
		}
	}
	if before != nil {
		name = before.Name
	}
	return Account{workload.Namespace, name}
}
