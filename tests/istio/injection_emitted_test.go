package istio

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// TestSidecarIsAsAsked builds every kind of pod template in every kind of Namespace, with sidecar true and false, and with
// and without a revision in the profile. What comes out gets exactly that sidecar from Istio, or the program refuses it.
func TestSidecarIsAsAsked(t *testing.T) {
	oracle := newInjectionOracle(t)
	for _, revision := range []string{"", "default", "stable"} {
		for _, sidecar := range []bool{true, false} {
			t.Run(fmt.Sprintf("revision %q sidecar %t", revision, sidecar), func(t *testing.T) {
				oracle.t, oracle.world.t = t, t
				places := placesOfPods()
				refused := refusals(t, documentsOf(places, nil, revision, sidecar))
				got := run(t, documentsOf(places, refused, revision, sidecar), "render", "-")
				if got.code != 0 {
					t.Fatalf("exit code %d\n%s", got.code, got.stderr)
				}
				built, err := deploy(got.stdout)
				if err != nil {
					t.Fatal(err)
				}
				judged := 0
				for _, place := range places {
					for _, pod := range place.pods {
						judged += oracle.judge(t, place, pod, refused[pod.name], built, revision, sidecar)
					}
				}
				t.Logf("%d pods are as asked, %d are refused", judged, len(refused))
				if judged == 0 || len(refused) == 0 {
					t.Error("nothing was judged, or nothing is refused")
				}
			})
		}
	}
}

// podsPlace is a Namespace and the pods in it. One that the build does not own is judged as one without labels: a label that
// somebody else gives it cannot be known.
type podsPlace struct {
	namespace string
	owned     bool
	labels    map[string]string
	pods      []templated
}

// templated is a pod template with what its author wrote.
type templated struct {
	name                string
	labels, annotations map[string]string
	hostNetwork         bool
}

func (p *templated) plain() bool {
	return len(p.labels) == 0 && len(p.annotations) == 0 && !p.hostNetwork
}

func placesOfPods() []podsPlace {
	places := []podsPlace{{namespace: "elsewhere"}, {namespace: "kube-system", owned: true}}
	for i, labels := range namespaceLabels() {
		places = append(places, podsPlace{namespace: fmt.Sprintf("shop-%d", i), owned: true, labels: labels})
	}
	absent := func(values map[string]string) map[string]string {
		maps.DeleteFunc(values, func(_, value string) bool { return value == "absent" })
		return values
	}
	for i := range places {
		for _, inject := range []string{"absent", "true", "false", "yes"} {
			for _, annotation := range []string{"absent", "true", "false"} {
				for _, revision := range []string{"absent", "default", "stable", ""} {
					for _, host := range []bool{false, true} {
						places[i].pods = append(places[i].pods, templated{
							fmt.Sprintf("pods-%d-%d", i, len(places[i].pods)), absent(map[string]string{injectKey: inject, revisionKey: revision}),
							absent(map[string]string{injectKey: annotation}), host,
						})
					}
				}
			}
		}
	}
	return places
}

// documentsOf are a profile and, for each Namespace, itself, a Mesh and the Deployments that are not refused.
func documentsOf(places []podsPlace, refused map[string]bool, revision string, sidecar bool) string {
	type object = map[string]any
	istio := object{}
	if revision != "" {
		istio["revision"] = revision
	}
	all := []object{{"apiVersion": "meshfn.dev/v1alpha1", "kind": "MeshProfile", "metadata": object{"name": "platform"}, "spec": object{"istio": istio}}}
	for _, place := range places {
		if place.owned {
			all = append(all, object{"apiVersion": "v1", "kind": "Namespace", "metadata": object{"name": place.namespace, "labels": place.labels}})
		}
		before := len(all)
		for _, pod := range place.pods {
			if refused[pod.name] {
				continue
			}
			all = append(all, object{
				"apiVersion": "apps/v1", "kind": "Deployment", "metadata": object{"name": pod.name, "namespace": place.namespace},
				"spec": object{"template": object{
					"metadata": object{"labels": pod.labels, "annotations": pod.annotations}, "spec": object{"hostNetwork": pod.hostNetwork},
				}},
			})
		}
		if len(all) > before {
			all = append(all, object{
				"apiVersion": "meshfn.dev/v1alpha1", "kind": "Mesh", "metadata": object{"name": "mesh", "namespace": place.namespace},
				"spec": object{"defaults": object{"sidecar": sidecar}},
			})
		}
	}
	texts := make([]string, 0, len(all))
	for _, one := range all {
		text, err := yaml.Marshal(one)
		if err != nil {
			panic(err)
		}
		texts = append(texts, string(text))
	}
	return strings.Join(texts, "---\n")
}

// refusals are the workloads that an error names.
func refusals(t *testing.T, documents string) map[string]bool {
	t.Helper()
	var report struct {
		Findings []struct {
			Severity, Code, Message string
		} `json:"findings"`
	}
	if err := json.Unmarshal([]byte(run(t, documents, "check", "--format", "json", "-").stdout), &report); err != nil {
		t.Fatal(err)
	}
	name := regexp.MustCompile(`"(pods-\d+-\d+)"`)
	refused := map[string]bool{}
	for _, finding := range report.Findings {
		if finding.Severity != "error" {
			continue
		}
		match := name.FindStringSubmatch(finding.Message)
		if match == nil || !slices.Contains([]string{"MF0207", "MF0208"}, finding.Code) {
			t.Fatalf("%s: %s", finding.Code, finding.Message)
		}
		refused[match[1]] = true
	}
	return refused
}

// judge compares one pod with what was asked for. A plain template is refused only where Istio would not do as asked.
func (o *injectionOracle) judge(t *testing.T, place podsPlace, pod templated, refused bool, built *deployed, revision string, sidecar bool) int {
	t.Helper()
	one := asked{place.namespace, place.labels, pod.labels, pod.annotations, pod.hostNetwork}
	if refused {
		one.labels = map[string]string{injectKey: fmt.Sprint(sidecar)}
		if sidecar && revision != "" {
			one.labels = map[string]string{revisionKey: revision}
		}
		if got := o.sidecars(one); pod.plain() && asAsked(got, revision, sidecar) {
			t.Errorf("%+v in %+v is refused, and Istio would do as asked: %v", pod, place.labels, got)
		}
		return 0
	}
	template := built.workloads[place.namespace+"/Deployment/"+pod.name]
	if template == nil {
		t.Fatalf("%s did not come out", pod.name)
	}
	one.labels, one.annotations = template.Labels, template.Annotations
	if got := o.sidecars(one); !asAsked(got, revision, sidecar) {
		t.Errorf("%+v in a Namespace with %v, revision %q, sidecar %t: comes out with %v and %v, and gets sidecars of %v",
			pod, place.labels, revision, sidecar, template.Labels, template.Annotations, got)
	}
	return 1
}

// asAsked reports whether pods get one sidecar, of the revision that the profile names, or none.
func asAsked(got []string, revision string, sidecar bool) bool {
	if !sidecar {
		return len(got) == 0
	}
	return len(got) == 1 && (revision == "" || got[0] == revision)
}
