package explain

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/plan"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

// spot is one thing in the plan that can be changed to see what becomes of it.
type spot struct {
	value  reflect.Value // addressable
	whole  reflect.Value // the Value around it, which can be unset; invalid where there is none
	path   string        // in the plan, without positions in lists
	text   string        // what it is, as JSON
	by     spec.Origin   // who decided it
	part   bool          // it is a field of a value that was decided as a whole
	loose  bool          // nobody decided it by itself; it belongs to something around it
	place  place
	around spec.Origin // who asked for the block around it
}

// place is what a spot of the plan is about.
type place struct{ subject, port string }

// finder collects the spots of a part of the plan by reflection, so that a field that is added to the plan is measured
// without a word here.
type finder struct {
	plan  *plan.Plan
	spots []spot
	loose bool           // of the field that is looked at
	seen  map[sight]bool // a block that is shared is looked at once
}

type sight struct {
	address any
	by      diag.Source
}

func (f *finder) find(v reflect.Value, path string, around spec.Origin, at place) {
	switch v.Kind() {
	case reflect.Pointer:
		switch {
		case v.IsNil():
		case ofPlan(v.Elem().Type()):
			f.find(v.Elem(), path, around, at)
		default:
			f.add(spot{value: v, path: path, by: around, around: around, place: at, loose: f.loose})
		}
	case reflect.Struct:
		if isValue(v.Type()) {
			f.decided(v, path, around, at)
			return
		}
		f.fields(v, path, around, at)
	case reflect.Slice:
		if !ofPlan(v.Type().Elem()) {
			f.add(spot{value: v, path: path, by: around, around: around, place: at, loose: f.loose})
			return
		}
		for i := range v.Len() {
			f.find(v.Index(i), path, around, f.within(v, i, at))
		}
	default:
		f.add(spot{value: v, path: path, by: around, around: around, place: at, loose: f.loose})
	}
}

func (f *finder) fields(v reflect.Value, path string, around spec.Origin, at place) {
	inherited := true
	if own := origin(v.FieldByName("From"), ""); known(own) {
		around, inherited = own, false
	}
	at = f.about(v, at)
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() || field.Tag.Get("json") == "-" {
			continue
		}
		by := tagged(v, field.Tag.Get("from"))
		if f.loose = inherited && len(by) == 0; len(by) == 0 {
			by = []spec.Origin{around}
		}
		for _, origin := range by {
			f.find(v.Field(i), path+"."+field.Name, origin, at)
		}
	}
}

// tagged reads the fields that a tag names as the origins of the field beside it: `from:"Object:metadata.name,PortAt"`.
func tagged(v reflect.Value, tag string) []spec.Origin {
	var found []spec.Origin
	for word := range strings.SplitSeq(tag, ",") {
		name, inside, _ := strings.Cut(word, ":")
		field := v.FieldByName(name)
		if list, ok := reflect.TypeAssert[[]spec.Origin](valid(field)); ok {
			found = append(found, list...)
		} else if list, ok := reflect.TypeAssert[[]diag.Source](valid(field)); ok {
			for _, at := range list {
				found = append(found, spec.Origin{At: at})
			}
		} else if list, ok := reflect.TypeAssert[[]spec.Origin](valid(field)); ok {
			found = append(found, list...)
		} else if own := origin(field, inside); known(own) {
			found = append(found, own)
		}
	}
	return found
}

func valid(v reflect.Value) reflect.Value {
	if v.IsValid() {
		return v
	}
	return reflect.ValueOf(struct{}{})
}

// known reports whether an origin says anything.
func known(o spec.Origin) bool { return o.Layer != spec.Unset || o.At != (diag.Source{}) }

// decided adds a Value, or each field of one that was decided as a whole.
func (f *finder) decided(v reflect.Value, path string, around spec.Origin, at place) {
	inner, by, loose := v.FieldByName("V"), origin(v.FieldByName("From"), ""), false
	if by.Layer == spec.Unset {
		by, loose = around, true
	}
	if inner.Kind() != reflect.Struct {
		f.add(spot{value: inner, whole: v, path: path, by: by, around: around, place: at, loose: loose})
		return
	}
	for i := range inner.NumField() {
		name, _, _ := strings.Cut(inner.Type().Field(i).Tag.Get("json"), ",")
		part := by
		part.Setting = diag.Join(by.Setting, name)
		f.add(spot{value: inner.Field(i), path: path + "." + name, by: part, around: around, place: at, part: true, loose: loose})
	}
}

func (f *finder) add(s spot) {
	seen := sight{s.value.Addr().Interface(), s.by.At}
	if f.seen[seen] || !known(s.by) {
		return
	}
	f.seen[seen] = true
	text, err := json.Marshal(s.value.Interface())
	if err != nil {
		return
	}
	s.text = string(text)
	f.spots = append(f.spots, s)
}

// about says which Service or workload a part of the plan is about, and which port.
func (f *finder) about(v reflect.Value, at place) place {
	switch part := v.Addr().Interface().(type) {
	case *plan.Service:
		return place{subject: subject("Service", part.Namespace, part.Name)}
	case *plan.Port:
		at.port = part.Key()
	case *plan.EntryPath:
		return place{subject("Service", part.Namespace, part.Service), f.portOf(part)}
	case *plan.External:
		return place{subject: subject(spec.ServiceEntry, part.Namespace, part.About)}
	case *plan.ExternalPort:
		at.port = part.Key()
	case *plan.Pod:
		return place{subject: subject(part.Kind, part.Namespace, part.Name)}
	case *plan.ScopePart:
		return place{subject: subject(part.Kind, part.Namespace, part.Name)}
	}
	return at
}

// within is the place of one entry of a list: the policies of a split are in the order of its Service's ports.
func (f *finder) within(list reflect.Value, i int, at place) place {
	if _, ok := reflect.TypeAssert[[]plan.Policy](list); ok {
		if service := f.service(at.subject); service != nil && i < len(service.Ports) {
			at.port = service.Ports[i].Key()
		}
	}
	return at
}

func (f *finder) service(name string) *plan.Service {
	for i := range f.plan.Services {
		service := &f.plan.Services[i]
		if subject("Service", service.Namespace, service.Name) == name {
			return service
		}
	}
	return nil
}

func (f *finder) portOf(path *plan.EntryPath) string {
	service := f.service(subject("Service", path.Namespace, path.Service))
	if service == nil {
		return ""
	}
	for i := range service.Ports {
		if port := &service.Ports[i]; port.Number == path.Port && port.Protocol.Routable() {
			return port.Key()
		}
	}
	return ""
}

// origin reads a field that says where something is from, whichever of its forms it has.
func origin(field reflect.Value, inside string) spec.Origin {
	if !field.IsValid() {
		return spec.Origin{}
	}
	switch from := field.Interface().(type) {
	case spec.Origin:
		return from
	case diag.Source:
		return spec.Origin{At: from}
	case spec.Located:
		if from != nil {
			return spec.Origin{At: from(inside)}
		}
	}
	return spec.Origin{}
}

func ofPlan(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t.PkgPath() == reflect.TypeFor[plan.Plan]().PkgPath()
}

func isValue(t reflect.Type) bool { return ofPlan(t) && strings.HasPrefix(t.Name(), "Value[") }

// subject names a Service or workload as diag.Resource does.
func subject(kind, namespace, name string) string {
	return diag.Resource{Kind: kind, Namespace: namespace, Name: name}.String()
}
