package read

import "testing"

func TestMisplaced(t *testing.T) {
	tests := []struct{ kind, path, name, want string }{
		{"MeshProfile", "spec", "stage", "rollout: {stage: …}"},
		{"MeshProfile", "spec", "services", "services in a Mesh, which is written beside an application"},
		{"Mesh", "spec", "limits", "limits in the MeshProfile, which is the platform's"},
		{"Mesh", "spec", "timeout", "defaults: {timeout: …}"},
		{"MeshProfile", "spec", "sidecar", "defaults: {sidecar: …}"},
		{"Mesh", "spec", "expose", "services: {SERVICE: {expose: …}}, with the name of the Service"},
		{"Mesh", "spec.defaults", "expose", "services: {SERVICE: {expose: …}}, with the name of the Service"},
		{"MeshProfile", "spec.defaults", "expose", ""}, // The platform knows no Services.
		{"MeshProfile", "spec.limits.retries", "attempts", "limits: {retries.attempts: …}, the whole path as one key"},
		{"MeshProfile", "spec.namespaces.shop.limits.retries", "attempts", "limits: {retries.attempts: …}, the whole path as one key"},
		{"MeshProfile", "spec.limits.timeout", "maximum", ""},
		{"Mesh", "spec.workloads.CronJob/nightly", "timeout", "timeout at the Service that is called; a workload without one is called by nobody"},
		{"Mesh", "spec.services.web.ports.http", "sidecar", "sidecar one level up, at the Service: it is about the pods, not about one port"},
		{"Mesh", "spec.services.web.ports.http.retries", "sidecar", ""},
		{"Mesh", "spec.services.web", "timeuot", ""},
		{"Mesh", "spec", "unknown", ""},
	}
	for _, test := range tests {
		if got := misplaced(test.kind, test.path, test.name); got != test.want {
			t.Errorf("%s %s of a %s: %q, want %q", test.path, test.name, test.kind, got, test.want)
		}
	}
}
