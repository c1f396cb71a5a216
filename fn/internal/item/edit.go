package item

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// SetString sets the string at a path of keys and creates the mappings on the way that are missing. Only the bytes of
// the value are inserted or replaced: a new key comes after the last one of its mapping, in a flow mapping before the
// first. The document stays as it is where the value is there already.
//
// Where the path goes through an anchor, an alias or a merge key, changing bytes would change other places too. Such a
// document is written anew by the YAML library, with the touched mappings copied out of what they share.
func (i *Item) SetString(path []string, value string) error {
	if err := checkPath(path, value); err != nil {
		return err
	}
	c := change{path: path, value: value}
	if o := i.outline(); o != nil {
		if e, ok := o.set(path, value); ok && e.same {
			return nil
		} else if ok && e.made(o, c) {
			i.replace(e.apply(i.raw), nil)
			return nil
		}
	}
	d, err := i.editable()
	if err != nil {
		return err
	}
	if err := checkTypes(d.root, path); err != nil {
		return err
	}
	if val := lookup(d.root, path); val != nil && val.ShortTag() == "!!str" && val.Value == value {
		return nil
	}
	e, ok := d.set(path, value)
	return i.commit(d, c, e, ok)
}

// Remove deletes the key at a path of keys with its lines. Mappings that held nothing else go with it, the root stays.
// The document stays as it is where the key is absent.
func (i *Item) Remove(path []string) error {
	if err := checkPath(path, ""); err != nil {
		return err
	}
	d, err := i.editable()
	if err != nil {
		return err
	}
	path = d.emptied(path)
	if path == nil {
		return nil
	}
	e, ok := d.remove(path)
	return i.commit(d, change{path: path, remove: true}, e, ok)
}

// editable returns the parsed document, and an error for one that Check refuses.
func (i *Item) editable() (*document, error) {
	r := i.read()
	if r.problem != nil {
		return nil, fmt.Errorf("cannot edit %s: %w", i.describe(), r.problem)
	}
	return r.document, nil
}

// commit applies an edit that turns out to make the change and nothing else. Otherwise the document is written anew.
func (i *Item) commit(d *document, c change, e edit, ok bool) error {
	if ok {
		if after, p := parse(e.apply(d.raw), documentLimits()); p == nil && c.made(d.root, after.root) {
			i.replace(after.raw, &reading{document: after})
			return nil
		}
	}
	after, err := d.rewrite(c)
	if err != nil {
		return fmt.Errorf("cannot edit %s: %w", i.describe(), err)
	}
	i.replace(after.raw, &reading{document: after})
	return nil
}

func checkPath(path []string, value string) error {
	if len(path) == 0 {
		return errors.New("cannot edit the whole document: the path is empty")
	}
	for _, s := range append(slices.Clone(path), value) {
		if !utf8.ValidString(s) {
			return fmt.Errorf("cannot write %q into YAML: it is not UTF-8", s)
		}
	}
	return nil
}

// checkTypes refuses to replace a mapping or list by a string, and to look for keys in a scalar or list.
func checkTypes(n *yaml.Node, path []string) error {
	for depth, name := range path {
		_, val := field(n, name)
		if val == nil || isNullNode(deref(val)) {
			return nil
		}
		n = deref(val)
		want := yaml.MappingNode
		if depth == len(path)-1 {
			want = yaml.ScalarNode
		}
		if n.Kind != want {
			return fmt.Errorf("cannot set %s: %s is %s", strings.Join(path, "."), strings.Join(path[:depth+1], "."), kindWord(n))
		}
	}
	return nil
}
