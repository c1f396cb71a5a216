package istio

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	"istio.io/istio/operator/pkg/helm"
	"istio.io/istio/operator/pkg/values"
	"istio.io/istio/pilot/pkg/features"
	injector "istio.io/istio/pkg/kube/inject"
	"istio.io/istio/pkg/test"
	admissionv1 "k8s.io/api/admission/v1"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

// installation is one revision of Istio as its own chart installs it.
type installation struct {
	revision string
	webhooks []admissionregistrationv1.MutatingWebhook
	watcher  injector.Watcher
}

// installations are the default revision and the one called stable, in one cluster.
func installations(t *testing.T) []installation {
	t.Helper()
	// A proxy is an ordinary container unless the pod says otherwise, because only then holding the application matters.
	test.SetForTest(t, &features.EnableNativeSidecars, features.NativeSidecarModeDisabled)
	return []installation{install(t, ""), install(t, "stable")}
}

func install(t *testing.T, revision string) installation {
	t.Helper()
	chart := values.Map{"spec": map[string]any{"values": map[string]any{"revision": revision}}}
	manifests, _, err := helm.Render("istiod", "istio-system", "istio-control/istio-discovery", chart, nil)
	if err != nil {
		t.Fatal(err)
	}
	out := installation{revision: revision}
	dir := t.TempDir()
	for _, manifest := range manifests {
		switch {
		case manifest.GetKind() == "MutatingWebhookConfiguration":
			var webhooks admissionregistrationv1.MutatingWebhookConfiguration
			if err := yaml.Unmarshal([]byte(manifest.Content), &webhooks); err != nil {
				t.Fatal(err)
			}
			out.webhooks = append(out.webhooks, webhooks.Webhooks...)
		case manifest.GetKind() == "ConfigMap" && manifest.GetLabels()["app.kubernetes.io/name"] == "istiod":
			var from corev1.ConfigMap
			if err := yaml.Unmarshal([]byte(manifest.Content), &from); err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"config", "values"} {
				if text, ok := from.Data[name]; ok {
					if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
	if out.watcher, err = injector.NewFileWatcher(filepath.Join(dir, "config"), filepath.Join(dir, "values")); err != nil {
		t.Fatal(err)
	}
	if len(out.webhooks) == 0 {
		t.Fatal("the chart has no webhooks")
	}
	return out
}

// pod creates a pod of a workload as the API server would: it calls the webhooks whose selectors match, and applies what
// they answer.
func (w *world) pod(installed []installation, name string) (any, error) {
	template := w.in.workloads[name]
	if template == nil {
		return nil, fmt.Errorf("the build has no workload %s", name)
	}
	namespace, _, _ := bytes.Cut([]byte(name), []byte("/"))
	pod := &corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: *template.ObjectMeta.DeepCopy(), Spec: *template.Spec.DeepCopy(),
	}
	pod.Name, pod.Namespace = "pod", string(namespace)
	if len(pod.Spec.Containers) == 0 {
		pod.Spec.Containers = []corev1.Container{{Name: "app", Image: "app"}}
	}
	document, err := json.Marshal(pod)
	if err != nil {
		return nil, err
	}
	called := []string{}
	for i := range installed {
		hooks, err := w.matching(&installed[i], pod)
		if err != nil {
			return nil, err
		}
		for _, hook := range hooks {
			called = append(called, installed[i].revision+"/"+hook)
			if document, err = w.injected(&installed[i], document, pod.Namespace); err != nil {
				return nil, err
			}
		}
	}
	var out any
	err = json.Unmarshal(document, &out)
	return map[string]any{"webhooks": called, "pod": out}, err
}

// matching lists the webhooks of a revision that the API server would call for a pod.
func (w *world) matching(installed *installation, pod *corev1.Pod) ([]string, error) {
	namespace := labels.Set{"kubernetes.io/metadata.name": pod.Namespace}
	for _, one := range w.in.namespaces {
		if one.Name == pod.Namespace {
			namespace = labels.Merge(namespace, one.Labels)
		}
	}
	var names []string
	for i := range installed.webhooks {
		hook := &installed.webhooks[i]
		inNamespace, err := metav1.LabelSelectorAsSelector(hook.NamespaceSelector)
		if err != nil {
			return nil, err
		}
		ofObject, err := metav1.LabelSelectorAsSelector(hook.ObjectSelector)
		if err != nil {
			return nil, err
		}
		if inNamespace.Matches(namespace) && ofObject.Matches(labels.Set(pod.Labels)) {
			names = append(names, hook.Name)
		}
	}
	return names, nil
}

// injected sends a pod through the injector of a revision.
func (w *world) injected(installed *installation, document []byte, namespace string) ([]byte, error) {
	mux := http.NewServeMux()
	_, err := injector.NewWebhook(injector.WebhookParameters{
		Watcher: installed.watcher, Env: w.server.Env(), Mux: mux, Revision: installed.revision,
	})
	if err != nil {
		return nil, err
	}
	review, err := json.Marshal(&admissionv1.AdmissionReview{
		TypeMeta: metav1.TypeMeta{APIVersion: "admission.k8s.io/v1", Kind: "AdmissionReview"},
		Request:  &admissionv1.AdmissionRequest{UID: "1", Namespace: namespace, Object: runtime.RawExtension{Raw: document}},
	})
	if err != nil {
		return nil, err
	}
	request := httptest.NewRequest(http.MethodPost, "/inject", bytes.NewReader(review))
	request.Header.Set("Content-Type", "application/json")
	recorder := httptest.NewRecorder()
	mux.ServeHTTP(recorder, request)
	var answer admissionv1.AdmissionReview
	if err := json.Unmarshal(recorder.Body.Bytes(), &answer); err != nil {
		return nil, fmt.Errorf("%w in %s", err, recorder.Body)
	}
	switch {
	case answer.Response == nil || !answer.Response.Allowed:
		return nil, fmt.Errorf("the injector refused the pod: %s", recorder.Body)
	case len(answer.Response.Patch) == 0:
		return document, nil
	}
	patch, err := jsonpatch.DecodePatch(answer.Response.Patch)
	if err != nil {
		return nil, err
	}
	return patch.Apply(document)
}
