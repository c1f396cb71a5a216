package explain

import (
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/plan"
)

// patchOf finds the patch that has the last word about a field of an object. What a merge patch holds is what is written,
// so nothing has to be measured: https://www.rfc-editor.org/rfc/rfc7386.
func patchOf(patches []plan.Patch, object *written, path string) (diag.Source, bool) {
	for i := len(patches) - 1; i >= 0; i-- {
		p := &patches[i]
		if p.Kind != object.resource.Kind || p.Name != object.resource.Name || p.Owner != object.owner {
			continue
		}
		if field, ok := patched(p.Merge, path); ok {
			return p.Field("merge." + field), true
		}
	}
	return diag.Source{}, false
}

// patched is the path of a field inside a patch. A list or a single value replaces all that was there.
func patched(merge any, field string) (path string, ok bool) {
	steps, _ := diag.Split(field)
	for i, step := range steps {
		fields, isMap := merge.(map[string]any)
		if !isMap {
			return replaced(merge, steps[i:], path), true
		}
		if merge, ok = fields[step.Key]; !ok {
			return "", false
		}
		path = diag.Join(path, step.Key)
	}
	return path, true
}

// replaced follows a field into what a patch replaces as a whole, as far as the patch writes it in the same form.
func replaced(value any, steps []diag.Step, path string) string {
	for _, step := range steps {
		if step.Listed {
			list, _ := value.([]any)
			if step.Index >= len(list) {
				return path
			}
			value, path = list[step.Index], diag.At(path, step.Index)
			continue
		}
		fields, _ := value.(map[string]any)
		if fields[step.Key] == nil {
			return path
		}
		value, path = fields[step.Key], diag.Join(path, step.Key)
	}
	return path
}
