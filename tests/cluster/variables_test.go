package cluster

import (
	"maps"
	"strings"
	"testing"

	"github.com/fluxcd/pkg/envsubst"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// variables are what a cluster gives the variables of the corpora. None is the sample by which they were validated.
func variables() map[string]string {
	return map[string]string{
		"DOMAIN": "eu.example.com", "SHOP_HOST": "shop.example.net", "PAY_HOST": "pay.eu.example.net", "REGION": "us",
		"REVISION": "canary", "TAG": "1", "OWNER": "web", "NS": "shop-eu", "HOME": "never", "region": "us",
		"CLUSTER": "ap-1", "REPLICAS": "3",
	}
}

// filledIn is a stream in which the variables are filled in, as Flux does it before it applies.
func filledIn(t *testing.T, stream string) string {
	t.Helper()
	if !strings.Contains(stream, "${") {
		return stream
	}
	text, err := envsubst.Eval(stream, func(name string) (string, bool) {
		if value, ok := variables()[name]; ok {
			return value, true
		}
		return "${" + name + "}", true // It only looks like a variable, or nobody fills it in.
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// givenVariables has a Kustomization of Flux fill them in.
func givenVariables(t *testing.T, kustomization *unstructured.Unstructured) *unstructured.Unstructured {
	t.Helper()
	out := kustomization.DeepCopy()
	given, _, err := unstructured.NestedStringMap(out.Object, "spec", "postBuild", "substitute")
	if err != nil {
		t.Fatal(err)
	}
	all := variables()
	maps.Copy(all, given)
	if err := unstructured.SetNestedStringMap(out.Object, all, "spec", "postBuild", "substitute"); err != nil {
		t.Fatal(err)
	}
	return out
}
