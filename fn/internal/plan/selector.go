package plan

import "github.com/meshfn/meshfn/fn/internal/facts"

// unselected is why no object can be for the pods of a workload alone, what to do, and where.
type unselected struct{ why, try, field string }

// ownSelector are labels that select the pods of a workload, for an object that is named after it; or why there is none.
func ownSelector(workload *facts.Workload) (map[string]string, *unselected) {
	labels, ok := workload.Selector()
	switch {
	case workload.Name == "":
		return nil, &unselected{"it has no name of its own", "give it a name", "metadata"}
	case !ok:
		try := "give them one, such as labels: {app: " + workload.Name + "}"
		return nil, &unselected{"its pods have no label to select them by", try, workload.MetadataField("labels")}
	}
	return labels, nil
}

// eachShared visits the pods that the labels of others select too, where those have an object of some kind. Pods without a
// sidecar are no concern of it: nothing reaches them. Other is nil for pods of which nothing is planned.
func (p *planner) eachShared(has func(*Pod) bool, visit func(pod *Pod, workload *facts.Workload, other *Pod)) {
	pods := map[*facts.Workload]*Pod{}
	for i := range p.out.Pods {
		pods[p.out.Pods[i].Workload] = &p.out.Pods[i]
	}
	for i := range p.out.Pods {
		pod := &p.out.Pods[i]
		for _, workload := range pod.Workload.AlsoSelected {
			if !has(pod) {
				break
			}
			other := pods[workload]
			if other == nil && p.facts.StaysOut(workload) || other != nil && p.withoutSidecar(workload, other.Sidecar) {
				continue
			}
			visit(pod, workload, other)
		}
	}
}
