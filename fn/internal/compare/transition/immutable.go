package transition

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// immutable finds changes that the API server refuses, so that the apply fails half way: what comes before is changed, what
// comes after is not.
func (c *checker) immutable() {
	before := map[string]*item.Item{}
	for _, it := range c.from.Objects {
		before[it.Resource().String()] = it
	}
	for _, after := range c.to.Objects {
		was := before[after.Resource().String()]
		if was == nil || after.Name() == "" || was.Group() != after.Group() || replaced(after) {
			continue
		}
		switch after.Group() + "/" + after.Kind() {
		case "batch/Job":
			c.job(was, after)
		case "apps/Deployment", "apps/DaemonSet", "apps/ReplicaSet":
			c.fixed(was, after, "spec.selector")
		case "apps/StatefulSet":
			c.fixed(was, after, "spec.selector", "spec.serviceName", "spec.podManagementPolicy", "spec.volumeClaimTemplates")
		case "/Service":
			c.headless(was, after)
		}
	}
}

// replaced reports whether the tool that applies an object deletes the old one first.
// https://argo-cd.readthedocs.io/en/stable/user-guide/resource_hooks/
// https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#replace-resource-instead-of-applying-changes
// https://fluxcd.io/flux/components/kustomize/kustomizations/#controlling-the-apply-behavior-of-resources
func replaced(it *item.Item) bool {
	for _, hook := range []string{"argocd.argoproj.io/hook", "helm.sh/hook"} {
		if _, ok := it.Annotation(hook); ok {
			return true
		}
	}
	options, _ := it.Annotation("argocd.argoproj.io/sync-options")
	force, _ := it.Annotation("kustomize.toolkit.fluxcd.io/force")
	return strings.Contains(options, "Force=true") || force == "enabled" || force == "Enabled"
}

// job finds a Job whose pods would change.
// https://kubernetes.io/docs/concepts/workloads/controllers/job/#writing-a-job-spec
func (c *checker) job(was, after *item.Item) {
	field := difference(valueAt(was, "spec.template"), valueAt(after, "spec.template"), "spec.template")
	if field == "" {
		return
	}
	finding := diag.Finding{
		Code: diag.JobTemplate, Source: c.to.Located(after.Source(field)),
		Message: fmt.Sprintf("%s is there already, and the template of a Job cannot change: the cluster refuses it (%s)", after.Resource(), field),
		Because: []string{"a Job runs once, with the pods that it was made for"},
		Related: []diag.Source{c.from.Located(was.Source(field))},
		Try:     fmt.Sprintf("another name, such as %s-2; or let the tool replace it: the annotation argocd.argoproj.io/sync-options: Force=true,Replace=true, or kustomize.toolkit.fluxcd.io/force: enabled", after.Name()),
	}
	if template, _ := diag.Parent(field); strings.HasPrefix(template, "spec.template.metadata") && c.labelled(after) {
		finding.Because = append(finding.Because, "the difference is what a sidecar needs")
		finding.Try += "; or sidecar: false for this one"
	}
	if after.Field("spec.ttlSecondsAfterFinished") != nil && was.Field("spec.ttlSecondsAfterFinished") != nil {
		finding.Severity = diag.Warning
		finding.Message = fmt.Sprintf("not known whether %s is still there: if it is, the cluster refuses the other template (%s), because that of a Job cannot change", after.Resource(), field)
		finding.Because = append(finding.Because, "ttlSecondsAfterFinished removes it some time after it has ended")
	}
	c.report(finding)
}

// labelled reports whether a setting of a Mesh decides about the sidecar of a Job.
func (c *checker) labelled(it *item.Item) bool {
	return c.to.Where(it.Resource().String(), "sidecar") != (diag.Source{})
}

// fixed finds fields that cannot change while the object is there.
func (c *checker) fixed(was, after *item.Item, fields ...string) {
	for _, path := range fields {
		field := difference(valueAt(was, path), valueAt(after, path), path)
		if field == "" {
			continue
		}
		c.report(diag.Finding{
			Code: diag.FixedField, Source: c.to.Located(after.Source(field)),
			Message: fmt.Sprintf("%s of %s cannot change while it is there: the cluster refuses it", path, after.Resource()),
			Related: []diag.Source{c.from.Located(was.Source(path))},
			Try: steps(
				fmt.Sprintf("add one of another name beside %s", after.Resource()),
				"once its pods are ready, remove this one",
			),
		})
	}
}

// headless finds a Service with an address that is to have none.
func (c *checker) headless(was, after *item.Item) {
	before, _ := was.String("spec", "clusterIP")
	now, _ := after.String("spec", "clusterIP")
	kind, _ := was.String("spec", "type")
	if now != "None" || before == "None" || kind == "ExternalName" {
		return
	}
	c.report(diag.Finding{
		Code: diag.FixedField, Source: c.to.Located(after.Source("spec.clusterIP")),
		Message: fmt.Sprintf("%s has an address, which cannot be taken from it: the cluster refuses clusterIP: None", after.Resource()),
		Related: []diag.Source{c.from.Located(was.Source("spec"))},
		Try: steps(
			"add a headless Service of another name, and let callers change to it",
			"once nobody calls the old one any more, remove it",
		),
	})
}

// valueAt is a field as it is written, nil where it is not.
func valueAt(it *item.Item, path string) any {
	node := it.Field(path)
	if node == nil {
		return nil
	}
	return plain(node)
}

func plain(node *yaml.Node) any {
	var value any
	if node.Decode(&value) != nil {
		return nil
	}
	return value
}

// difference is the path of the first field in which two values differ, "" where they are the same. A field that is empty is
// as good as none.
func difference(a, b any, path string) string {
	if empty(a) && empty(b) || reflect.DeepEqual(a, b) {
		return ""
	}
	if left, right, both := pair[map[string]any](a, b); both {
		return firstDifference(keysOf(left, right), func(key string) string { return difference(left[key], right[key], diag.Join(path, key)) })
	}
	if left, right, both := pair[[]any](a, b); both && len(left) == len(right) {
		positions := make([]int, len(left))
		for i := range positions {
			positions[i] = i
		}
		return firstDifference(positions, func(i int) string { return difference(left[i], right[i], diag.At(path, i)) })
	}
	return path
}

// pair takes two values as what both are; one that is not there is as good as empty.
func pair[T any](a, b any) (left, right T, both bool) {
	left, isLeft := a.(T)
	right, isRight := b.(T)
	return left, right, (isLeft || a == nil) && (isRight || b == nil)
}

// firstDifference is the first difference that is found below a path.
func firstDifference[T any](list []T, of func(T) string) string {
	for _, one := range list {
		if field := of(one); field != "" {
			return field
		}
	}
	return ""
}

func empty(value any) bool {
	switch value := value.(type) {
	case nil:
		return true
	case map[string]any:
		return len(value) == 0
	case []any:
		return len(value) == 0
	}
	return false
}

func keysOf(a, b map[string]any) []string {
	var keys []string
	for key := range a {
		keys = append(keys, key)
	}
	for key := range b {
		if _, ok := a[key]; !ok {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}
