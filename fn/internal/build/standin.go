package build

import (
	"bytes"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
)

func streamStandIn(file string, data []byte) ([]*item.Item, diag.List) {
	var items []*item.Item
	line, start := 1, 0
	cur := 1
	flush := func(end int) {
		if len(bytes.TrimSpace(data[start:end])) > 0 {
			items = append(items, item.New(data[start:end], item.Place{File: file, Index: len(items), Line: line}))
		}
	}
	pos := 0
	for l := range bytes.Lines(data) {
		if bytes.HasPrefix(l, []byte("---")) {
			flush(pos)
			start = pos + len(l)
			line = cur + 1
		}
		pos += len(l)
		cur++
	}
	flush(len(data))
	return items, nil
}
