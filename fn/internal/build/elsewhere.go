package build

import (
	"fmt"
	"regexp"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/fn/runtime/runtimeutil"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// warnElsewhere says when kustomize itself would not run an accepted entry, or would run another meshfn for it.
func (w *walk) warnElsewhere(c config) {
	function, err := runtimeutil.GetFunctionSpec(&c.resource.RNode)
	if err != nil {
		return // It was judged before.
	}
	f := diag.Finding{Code: diag.OnlyHere, Severity: diag.Warning, Source: c.at}
	if function == nil {
		f.Message = c.at.Resource.String() + " names no function: meshfn build runs it, and kustomize itself would fail, " +
			"because it looks for a plugin of this kind"
		f.Try = "metadata:\n  annotations:\n    config.kubernetes.io/function: |\n      container: {image: " + image + "}"
		w.note(f)
		return
	}
	name, tag, pinned := splitImage(function.Container.Image)
	switch {
	case name == "" || pinned && tag == "":
	case tag == "" || tag == "latest":
		f.Severity = diag.Info
		f.Message = fmt.Sprintf("image %q names no version: kustomize runs whichever is newest on that day", function.Container.Image)
		f.Try = "image: " + name + ":" + w.ownTag()
		w.note(f)
	case !sameVersion(w.options.Version, tag):
		f.Message = fmt.Sprintf("image %q is another version than this program, which is %s: kustomize may build something else",
			function.Container.Image, w.options.Version)
		f.Try = fmt.Sprintf("build with meshfn %s, or name the version of this program: image: %s:%s", tag, name, w.options.Version)
		w.note(f)
	}
}

// ownTag is a tag to propose: that of this program, or of the first release.
func (w *walk) ownTag() string {
	if release().MatchString(w.options.Version) {
		return w.options.Version
	}
	return image[strings.LastIndex(image, ":")+1:]
}

// splitImage takes the tag off the name of an image. A digest, which pins one, is left out.
func splitImage(text string) (name, tag string, pinned bool) {
	name, _, pinned = strings.Cut(text, "@")
	last := lastElement(name)
	if _, tag, tagged := strings.Cut(last, ":"); tagged {
		return strings.TrimSuffix(name, ":"+tag), tag, pinned
	}
	return name, "", pinned
}

func release() *regexp.Regexp { return regexp.MustCompile(`^v[0-9]+\.[0-9]+\.[0-9]+$`) }

// sameVersion compares a tag with the version of this program as far as both say one: v0.1 is every v0.1.x, and neither
// what was built from a commit nor a tag of somebody's own can be compared.
func sameVersion(version, tag string) bool {
	if !release().MatchString(version) || !regexp.MustCompile(`^v?[0-9]+(\.[0-9]+){0,2}$`).MatchString(tag) {
		return true
	}
	return strings.HasPrefix(version+".", "v"+strings.TrimPrefix(tag, "v")+".")
}
