package read

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// misplaced says where a field is known that is unknown where it stands, "" where it is known nowhere near.
func misplaced(kind, path, name string) string {
	section, rest, _ := strings.Cut(strings.TrimPrefix(path, "spec."), ".")
	_, limited, isLimit := strings.Cut(path, ".limits.")
	switch {
	case path == "spec" && kind == v1alpha1.KindMeshProfile && name == "stage":
		return "rollout: {stage: …}"
	case path == "spec" && kind == v1alpha1.KindMeshProfile && has[v1alpha1.MeshSpec](name):
		return name + " in a Mesh, which is written beside an application"
	case path == "spec" && kind == v1alpha1.KindMesh && has[v1alpha1.MeshProfileSpec](name):
		return name + " in the MeshProfile, which is the platform's"
	case path == "spec" && has[v1alpha1.Defaults](name):
		return fmt.Sprintf("defaults: {%s: …}", name)
	case path == "spec" && has[v1alpha1.Service](name):
		return fmt.Sprintf("services: {SERVICE: {%s: …}}, with the name of the Service", name)
	case kind == v1alpha1.KindMeshProfile && isLimit && setting(limited+"."+name):
		return fmt.Sprintf("limits: {%s.%s: …}, the whole path as one key", limited, name)
	case kind == v1alpha1.KindMesh && section == "workloads" && has[v1alpha1.TrafficSettings](name):
		return name + " at the Service that is called; a workload without one is called by nobody"
	case kind == v1alpha1.KindMesh && section == "defaults" && rest == "" && has[v1alpha1.Service](name):
		return fmt.Sprintf("services: {SERVICE: {%s: …}}, with the name of the Service", name)
	case kind == v1alpha1.KindMesh && portOf(path) && has[v1alpha1.WorkloadSettings](name):
		return name + " one level up, at the Service: it is about the pods, not about one port"
	}
	return ""
}

// portOf reports whether a path is that of an entry of ports.
func portOf(path string) bool {
	at := strings.LastIndex(path, ".ports")
	return at >= 0 && strings.HasPrefix(path, "spec.services.") && !strings.Contains(strings.TrimLeft(path[at+len(".ports"):], "."), ".")
}

func setting(path string) bool {
	return slices.ContainsFunc(spec.Settings(), func(s spec.Setting) bool { return s.Path == path })
}

// has reports whether a mapping has a field.
func has[T any](name string) bool {
	fields := map[string]reflect.Value{}
	fieldsOf(reflect.New(reflect.TypeFor[T]()).Elem(), fields, map[string]v1alpha1.Rules{})
	return fields[name].IsValid()
}
