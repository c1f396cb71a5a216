package build

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// namespaceEntry names the entry that sets Options.Namespace, in a way that no entry of a repository is called.
const namespaceEntry = "meshfn-build-namespace"

// giveNamespace puts what has no namespace into Options.Namespace, before meshfn sees it. A host such as Argo CD applies it to
// that namespace anyway, https://argo-cd.readthedocs.io/en/stable/user-guide/best_practices/, and what meshfn decides depends
// on it. Kustomize's own transformer does it, so that what kustomize takes for an object of the whole cluster has none.
//
// The outermost kustomization gets the entry in front of its own, after its namespace field. Where meshfn runs further down
// it has to be there too, unless a level above sets a namespace, which would win in the end.
func (w *walk) giveNamespace() {
	if w.options.Namespace == "" {
		return
	}
	setAbove := slices.ContainsFunc(w.later(), func(l Later) bool { return l.Field == "namespace" })
	for i, l := range w.outermost {
		if i == 0 || len(l.runs) > 0 && !setAbove {
			w.giveNamespaceAt(l.k)
		}
	}
}

func (w *walk) giveNamespaceAt(k *kustomization) {
	// Subjects of role bindings have no namespace to inherit: their namespace is part of who is meant.
	entry, err := w.factory.RF().FromBytes(fmt.Appendf(nil, `
apiVersion: builtin
kind: NamespaceTransformer
metadata: {name: %s, namespace: %q}
unsetOnly: true
setRoleBindingSubjects: none
`, namespaceEntry, w.options.Namespace))
	if err == nil {
		k.content.Transformers = slices.Concat(
			w.serve(k, "transformers", candidate{resource: entry, shown: k.name}), k.content.Transformers)
		w.view.kustomizations[filepath.Join(k.dir, k.name)], err = k.encode()
	}
	if err != nil {
		w.report(diag.BuildFailed, diag.Source{File: k.shown}, "%v", err)
	}
}

// sameInNamespace explains kustomize's failure over two objects that are one as soon as both are in a namespace.
func (p *plan) sameInNamespace(text string, at diag.Source) (diag.Finding, bool) {
	if p.options.Namespace == "" || !strings.Contains(text, "namespace transformation produces ID conflict") {
		return diag.Finding{}, false
	}
	object := "an object"
	kind := regexp.MustCompile(`"kind":"([^"]*)"`).FindStringSubmatch(text)
	name := regexp.MustCompile(`"name":"([^"]*)","namespace":"`).FindStringSubmatch(text)
	if kind != nil && name != nil {
		object = kind[1] + " " + name[1]
	}
	return diag.Finding{
		Code: diag.DuplicateObject, Source: at,
		Message: fmt.Sprintf("%s is in the build twice: once in namespace %s, and once without a namespace, which is to be in %s too",
			object, p.options.Namespace, p.options.Namespace),
		Try: "remove one of them, or write the namespace that the other one is meant to have",
	}, true
}
