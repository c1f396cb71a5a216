package istio

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"istio.io/istio/pkg/config/crd"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/webhooks/validation/server"
	admission "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// schemas holds the CRDs that Istio installs.
type schemas struct{ validator *crd.Validator }

// crdRules compiles Istio's CRDs, with their CEL rules, from the module that publishes them.
func crdRules(t *testing.T) schemas {
	t.Helper()
	path := filepath.Join(moduleDirectory(t, "istio.io/api"), "kubernetes", "customresourcedefinitions.gen.yaml")
	validator, err := crd.NewValidatorFromFilesWithOptions([]string{path}, crd.WithoutCRDValidation())
	if err != nil {
		t.Fatal(err)
	}
	return schemas{validator}
}

// check says what an API server with these CRDs would refuse, unknown fields included.
func (s schemas) check(t *testing.T, objects []*unstructured.Unstructured) []message {
	t.Helper()
	var all []message
	for _, object := range objects {
		if !isIstio(object) {
			continue
		}
		if err := s.validator.ValidateCustomResource(object); err != nil {
			all = append(all, message{"CRD", named(object), err.Error()})
		}
	}
	return all
}

// webhook is istiod's own admission server.
type webhook struct{ handler http.Handler }

// newWebhook sets the server up as istiod does.
func newWebhook(t *testing.T) webhook {
	t.Helper()
	mux := http.NewServeMux()
	if _, err := server.New(server.Options{Schemas: collections.PilotGatewayAPI(), DomainSuffix: "cluster.local", Mux: mux}); err != nil {
		t.Fatal(err)
	}
	return webhook{mux}
}

// review asks the server to admit each object of Istio's.
func (w webhook) review(t *testing.T, objects []*unstructured.Unstructured) []message {
	t.Helper()
	var all []message
	for _, object := range objects {
		if !isIstio(object) {
			continue
		}
		response := w.admit(t, object)
		if !response.Allowed {
			all = append(all, message{"IST0106", named(object), response.Result.Message})
		}
		for _, warning := range response.Warnings {
			all = append(all, message{"IST0133", named(object), warning})
		}
	}
	return all
}

func (w webhook) admit(t *testing.T, object *unstructured.Unstructured) *admission.AdmissionResponse {
	t.Helper()
	raw, err := object.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(admission.AdmissionReview{
		TypeMeta: metav1.TypeMeta{APIVersion: "admission.k8s.io/v1", Kind: "AdmissionReview"},
		Request: &admission.AdmissionRequest{
			Operation: admission.Create, Object: runtime.RawExtension{Raw: raw},
			Kind: metav1.GroupVersionKind(object.GroupVersionKind()), Namespace: object.GetNamespace(), Name: object.GetName(),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/validate", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, request)
	var review admission.AdmissionReview
	if err := json.Unmarshal(answer.Body.Bytes(), &review); err != nil || review.Response == nil {
		t.Fatalf("%s: status %d: %s", named(object), answer.Code, answer.Body)
	}
	return review.Response
}

// isIstio says whether Istio's webhook is asked about an object, and whether its CRD is Istio's.
func isIstio(object *unstructured.Unstructured) bool {
	return strings.HasSuffix(object.GroupVersionKind().Group, ".istio.io")
}

// moduleDirectory is where a module lies that this one depends on.
func moduleDirectory(t *testing.T, module string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		t.Fatalf("go list %s: %v", module, err)
	}
	return strings.TrimSpace(string(out))
}
