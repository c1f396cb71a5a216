package changes

import (
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/compare/fields"
	"github.com/meshfn/meshfn/fn/internal/compare/objects"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// objects tells what nobody said in a Mesh: Istio objects kept by hand that change, and generated ones for which nothing
// that was told is the reason.
func (c *comparison) objects(differ []objects.Object) {
	reasons := c.reasons()
	for i := range differ {
		object := &differ[i]
		group, _, _ := strings.Cut(object.Resource.APIVersion, "/")
		if !strings.HasSuffix(group, ".istio.io") {
			continue
		}
		subject := object.Resource.String()
		switch {
		case object.ByHand:
			c.add(subject, Change{Effect: ByHand, Old: presence(object.What != objects.Added), New: presence(object.What != objects.Removed), Text: "kept by hand: " + happens(object)})
		case !reasons.explain(c, object.Resource):
			text := happens(object) + "; " + otherReason(object)
			c.add(subject, Change{Effect: Generated, Old: presence(object.What != objects.Added), New: presence(object.What != objects.Removed), Text: text})
		}
	}
}

// otherReason is why a generated object changes for which no setting changes.
func otherReason(object *objects.Object) string {
	computed := func(d fields.Difference) bool { return strings.HasSuffix(d.Field, ".maxEjectionPercent") }
	if len(object.Fields) > 0 && !slices.ContainsFunc(object.Fields, func(d fields.Difference) bool { return !computed(d) }) {
		return "it is computed from how many pods there are"
	}
	return "no setting is the reason, but the pods, a patch or a fact of the profile"
}

func presence(is bool) string {
	if is {
		return "there"
	}
	return ""
}

func happens(object *objects.Object) string {
	switch object.What {
	case objects.Added:
		return "new"
	case objects.Removed:
		return "gone"
	}
	return listed(object.Fields)
}

// reasons are what was told so far.
type reasons struct {
	traffic    map[string]bool // Services and external hosts whose calls are treated in another way
	namespaces map[string]bool
	anywhere   bool
}

func (c *comparison) reasons() *reasons {
	r := &reasons{traffic: map[string]bool{}, namespaces: map[string]bool{}}
	for i := range c.found {
		change := &c.found[i]
		traffic := slices.Contains([]Effect{Setting, Stage, New, Gone, InMesh, Ports}, change.Effect) && !diag.Within(change.Setting, "proxy")
		for _, subject := range change.Subjects {
			resource := diag.ParseResource(subject.Name)
			r.namespaces[resource.Namespace] = true
			r.traffic[subject.Name] = r.traffic[subject.Name] || traffic
			r.anywhere = r.anywhere || resource.Kind == "host"
		}
	}
	return r
}

// explain reports whether an object can follow from what was told. The routes and rules of a Service have its name; what is
// about more has the namespace, and what is about a host may be anywhere.
func (r *reasons) explain(c *comparison, object diag.Resource) bool {
	service := diag.Resource{Kind: "Service", Namespace: object.Namespace, Name: object.Name}.String()
	if object.Kind == "DestinationRule" || object.Kind == "VirtualService" && c.old.services[service] != nil && c.new.services[service] != nil {
		outside := diag.Resource{Kind: "ServiceEntry", Namespace: object.Namespace, Name: object.Name}.String()
		return r.traffic[service] || r.traffic[outside]
	}
	return r.anywhere || r.namespaces[object.Namespace]
}

// restarts tells whose pods are replaced for another reason than a sidecar.
func (c *comparison) restarts() {
	for _, subject := range c.podsOfBoth() {
		differ := c.templateFields(subject)
		if len(differ) == 0 || c.told[subject]["restart"] {
			continue
		}
		var names []string
		for _, d := range differ {
			names = append(names, d.Field)
		}
		c.add(subject, Change{Effect: Restart, Setting: "pod template", Gained: nil, Text: c.whenReplaced(subject) + ": " + fold(names) + " " + plain(len(names))})
	}
}

func plain(n int) string {
	if n == 1 {
		return "changes"
	}
	return "change"
}

// templateFields lists what is different in the pod template of a workload.
func (c *comparison) templateFields(subject string) []fields.Difference {
	if known, ok := c.templates[subject]; ok {
		return known
	}
	if c.templates == nil {
		c.templates = map[string][]fields.Difference{}
	}
	old, now := c.old.pods[subject], c.new.pods[subject]
	var differ []fields.Difference
	if string(old.Item.Raw()) != string(now.Item.Raw()) {
		before, err := fields.Read(old.Item.Raw())
		after, other := fields.Read(now.Item.Raw())
		if err == nil && other == nil {
			differ = fields.Of(fields.At(before, old.Template...), fields.At(after, now.Template...))
		}
	}
	c.templates[subject] = differ
	return differ
}
