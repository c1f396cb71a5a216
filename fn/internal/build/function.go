package build

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/kyaml/fn/runtime/runtimeutil"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"
	"sigs.k8s.io/yaml"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

const (
	program = "meshfn" // name of the image and of the executable
	image   = "ghcr.io/meshfn/meshfn:v0.1"
)

// refuseFunction refuses a document that would run something else than meshfn, or meshfn where it cannot work.
func (w *walk) refuseFunction(
	res *resource.Resource, function *runtimeutil.FunctionSpec, field string,
) *diag.Finding {
	isOurKind := res.GetGvk().Group == v1alpha1.Group
	switch {
	case function != nil:
		if refusal := w.refuseSettings(function); refusal != nil {
			return refusal
		}
	case !isOurKind:
		return foreign(fmt.Sprintf("the kustomize plugin %s/%s", res.GetApiVersion(), res.GetKind()))
	}
	if isOurKind {
		if refusal := refuseKind(res); refusal != nil {
			return refusal
		}
	}
	return w.refuseField(field)
}

// refuseSettings refuses other programs, and settings that would silently be without effect.
func (w *walk) refuseSettings(function *runtimeutil.FunctionSpec) *diag.Finding {
	container, executable := function.Container, function.Exec
	switch {
	case container.Image != "" && !isOurImage(container.Image):
		return foreign(fmt.Sprintf("the container image %q", container.Image))
	case executable.Path != "" && !isOurExecutable(executable.Path):
		return foreign(fmt.Sprintf("the executable %q", executable.Path))
	case container.Image == "" && executable.Path == "":
		return refuse(diag.BadFunction, "has a function annotation without container.image and exec.path, "+
			"so kustomize would run nothing and say nothing", "name the image: container: {image: "+image+"}")
	case container.Network:
		return needless("container.network")
	case len(container.StorageMounts) > 0:
		return needless("container.mounts")
	case len(container.Env) > 0:
		return needless("container.envs")
	case len(executable.Env) > 0:
		return needless("exec.envs")
	case len(executable.Args) > 0 && !slices.Equal(executable.Args, w.options.SelfArgs[:1]):
		return refuse(diag.BadFunction,
			fmt.Sprintf("sets exec.args to %q, but meshfn build gives its own arguments", executable.Args),
			fmt.Sprintf("write args: [%s], or none", w.options.SelfArgs[0]))
	}
	return nil
}

func needless(setting string) *diag.Finding {
	return refuse(diag.BadFunction,
		"sets "+setting+", but meshfn needs neither network nor mounts nor environment variables", "remove "+setting)
}

// foreign refuses another program by its name.
func foreign(what string) *diag.Finding {
	return &diag.Finding{
		Code:    diag.ForeignFunction,
		Message: "would run " + what + "; meshfn build runs only meshfn and kustomize's builtin plugins",
		Because: []string{"a program that the repository names would run with the rights of the build"},
		Try: "remove the entry,\n" +
			"or build with the kustomize CLI: kustomize build --enable-alpha-plugins --enable-exec",
	}
}

// refuseKind refuses documents of meshfn's group that cannot configure it.
func refuseKind(res *resource.Resource) *diag.Finding {
	kinds := []string{v1alpha1.KindMesh, v1alpha1.KindMeshProfile}
	switch {
	case res.GetApiVersion() != v1alpha1.GroupVersion:
		return refuse(diag.UnknownVersion,
			fmt.Sprintf("has apiVersion %q, which meshfn does not know", res.GetApiVersion()),
			"write apiVersion: "+v1alpha1.GroupVersion)
	case !slices.Contains(kinds, res.GetKind()):
		return refuse(diag.UnknownKind, "cannot configure meshfn; an entry is a "+choice(kinds),
			"list the file, or a directory of its own, under resources of the kustomization that is built")
	}
	return nil
}

// refuseField refuses meshfn where it cannot work.
func (w *walk) refuseField(field string) *diag.Finding {
	const try = "list this entry under transformers"
	switch {
	case field == "generators":
		f := refuse(diag.BadFunction, "runs meshfn as a generator, which it is not", try)
		f.Because = []string{"a generator is given its own configuration only, not the workloads and services"}
		return f
	case field == "validators":
		f := refuse(diag.BadFunction, "runs meshfn as a validator, which it is not", try)
		f.Because = []string{"a validator may not change anything, and kustomize fails when it does"}
		return f
	case w.forEntry:
		f := refuse(diag.BadFunction, "runs meshfn over configurations, not over manifests",
			"list this file under the resources of its directory")
		f.Because = []string{"the resources of a directory among the entries of a kustomization are entries themselves"}
		return f
	}
	return nil
}

// isOurImage recognises meshfn in any registry, with any tag or digest.
func isOurImage(name string) bool {
	name, _, _ = strings.Cut(name, "@")
	name, _, _ = strings.Cut(lastElement(name), ":")
	return name == program
}

// isOurExecutable recognises meshfn in any directory, on Windows too.
func isOurExecutable(path string) bool {
	return strings.TrimSuffix(lastElement(path), ".exe") == program
}

func lastElement(path string) string { return path[strings.LastIndexAny(path, `/\`)+1:] }

// render writes an accepted document for one run of kustomize. One of meshfn runs this program, whatever it named
// before, and reports to a file of its own.
func (p *plan) render(c config) ([]byte, error) {
	if !c.ours {
		return c.resource.AsYAML()
	}
	res := c.resource.DeepCopy()
	if err := p.runSelf(res, p.reports.next(c.at)); err != nil {
		return nil, fmt.Errorf("rewrite %s %s: %w", res.GetKind(), res.GetName(), err)
	}
	return res.AsYAML()
}

// runSelf replaces every way to name a function that kustomize honours, and makes sure of it: this is the last place
// before kustomize executes what the document says.
func (p *plan) runSelf(res *resource.Resource, report string) error {
	function := runtimeutil.FunctionSpec{Exec: runtimeutil.ExecSpec{Path: p.options.Self}}
	for _, argument := range p.options.SelfArgs {
		if argument == reportArgument {
			argument = report
		}
		function.Exec.Args = append(function.Exec.Args, argument)
	}
	text, err := yaml.Marshal(function)
	if err != nil {
		return fmt.Errorf("write the function annotation: %w", err)
	}
	if err := res.PipeE(kyaml.Lookup("metadata"), kyaml.Clear("configFn")); err != nil {
		return fmt.Errorf("remove metadata.configFn: %w", err)
	}
	annotations := res.GetAnnotations()
	delete(annotations, "config.k8s.io/function")
	delete(annotations, "config.kubernetes.io/container")
	annotations[runtimeutil.FunctionAnnotationKey] = string(text)
	if err := res.SetAnnotations(annotations); err != nil {
		return fmt.Errorf("set the function annotation: %w", err)
	}
	now, err := runtimeutil.GetFunctionSpec(&res.RNode)
	if err == nil && !reflect.DeepEqual(now, &function) {
		err = fmt.Errorf("kustomize would run %+v instead of meshfn", now)
	}
	return err
}
