package istio

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// The labels and annotations that decide about a sidecar.
const (
	injectKey    = "sidecar.istio.io/inject"
	revisionKey  = "istio.io/rev"
	injectionKey = "istio-injection"
)

// injectionTable is what the program's facts answer for every pod in every Namespace. A test beside them writes it.
type injectionTable struct {
	Pods []struct {
		Inject     *string `json:"inject"`
		Annotation *string `json:"annotation"`
		Revision   *string `json:"revision"`
	} `json:"pods"`
	Namespaces []struct {
		Name        string  `json:"name"`
		Owned       bool    `json:"owned"`
		Injection   *string `json:"injection"`
		Revision    *string `json:"revision"`
		HostNetwork bool    `json:"hostNetwork"`
		Answers     string  `json:"answers"`
	} `json:"namespaces"`
}

// TestInjectionTable compares each answer of the facts with what the webhooks of Istio's chart and its injector do, over the
// product of all labels. Where the build does not own the Namespace, the answer is compared with each one that there may be.
func TestInjectionTable(t *testing.T) {
	var table injectionTable
	if err := json.Unmarshal([]byte(readFile(t, "testdata/injection.json")), &table); err != nil {
		t.Fatal(err)
	}
	if pods, namespaces := len(table.Pods), len(table.Namespaces); pods != 5*5*4 || namespaces != 2*2*(1+5*4) {
		t.Fatalf("the table has %d pods in %d Namespaces, and is not the whole product", pods, namespaces)
	}
	oracle := newInjectionOracle(t)
	seen := map[string]bool{}
	answers := map[byte]int{}
	for _, namespace := range table.Namespaces {
		for i, pod := range table.Pods {
			labels := set(map[string]*string{injectKey: pod.Inject, revisionKey: pod.Revision})
			annotations := set(map[string]*string{injectKey: pod.Annotation})
			where := fmt.Sprint(namespace.Name, namespace.Owned, set(map[string]*string{injectionKey: namespace.Injection, revisionKey: namespace.Revision}), namespace.HostNetwork, labels, annotations)
			if seen[where] {
				t.Fatalf("the table has %s twice", where)
			}
			seen[where] = true
			said := namespace.Answers[i]
			answers[said]++
			one := asked{namespace.Name, nil, labels, annotations, namespace.HostNetwork}
			if namespace.Owned {
				one.namespaceLabels = set(map[string]*string{injectionKey: namespace.Injection, revisionKey: namespace.Revision})
				if got := oracle.letter(one); got != said {
					t.Errorf("%s: the facts say %c, and Istio does %c", where, said, got)
				}
				continue
			}
			if problem := oracle.elsewhere(one, said); problem != "" {
				t.Errorf("%s: %s", where, problem)
			}
		}
	}
	for _, answer := range []byte("ds-?") {
		if answers[answer] == 0 {
			t.Errorf("no answer is %c", answer)
		}
	}
	t.Logf("%d answers compared: %v; the injector was asked %d times", len(seen), answers, len(oracle.injects))
}

func set(values map[string]*string) map[string]string {
	out := map[string]string{}
	for key, value := range values {
		if value != nil {
			out[key] = *value
		}
	}
	return out
}

// asked is one pod that is created somewhere.
type asked struct {
	namespace       string
	namespaceLabels map[string]string
	labels          map[string]string
	annotations     map[string]string
	hostNetwork     bool
}

// injectionOracle answers with Istio's webhooks and injector. The injector does not look at the labels of the Namespace,
// so its answers are kept.
type injectionOracle struct {
	t         *testing.T
	world     *world
	installed []installation
	injects   map[string]bool
}

func newInjectionOracle(t *testing.T) *injectionOracle {
	t.Helper()
	return &injectionOracle{t, start(t, "", "cluster.local", ""), installations(t), map[string]bool{}}
}

// letter is the first one of the revision that gives the pod a sidecar, - where none does.
func (o *injectionOracle) letter(one asked) byte {
	revisions := o.sidecars(one)
	switch {
	case len(revisions) > 1:
		o.t.Fatalf("%v gets sidecars of %v", one, revisions)
	case len(revisions) == 0:
		return '-'
	}
	return revisions[0][0]
}

// sidecars lists the revisions that give a pod a sidecar.
func (o *injectionOracle) sidecars(one asked) []string {
	pod := &corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{Name: "pod", Namespace: one.namespace, Labels: one.labels, Annotations: one.annotations},
		Spec:       corev1.PodSpec{HostNetwork: one.hostNetwork, Containers: []corev1.Container{{Name: "app", Image: "app"}}},
	}
	o.world.in = &deployed{namespaces: []*corev1.Namespace{{ObjectMeta: metav1.ObjectMeta{Name: one.namespace, Labels: one.namespaceLabels}}}}
	var revisions []string
	for i := range o.installed {
		hooks, err := o.world.matching(&o.installed[i], pod)
		if err != nil {
			o.t.Fatal(err)
		}
		if len(hooks) > 0 && o.injected(&o.installed[i], pod) {
			revision := o.installed[i].revision
			if revision == "" {
				revision = "default"
			}
			revisions = append(revisions, revision)
		}
	}
	return revisions
}

func (o *injectionOracle) injected(installed *installation, pod *corev1.Pod) bool {
	document, err := json.Marshal(pod)
	if err != nil {
		o.t.Fatal(err)
	}
	key := installed.revision + string(document)
	if known, ok := o.injects[key]; ok {
		return known
	}
	after, err := o.world.injected(installed, document, pod.Namespace)
	if err != nil {
		o.t.Fatal(err)
	}
	var got corev1.Pod
	if err := json.Unmarshal(after, &got); err != nil {
		o.t.Fatal(err)
	}
	isProxy := func(c corev1.Container) bool { return c.Name == "istio-proxy" }
	o.injects[key] = slices.ContainsFunc(got.Spec.Containers, isProxy) || slices.ContainsFunc(got.Spec.InitContainers, isProxy)
	return o.injects[key]
}

// namespaceLabels are those that a Namespace can have.
func namespaceLabels() []map[string]string {
	var all []map[string]string
	for _, injection := range []string{"absent", "enabled", "disabled", "", "true"} {
		for _, revision := range []string{"absent", "default", "stable", ""} {
			labels := map[string]string{injectionKey: injection, revisionKey: revision}
			maps.DeleteFunc(labels, func(_, value string) bool { return value == "absent" })
			all = append(all, labels)
		}
	}
	return all
}

// elsewhere judges an answer about a Namespace that the build does not own. No and unknown are to be taken literally. What
// a pod asks for is taken at its word: that is what happens unless the Namespace has a label that decides for its pods.
func (o *injectionOracle) elsewhere(one asked, said byte) (problem string) {
	outcomes := map[byte]bool{}
	for _, labels := range namespaceLabels() {
		one.namespaceLabels = labels
		got := o.letter(one)
		outcomes[got] = true
		if len(labels) == 0 && (said == 'd' || said == 's') && got != said {
			return fmt.Sprintf("the facts say %c, and in a Namespace without labels Istio does %c", said, got)
		}
	}
	switch with := outcomes['d'] || outcomes['s']; {
	case said == '-' && with:
		return "the facts say that there is no sidecar, and in some Namespace there is"
	case said == '?' && (!with || !outcomes['-']):
		return "the facts do not know, and in every Namespace it is the same"
	case strings.IndexByte("ds-?", said) < 0:
		return fmt.Sprintf("%c is no answer", said)
	}
	return ""
}
