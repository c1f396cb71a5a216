package spec

// Vouched are the service accounts for which somebody answers whom no build has to show: those that the profile names, of its
// gateways and of callers that are always let in, and those that a catalogue has.
func (s *Spec) Vouched() map[string]bool {
	known := map[string]bool{}
	for i := range s.Gateways {
		known[s.Gateways[i].Namespace+"/"+s.Gateways[i].ServiceAccount] = true
	}
	each := func(callers []Caller) {
		for i := range callers {
			if caller := &callers[i]; caller.Why == Always || caller.Beyond != "" {
				for _, account := range caller.Accounts {
					known[account.String()] = true
				}
			}
		}
	}
	for i := range s.Services {
		each(s.Services[i].Workload.Callers)
	}
	for i := range s.Workloads {
		each(s.Workloads[i].Callers)
	}
	return known
}
