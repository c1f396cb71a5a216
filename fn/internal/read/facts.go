package read

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/item"
)

// previousNames and previousNamespaces are where kustomize keeps what an object was called before a prefix or suffix was
// added, and where it was before a namespace was set.
const (
	previousNames      = "internal.config.kubernetes.io/previousNames"
	previousNamespaces = "internal.config.kubernetes.io/previousNamespaces"
)

// collect reads the facts of the build. Only the kinds that matter are parsed.
func collect(items []*item.Item) (*facts.Facts, diag.List) {
	c := &collector{facts: &facts.Facts{}, scalers: map[string]facts.Replicas{}, rollouts: map[string]rollout{}}
	for _, it := range items {
		c.add(it)
	}
	sortByIdentity(c.facts)
	c.applyScalers()
	link(c.facts)
	return c.facts, append(c.findings, duplicates(c.facts)...)
}

type collector struct {
	facts    *facts.Facts
	scalers  map[string]facts.Replicas // by namespace/Kind/name of what they scale
	rollouts map[string]rollout        // by namespace/Kind/name of the workload whose template they take
	findings diag.List
}

func (c *collector) add(it *item.Item) {
	c.list(it)
	switch it.Group() + "/" + it.Kind() {
	case "/Service":
		c.service(it)
	case "/Namespace":
		c.namespace(it)
	case "/ServiceAccount":
		account := identity(it)
		c.facts.ServiceAccounts = append(c.facts.ServiceAccounts, &account)
	case "/Secret":
		c.secret(it)
	case "networking.istio.io/VirtualService":
		c.route(it)
	case "/Pod", "apps/Deployment", "apps/StatefulSet", "apps/DaemonSet", "apps/ReplicaSet",
		"batch/Job", "batch/CronJob", "argoproj.io/Rollout":
		c.workload(it)
	case "autoscaling/HorizontalPodAutoscaler":
		c.autoscaler(it)
	case "keda.sh/ScaledObject":
		c.scaledObject(it)
	}
}

// list finds objects inside of others. Whatever has items is a list to kubectl and Argo CD, which apply what is in it.
// https://github.com/kubernetes/apimachinery/blob/master/pkg/apis/meta/v1/unstructured/helpers.go
func (c *collector) list(it *item.Item) {
	if !bytes.Contains(it.Raw(), []byte("items")) {
		return
	}
	if items := it.Field("items"); items == nil || items.Kind != yaml.SequenceNode {
		return
	}
	c.findings = append(c.findings, diag.Finding{
		Code: diag.UnreadableObject, Severity: diag.Warning, Source: it.Source("kind"),
		Message: fmt.Sprintf("a %s with items is passed on as it is: the Services, workloads and policies inside it are not seen", it.Kind()),
		Try:     "write its items as documents of their own",
	})
}

// decodeObject fills the few fields of a Kubernetes object that are of interest.
func (c *collector) decodeObject(it *item.Item, into any) bool {
	node, err := it.Node()
	if err == nil {
		err = node.Decode(into)
	}
	if err == nil {
		return true
	}
	problem := strings.Join(strings.Fields(strings.TrimPrefix(err.Error(), "yaml: ")), " ")
	c.findings = append(c.findings, diag.Finding{
		Code: diag.UnreadableObject, Source: it.Source(""),
		Message: fmt.Sprintf("%s does not have the shape of its kind: %s", it.Resource(), problem),
	})
	return false
}

// Identity is what an object is called, now and before.
func Identity(it *item.Item) facts.Identity { return identity(it) }

func identity(it *item.Item) facts.Identity {
	id := facts.Identity{Item: it, Kind: it.Kind(), Name: it.Name(), Namespace: it.Namespace()}
	id.PreviousNames = previous(it, previousNames, id.Name)
	id.PreviousNamespaces = previous(it, previousNamespaces, id.Namespace)
	return id
}

// previous lists what kustomize noted before it changed a name or a namespace to what it is now.
func previous(it *item.Item, annotation, now string) []string {
	var before []string
	list, _ := it.Annotation(annotation)
	for value := range strings.SplitSeq(list, ",") {
		if value != "" && value != now && !slices.Contains(before, value) {
			before = append(before, value)
		}
	}
	return before
}

