package expand

import (
	"fmt"
	"maps"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/manifest"
	"github.com/meshfn/meshfn/fn/internal/spec"
	"github.com/meshfn/meshfn/fn/internal/substitute"
)

// follow expands a build that leaves values to Flux. It is judged with the samples. What is written comes from another run, in
// which other texts stand for the variables, and these texts become the variables again. Both have to be the same once the
// samples are filled in, or else something was decided by a value that is not known yet.
func follow(in Input, variables *substitute.Variables, given diag.List) (*Output, diag.List, error) {
	f := &follower{in: in, variables: variables}
	build := f.with(variables.Samples())
	findings := append(slices.Clone(given), variables.Explained(build.findings)...)
	if findings.HasErrors() {
		return build.out, findings.Sorted(), nil
	}
	f.build = build
	written, refused := f.proven()
	if len(refused) > 0 {
		if without := variables.Without(f.blamed); without != nil { // It is unknown then, which may be good enough.
			if out, found, err := follow(in, without, given); !found.HasErrors() {
				return out, found, err
			}
		}
		return build.out, append(findings, refused...).Sorted(), nil
	}
	items, err := assemble(in, written.own, written.rendered)
	build.out.Items = items
	return build.out, findings.Sorted(), err
}

// follower holds what the runs of a build have in common.
type follower struct {
	in        Input
	variables *substitute.Variables
	build     *tried // with the samples
	blamed    string // the variable that decides something, by its name
}

// tried is a run in which something stands for the variables.
type tried struct {
	*judged
	values substitute.Values
	built  *substitute.Build
}

func (f *follower) with(values substitute.Values) *tried {
	built := f.variables.In(f.in.Items, f.in.Config, values)
	one := judge(Input{Items: built.Items, Config: built.Config, Place: f.in.Place}, spec.HostNames(f.variables.Names(values)))
	return &tried{judged: one, values: values, built: built}
}

// proven is the run that is written.
func (f *follower) proven() (*judged, diag.List) {
	if len(f.build.rendered.Objects)+len(f.build.rendered.Edits) == 0 {
		return &judged{rendered: f.build.rendered, own: came(f.build)}, nil
	}
	near, difference := f.try(f.variables.Near())
	if difference != nil {
		return nil, f.blame(difference)
	}
	for _, values := range f.variables.Others() {
		// The rules of the platform hold for the sample, which was judged.
		if _, difference := f.try(values); difference != nil && !difference.ruled {
			return nil, f.blame(difference)
		}
	}
	return near, nil
}

// try runs the build with values and says what is not the same with them.
func (f *follower) try(values substitute.Values) (*judged, *difference) {
	run := f.with(values)
	restorer := f.variables.Restorer(values)
	if run.findings.HasErrors() {
		return nil, refusedIn(run.findings, restorer)
	}
	restored, difference := restore(run, restorer)
	if difference != nil {
		return nil, difference
	}
	if difference := f.compare(restored.rendered); difference != nil {
		return nil, difference
	}
	return restored, nil
}

// came is what an earlier run generated, among the items that came.
func came(run *tried) map[*item.Item]bool {
	own := map[*item.Item]bool{}
	for it := range run.own {
		own[run.built.Came(it)] = true
	}
	return own
}

// restore brings the variables back into what was rendered.
func restore(run *tried, restorer *substitute.Restorer) (*judged, *difference) {
	out := &judged{rendered: &manifest.Set{}, own: came(run)}
	text := &texts{restorer: restorer}
	for _, object := range run.rendered.Objects {
		object.Fields, _ = text.value(object.Fields, "").(map[string]any)
		object.Resource.Name = text.of(object.Resource.Name, "metadata.name")
		object.Resource.Namespace = text.of(object.Resource.Namespace, "metadata.namespace")
		if text.broken != nil {
			text.broken.object = diag.Resource{Kind: object.Resource.Kind, Namespace: object.Resource.Namespace}
			return nil, text.broken
		}
		out.rendered.Objects = append(out.rendered.Objects, object)
	}
	for _, edit := range run.rendered.Edits {
		path := make([]string, len(edit.Path))
		for i := range edit.Path {
			path[i] = text.of(edit.Path[i], "")
		}
		edit.Item, edit.Path, edit.Value = run.built.Came(edit.Item), path, text.of(edit.Value, fmt.Sprint(edit.Path))
		if text.broken != nil {
			text.broken.object = edit.Item.Resource()
			return nil, text.broken
		}
		out.rendered.Edits = append(out.rendered.Edits, edit)
	}
	return out, nil
}

// texts brings the variables back into the texts of an object.
type texts struct {
	restorer *substitute.Restorer
	broken   *difference
}

func (t *texts) of(text, field string) string {
	restored, broken := t.restorer.Text(text)
	if broken != "" && t.broken == nil {
		t.broken = &difference{field: field, what: "only a part of the value is written there", variable: broken}
	}
	return restored
}

func (t *texts) value(value any, field string) any {
	switch value := value.(type) {
	case string:
		return t.of(value, field)
	case map[string]any:
		out := make(map[string]any, len(value))
		for _, key := range slices.Sorted(maps.Keys(value)) { // The first that is broken is told, and has to be the same one each time.
			below := diag.Join(field, key)
			out[t.of(key, below)] = t.value(value[key], below)
		}
		return out
	case []any:
		out := make([]any, len(value))
		for i := range value {
			out[i] = t.value(value[i], diag.At(field, i))
		}
		return out
	}
	return value
}
