package item

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strconv"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// MaxResourceList is the size in bytes up to which a function's input is read. Five thousand services are about 20 MiB.
const MaxResourceList = 256 << 20

// ResourceList is the input and output of a KRM function, cut into items without parsing them. The specification is
// https://github.com/kubernetes-sigs/kustomize/blob/master/cmd/config/docs/api-conventions/functions-spec.md.
//
// Cutting works on what kyaml writes, which is what kustomize and kpt send: block style, "items:" at the start of a
// line, one "- " per item. Comments between two items belong to the second. Any other ResourceList (JSON and other flow
// styles, an alias to another item's anchor, CRLF line ends, a byte order mark) goes through the full parser, and its
// items are written anew.
type ResourceList struct {
	APIVersion, Kind string
	Items            []*Item
	FunctionConfig   *Item // nil when there is none

	before, after []byte           // what stands around the items, without results
	header        []byte           // the line "items:" and blank lines below it
	column        int              // where the dashes of the items stand
	came          map[*Item][]byte // the items as they came, with their dashes
}

// ParseResourceList reads a function's input. The data must not change afterwards.
func ParseResourceList(data []byte) (*ResourceList, diag.List) {
	if len(data) > MaxResourceList {
		_, p := parse(data, listLimits())
		return nil, inputFinding(p)
	}
	if o := newOutline(data); o != nil {
		if l := o.resourceList(); l != nil {
			return l, nil
		}
	}
	return parseWhole(data)
}

// Write writes the list with the given items, which need not be those that were read, and with results, the YAML text
// of the results list, or nil. Items that came with the list and were not edited are written as they came. The results
// that came are dropped: they were about the run before.
func (l *ResourceList) Write(w io.Writer, items []*Item, results []byte) error {
	out := bufio.NewWriterSize(w, 1<<16)
	writeText(out, l.before)
	if len(items) == 0 {
		writeText(out, []byte("items: []"))
	} else {
		writeText(out, l.header)
	}
	for _, i := range items {
		text, err := l.entry(i)
		if err != nil {
			return err
		}
		writeText(out, text)
	}
	writeText(out, l.after)
	if flow := bytes.Trim(results, whitespace); len(flow) > 0 && flow[0] == '[' {
		writeText(out, append([]byte("results: "), flow...))
	} else if len(flow) > 0 {
		writeText(out, []byte("results:"))
		writeText(out, results)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("cannot write the resource list: %w", err)
	}
	return nil
}

// writeText ends a text with a line break. Errors stay in the writer until Flush.
func writeText(out *bufio.Writer, text []byte) {
	_, _ = out.Write(text)
	if len(text) > 0 && text[len(text)-1] != '\n' {
		_ = out.WriteByte('\n')
	}
}

// entry returns an item as an entry of the list.
func (l *ResourceList) entry(i *Item) ([]byte, error) {
	if text, ok := l.came[i]; ok && !i.edited {
		return text, nil
	}
	if o := i.outline(); o != nil && o.regular() {
		return asEntry(i.raw, l.column), nil
	}
	text, err := i.checkedEntry(l.column)
	if err != nil {
		return nil, fmt.Errorf("cannot write %s: %w", i.describe(), err)
	}
	return text, nil
}

// placeOf reads where an item of a list came from: kpt says it in annotations, kustomize does not say it.
func placeOf(i *Item, position int) Place {
	for _, prefix := range []string{"internal.config.kubernetes.io/", "config.kubernetes.io/"} {
		if file, ok := i.Annotation(prefix + "path"); ok {
			index, _ := i.Annotation(prefix + "index")
			number, err := strconv.Atoi(index)
			if err != nil || number < 0 {
				number = 0
			}
			return Place{File: file, Index: number}
		}
	}
	return Place{Index: position}
}
