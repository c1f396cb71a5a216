package build

import (
	"fmt"
	"path/filepath"
	"strings"

	"sigs.k8s.io/kustomize/api/resource"
)

// restoreOrigins makes the annotations that buildMetadata asks for name repositories instead of the links that stand for
// them, as they would if kustomize itself had fetched.
func (p *plan) restoreOrigins(built []*resource.Resource) error {
	if len(p.remotes.list) == 0 {
		return nil
	}
	for _, res := range built {
		if err := p.restoreOrigin(res); err != nil {
			return fmt.Errorf("origin of %s: %w", res.CurId(), err)
		}
		if err := p.restoreTransformations(res); err != nil {
			return fmt.Errorf("transformations of %s: %w", res.CurId(), err)
		}
	}
	return nil
}

func (p *plan) restoreOrigin(res *resource.Resource) error {
	origin, err := res.GetOrigin()
	if err != nil || origin == nil || !p.asFetched(origin) {
		return err
	}
	return res.SetOrigin(origin)
}

func (p *plan) restoreTransformations(res *resource.Resource) error {
	all, err := res.GetTransformations()
	changed := false
	for _, origin := range all {
		changed = p.asFetched(origin) || changed
	}
	if err != nil || !changed {
		return err
	}
	err = res.ClearTransformations()
	for _, origin := range all {
		if err == nil {
			err = res.AddTransformation(origin)
		}
	}
	return err
}

// asFetched rewrites an origin that goes through a link, and reports whether there was one.
func (p *plan) asFetched(origin *resource.Origin) bool {
	changed := false
	for _, path := range []*string{&origin.Path, &origin.ConfiguredIn} {
		found, inRepository, ok := p.remotes.split(string(p.withShownNames([]byte(*path))))
		if !ok {
			continue
		}
		// Kustomize puts a name of its own before paths below the root of a repository.
		root := (&resource.Origin{}).Append(found.spec)
		origin.Repo, origin.Ref, *path = root.Repo, root.Ref, inRepository
		if found.dir == "" {
			*path = filepath.Join(root.Path, inRepository)
		}
		changed = true
	}
	return changed
}

// locate gives the real path of what an origin says relative to a directory.
func (r *remotes) locate(dir, path string) string {
	if found, inRepository, ok := r.split(path); ok {
		return filepath.Join(found.clone.tree, filepath.FromSlash(inRepository))
	}
	return filepath.Join(dir, path)
}

// withURLs replaces links and clones in a text by the names that people know.
func (r *remotes) withURLs(text []byte) []byte {
	if len(r.list) == 0 {
		return text
	}
	var pairs []string
	for _, c := range r.clones {
		if c.err == nil {
			pairs = append(pairs, c.tree+string(filepath.Separator), c.show("")+"//", c.tree, c.show(""))
		}
	}
	for _, named := range r.list {
		pairs = append(pairs, named.link(), named.spec)
	}
	return []byte(strings.NewReplacer(pairs...).Replace(string(text)))
}
