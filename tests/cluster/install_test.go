package cluster

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// define installs the kinds of Istio and of the Gateway API as they are published.
func (c *cluster) define(addresses) error {
	plain, err := client.New(c.config, client.Options{Scheme: runtime.NewScheme()})
	if err != nil {
		return err
	}
	// What the API server would otherwise only warn of is an error.
	c.client = client.WithFieldValidation(plain, "Strict")
	paths, err := filepath.Glob(filepath.Join(tools, "crds", "*.yaml"))
	if err != nil {
		return err
	}
	if len(paths) < 2 {
		return fmt.Errorf("%d files of definitions", len(paths))
	}
	var kinds []*unstructured.Unstructured
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		objects, err := parse(string(text))
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		kinds = append(kinds, objects...)
	}
	for _, kind := range kinds {
		if err := c.put(context.Background(), kind); err != nil {
			return err
		}
	}
	for _, kind := range kinds {
		if kind.GetKind() != "CustomResourceDefinition" {
			continue
		}
		if err := eventually(func() error { return c.established(kind) }); err != nil {
			return err
		}
	}
	return nil
}

func (c *cluster) established(kind *unstructured.Unstructured) error {
	live, err := c.live(context.Background(), kind)
	if err != nil {
		return err
	}
	conditions, _, err := unstructured.NestedSlice(live.Object, "status", "conditions")
	for _, condition := range conditions {
		if fields, ok := condition.(map[string]any); ok && fields["type"] == "Established" && fields["status"] == "True" {
			return nil
		}
	}
	return errors.Join(fmt.Errorf("%s is not established", kind.GetName()), err)
}

// webhook is the ValidatingWebhookConfiguration of Istio's chart, without its selector, so that every object is shown to
// istiod. https://istio.io/latest/docs/ops/configuration/mesh/validation/
const webhook = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata:
  name: istio-validator-istio-system
webhooks:
- name: rev.validation.istio.io
  clientConfig:
    url: https://%s/validate
    caBundle: %s
  rules:
  - operations: [CREATE, UPDATE]
    apiGroups: [security.istio.io, networking.istio.io, telemetry.istio.io, extensions.istio.io]
    apiVersions: ["*"]
    resources: ["*"]
  failurePolicy: Fail
  sideEffects: None
  admissionReviewVersions: [v1]
`

// askIstiod installs the webhook, and waits until the API server asks it.
func (c *cluster) askIstiod(at addresses) error {
	authority, err := os.ReadFile(c.file("ca.crt"))
	if err != nil {
		return err
	}
	objects, err := parse(fmt.Sprintf(webhook, at.https, base64.StdEncoding.EncodeToString(authority)))
	if err != nil {
		return err
	}
	if err := c.put(context.Background(), objects[0]); err != nil {
		return err
	}
	bad, err := parse(withoutHosts)
	if err != nil {
		return err
	}
	bad[0].SetNamespace("default")
	return eventually(func() error {
		err := c.put(context.Background(), bad[0].DeepCopy(), client.DryRunAll)
		if err == nil {
			return errors.New("the API server does not ask istiod: it takes what istiod refuses")
		}
		if !strings.Contains(err.Error(), denied) {
			return err
		}
		return nil
	})
}

// denied is what the API server says when istiod refuses.
const denied = `admission webhook "rev.validation.istio.io" denied the request`

// withoutHosts passes the schema of its kind, but not istiod.
const withoutHosts = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: refused}
spec:
  hosts: [web]
  http:
  - redirect: {uri: /}
    route: [{destination: {host: web}}]
`

// put applies one object as kubectl apply --server-side does.
func (c *cluster) put(ctx context.Context, object *unstructured.Unstructured, options ...client.ApplyOption) error {
	return c.client.Apply(ctx, client.ApplyConfigurationFromUnstructured(object), append(options, client.FieldOwner("tests"))...)
}

// live is what the cluster has under an object's name.
func (c *cluster) live(ctx context.Context, object *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	live := &unstructured.Unstructured{}
	live.SetGroupVersionKind(object.GroupVersionKind())
	return live, c.client.Get(ctx, client.ObjectKeyFromObject(object), live)
}

// remove deletes objects at once. A namespace stays until somebody finalizes it, which is otherwise a controller's work.
func (c *cluster) remove(ctx context.Context, objects []*unstructured.Unstructured) error {
	var failed error
	for _, object := range objects {
		err := c.client.Delete(ctx, object, client.PropagationPolicy("Background"), client.GracePeriodSeconds(0))
		if err != nil && !apierrors.IsNotFound(err) {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// eventually repeats what should soon succeed.
func eventually(try func() error) error {
	deadline := time.Now().Add(30 * time.Second)
	for {
		err := try()
		if err == nil || time.Now().After(deadline) {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}
