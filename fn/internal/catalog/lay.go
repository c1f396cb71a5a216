package catalog

import (
	"maps"
	"reflect"
	"slices"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
)

// Part is one of the things that a catalogue is made of.
type Part struct {
	From  string // as it was named: a directory or a file
	Built bool   // it is a build, which knows better than a catalogue that was written before
	Spec  *v1alpha1.MeshCatalogSpec
}

// Conflict is a name of which two parts say something.
type Conflict struct {
	Field, Key string // services or workloads
	Parts      [2]int // of which the second came later
}

// Lay lays parts together. What a catalogue says of a Mesh that is built again, or of a name that a build has, is left out.
func Lay(parts []Part) (*v1alpha1.MeshCatalogSpec, []Conflict) {
	out := &v1alpha1.MeshCatalogSpec{Services: map[string]*v1alpha1.CatalogService{}, Workloads: map[string]*v1alpha1.CatalogWorkload{}}
	l := layer{parts: parts, meshes: map[string]bool{}, of: map[string]int{}}
	for i := range parts {
		if parts[i].Built {
			l.noteMeshes(parts[i].Spec)
		}
	}
	for _, built := range []bool{true, false} {
		for i := range parts {
			if parts[i].Built != built {
				continue
			}
			lay(&l, i, "services", parts[i].Spec.Services, out.Services, func(s *v1alpha1.CatalogService) *string { return s.Mesh })
			lay(&l, i, "workloads", parts[i].Spec.Workloads, out.Workloads, func(w *v1alpha1.CatalogWorkload) *string { return w.Mesh })
		}
	}
	return out, l.conflicts
}

type layer struct {
	parts     []Part
	meshes    map[string]bool // that are built
	of        map[string]int  // the part that an entry is from
	conflicts []Conflict
}

func (l *layer) noteMeshes(in *v1alpha1.MeshCatalogSpec) {
	for _, service := range in.Services {
		if service.Mesh != nil {
			l.meshes[*service.Mesh] = true
		}
	}
	for _, workload := range in.Workloads {
		if workload.Mesh != nil {
			l.meshes[*workload.Mesh] = true
		}
	}
}

func lay[T any](l *layer, part int, field string, entries, out map[string]*T, meshOf func(*T) *string) {
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		entry, earlier := entries[key], out[key]
		mesh, built := meshOf(entry), l.parts[part].Built
		first := l.of[field+" "+key]
		switch {
		case !built && mesh != nil && l.meshes[*mesh]:
		case earlier == nil:
			out[key], l.of[field+" "+key] = entry, part
		case !built && (l.parts[first].Built || reflect.DeepEqual(earlier, entry)):
		default:
			l.conflicts = append(l.conflicts, Conflict{Field: field, Key: key, Parts: [2]int{first, part}})
		}
	}
}
