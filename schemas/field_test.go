package schemas

import (
	"slices"
	"strings"
	"testing"
)

func TestLookup(t *testing.T) {
	service := []string{"spec", "services", "web"}
	timeout, ok := Lookup("Mesh", append(service, "timeout")...)
	if !ok || timeout.Default == "" || len(timeout.Fields) > 0 {
		t.Errorf("timeout: %+v, %t", timeout, ok)
	}
	retries, ok := Lookup("Mesh", append(service, "ports", "http", "retries")...)
	if !ok || !slices.Contains(retries.Fields, "perTryTimeout") || !strings.HasPrefix(retries.Default, "two retries") {
		t.Errorf("retries: %+v, %t", retries, ok)
	}
	if weight, ok := Lookup("Mesh", append(service, "versions", "v1", "weight")...); !ok || len(weight.Fields) > 0 {
		t.Errorf("weight: %+v, %t", weight, ok)
	}
	if versions, ok := Lookup("Mesh", append(service, "versions")...); !ok || !versions.AnyKey {
		t.Errorf("versions: %+v, %t", versions, ok)
	}
	for _, unknown := range [][]string{append(service, "timeot"), append(service, "timeout", "seconds"), {"spec", "services", "web", "ports", "http", "sidecar"}} {
		if found, ok := Lookup("Mesh", unknown...); ok {
			t.Errorf("%v: %+v", unknown, found)
		}
	}
	if _, ok := Lookup("Deployment", "spec"); ok {
		t.Error("a Deployment has a schema")
	}
}