func (c *collector) namespace(it *item.Item) {
	labels := map[string]string{}
	var doc struct {
		Metadata podMetadata `yaml:"metadata"`
	}
	if c.decodeObject(it, &doc) {
		maps.Copy(labels, doc.Metadata.Labels)
		c.facts.Namespaces = append(c.facts.Namespaces, &facts.Namespace{
			Identity: identity(it), Labels: labels, Annotations: doc.Metadata.Annotations,
		})
	}
}

// secret notes which entries a Secret has. One whose data are encrypted in the repository has them all the same.
func (c *collector) secret(it *item.Item) {
	var doc struct {
		Type       string               `yaml:"type"`
		Data       map[string]yaml.Node `yaml:"data"`
		StringData map[string]yaml.Node `yaml:"stringData"`
	}
	if c.decodeObject(it, &doc) {
		keys := slices.Concat(slices.Collect(maps.Keys(doc.Data)), slices.Collect(maps.Keys(doc.StringData)))
		slices.Sort(keys)
		c.facts.Secrets = append(c.facts.Secrets, &facts.Secret{Identity: identity(it), Type: doc.Type, Keys: keys})
	}
}

// link connects Services with the workloads they select, and workloads with others that have all of their labels.
func link(f *facts.Facts) {
	inNamespace := map[string][]*facts.Workload{}
	for _, workload := range f.Workloads {
		inNamespace[workload.Namespace] = append(inNamespace[workload.Namespace], workload)
	}
	labelled := map[string]*facts.Labelled[*facts.Workload]{}
	for namespace, workloads := range inNamespace {
		labelled[namespace] = facts.NewLabelled(workloads, func(w *facts.Workload) map[string]string { return w.Labels })
	}
	for _, service := range f.Services {
		service.Workloads = labelled[service.Namespace].Selected(service.Selector)
		for _, workload := range service.Workloads {
			workload.Services = append(workload.Services, service)
		}
	}
	for _, workload := range f.Workloads {
		if labels, ok := workload.Selector(); ok {
			also := labelled[workload.Namespace].Selected(labels)
			workload.AlsoSelected = slices.DeleteFunc(also, func(other *facts.Workload) bool { return other == workload })
		}
	}
}

// sortByIdentity makes everything later independent of the order of the input.
func sortByIdentity(f *facts.Facts) {
	slices.SortStableFunc(f.Services, func(a, b *facts.Service) int { return facts.Compare(&a.Identity, &b.Identity) })
	slices.SortStableFunc(f.Workloads, func(a, b *facts.Workload) int { return facts.Compare(&a.Identity, &b.Identity) })
	slices.SortStableFunc(f.Namespaces, func(a, b *facts.Namespace) int { return facts.Compare(&a.Identity, &b.Identity) })
	slices.SortStableFunc(f.ServiceAccounts, facts.Compare)
	slices.SortStableFunc(f.Routes, func(a, b *facts.Route) int { return facts.Compare(&a.Identity, &b.Identity) })
	slices.SortStableFunc(f.Secrets, func(a, b *facts.Secret) int { return facts.Compare(&a.Identity, &b.Identity) })
}

// duplicates finds Services and workloads that appear twice: whichever the cluster kept, the other was not what was
// checked.
func duplicates(f *facts.Facts) diag.List {
	var ids []*facts.Identity
	for _, service := range f.Services {
		ids = append(ids, &service.Identity)
	}
	for _, workload := range f.Workloads {
		ids = append(ids, &workload.Identity)
	}
	var findings diag.List
	for i := 1; i < len(ids); i++ {
		if ids[i].Name == "" || facts.Compare(ids[i-1], ids[i]) != 0 { // Without a name, the cluster makes one up.
			continue
		}
		findings = append(findings, diag.Finding{
			Code: diag.DuplicateObject, Source: ids[i].Source("metadata.name"),
			Message: fmt.Sprintf("%s appears twice in the build", ids[i].Item.Resource()),
			Related: []diag.Source{ids[i-1].Source("metadata.name")},
			Try:     "remove one of the two",
		})
	}
	return findings
}
