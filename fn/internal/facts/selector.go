package facts

import "maps"

// Selector returns labels that select the pods of the workload, for an object of Istio's that is for them alone; ok is false
// where the pods have no label of their own. They are those that the workload itself selects its pods by, which stay the same
// from release to release. Kubernetes makes up those of a Job, and a selector may say more than labels can, so the labels of
// the template stand in there, without those that decide about injection. Others may have the same labels: see AlsoSelected.
func (w *Workload) Selector() (labels map[string]string, ok bool) {
	if len(w.MatchLabels) > 0 {
		return w.MatchLabels, true
	}
	labels = maps.Clone(w.Labels)
	for _, key := range []string{InjectLabel, RevisionLabel, DataplaneLabel} {
		delete(labels, key)
	}
	return labels, len(labels) > 0
}
