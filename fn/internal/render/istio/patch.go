package istio

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	"istio.io/api/annotation"
	"istio.io/istio/pkg/util/protomarshal"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/manifest"
	"github.com/meshfn/meshfn/fn/internal/plan"
)

// patch changes one generated object by JSON Merge Patch. The result must still be of Istio's type, to the last field.
func (r *renderer) patch(p *plan.Patch) {
	object := r.find(p)
	if object == nil {
		return
	}
	if problem := forbidden(p); problem != nil {
		r.findings = append(r.findings, *problem)
		return
	}
	if problem := misfit(p, object.Typed.(proto.Message)); problem != nil {
		r.findings = append(r.findings, *problem)
		return
	}
	fields, typed, err := merged(object, p.Merge)
	if err != nil {
		r.findings = append(r.findings, diag.Finding{
			Code: diag.PatchInvalid, Source: p.Field("merge"),
			Message: fmt.Sprintf("the patched %s would not be a %s: %v", object.Resource, object.Resource.Kind, err),
			Because: checkedAgainst(p.Kind),
		})
		return
	}
	object.Patches = append(object.Patches, manifest.Patch{
		Merge: p.Merge, At: func(field string) diag.Source { return p.Field("merge." + field) },
		Before: object.Typed, From: object.From,
	})
	object.Fields, object.Typed, object.From = fields, typed, p.From // What is wrong with it now is wrong with the patch.
	r.findings = append(r.findings, diag.Finding{
		Code: diag.Patched, Severity: diag.Info, Source: p.From,
		Message: fmt.Sprintf("%s is patched by hand", object.Resource),
	})
}

// find returns the object that a patch names, among those of its own Mesh.
func (r *renderer) find(p *plan.Patch) *manifest.Object {
	var known []string
	for i := range r.out.Objects {
		object := &r.out.Objects[i]
		if object.Owner != p.Owner || object.Resource.Kind != p.Kind {
			continue
		}
		if object.Resource.Name == p.Name {
			return object
		}
		known = append(known, object.Resource.Name)
	}
	finding := diag.Finding{
		Code: diag.PatchNoTarget, Source: p.Field("target.name"),
		Message: fmt.Sprintf("this Mesh generates no %s %q; it generates: %s", p.Kind, p.Name, diag.OneOf(known)),
	}
	if len(known) == 0 {
		finding.Message = fmt.Sprintf("this Mesh generates no %s", p.Kind)
	} else if nearest, ok := diag.Nearest(p.Name, known); ok {
		finding.Try, finding.Proposed = "name: "+nearest, nearest
	}
	r.findings = append(r.findings, finding)
	return nil
}

// forbidden refuses to patch what identifies the object or marks it as generated.
func forbidden(p *plan.Patch) *diag.Finding {
	for _, key := range sortedKeys(p.Merge) {
		if key != "spec" && key != "metadata" {
			return mayNot(p, diag.Join("merge", key), "spec, metadata.labels, metadata.annotations")
		}
		if _, ok := p.Merge[key].(map[string]any); !ok {
			return mayNot(p, diag.Join("merge", key), "fields below "+key)
		}
	}
	metadata, _ := p.Merge["metadata"].(map[string]any)
	for _, key := range sortedKeys(metadata) {
		field := diag.Join("merge.metadata", key)
		entries, ok := metadata[key].(map[string]any)
		switch {
		case key != "labels" && key != "annotations":
			return mayNot(p, field, "labels, annotations")
		case !ok:
			return mayNot(p, field, "single "+key)
		}
		if problem := forbiddenEntry(p, field, entries); problem != nil {
			return problem
		}
	}
	return nil
}

func forbiddenEntry(p *plan.Patch, field string, entries map[string]any) *diag.Finding {
	for _, name := range sortedKeys(entries) {
		at := diag.Join(field, name)
		if strings.HasPrefix(name, "meshfn.dev/") {
			return mayNot(p, at, "other entries")
		}
		if name == annotation.IoIstioDryRun.Name { // It would take away what guards the pods, and evade a lock of the setting.
			return mayNot(p, at, "other entries; auth.dryRun is the setting for it")
		}
		if _, ok := entries[name].(string); !ok && entries[name] != nil {
			return &diag.Finding{
				Code: diag.PatchInvalid, Source: p.Field(at),
				Message: strings.TrimPrefix(at, "merge.") + " is not text; allowed: text in quotes, or null to remove it",
			}
		}
	}
	return nil
}

func mayNot(p *plan.Patch, field, allowed string) *diag.Finding {
	return &diag.Finding{
		Code: diag.PatchInvalid, Source: p.Field(field),
		Message: fmt.Sprintf("a patch may not change %s; allowed: %s", strings.TrimPrefix(field, "merge."), allowed),
	}
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func merged(object *manifest.Object, merge map[string]any) (map[string]any, proto.Message, error) {
	before, err := json.Marshal(object.Fields)
	if err != nil {
		return nil, nil, err
	}
	change, err := json.Marshal(merge)
	if err != nil {
		return nil, nil, err
	}
	after, err := jsonpatch.MergePatch(before, change)
	if err != nil {
		return nil, nil, err
	}
	var fields map[string]any
	if err := json.Unmarshal(after, &fields); err != nil {
		return nil, nil, err
	}
	text, err := json.Marshal(fields["spec"])
	if err != nil {
		return nil, nil, err
	}
	typed := object.Typed.(proto.Message).ProtoReflect().New().Interface()
	if err := protomarshal.ApplyJSONStrict(string(text), typed); err != nil {
		return nil, nil, err
	}
	// What the user wrote may be a form that Istio reads and that another tool shows as a difference, such as 1m for 60s.
	if fields["spec"], err = specFields(typed); err != nil {
		return nil, nil, err
	}
	return fields, typed, nil
}
