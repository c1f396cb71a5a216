// Package write turns objects into their canonical bytes: keys sorted, two spaces, no line folding. Equal input gives
// equal bytes.
package write

import (
	"bytes"
	"fmt"

	"sigs.k8s.io/yaml"

	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/manifest"
)

// Object writes one generated object as an item.
func Object(object *manifest.Object, place item.Place) (*item.Item, error) {
	text, err := yaml.Marshal(object.Fields)
	if err != nil {
		return nil, fmt.Errorf("cannot write %s: %w", object.Resource, err)
	}
	return item.New(text, place), nil
}

// Stream writes items as one YAML stream. Each item keeps its bytes.
func Stream(items []*item.Item) []byte {
	var out bytes.Buffer
	for i, it := range items {
		if i > 0 {
			out.WriteString("---\n")
		}
		raw := bytes.TrimLeft(bytes.TrimPrefix(it.Raw(), []byte("\ufeff")), "\r\n")
		out.Write(raw)
		if !bytes.HasSuffix(raw, []byte("\n")) {
			out.WriteByte('\n')
		}
	}
	return out.Bytes()
}
