package item

import (
	"bytes"
	"fmt"
	"io"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"go.yaml.in/yaml/v3"
)

// ResourceList is a KRM function's input or output. (First version, to be replaced by the owner of this package.)
type ResourceList struct {
	APIVersion, Kind string
	Items            []*Item
	FunctionConfig   *Item
}

// ParseResourceList cuts a ResourceList into items.
func ParseResourceList(data []byte) (*ResourceList, diag.List) {
	var doc struct {
		APIVersion     string      `yaml:"apiVersion"`
		Kind           string      `yaml:"kind"`
		Items          []yaml.Node `yaml:"items"`
		FunctionConfig yaml.Node   `yaml:"functionConfig"`
	}
	if err := yaml.Unmarshal(data, &doc); err != nil || doc.Kind != "ResourceList" {
		return nil, diag.List{{Code: diag.UnknownKind, Message: fmt.Sprintf("not a ResourceList: %v %q", err, doc.Kind)}}
	}
	l := &ResourceList{APIVersion: doc.APIVersion, Kind: doc.Kind}
	for i := range doc.Items {
		raw, _ := yaml.Marshal(&doc.Items[i])
		l.Items = append(l.Items, New(raw, Place{}))
	}
	if doc.FunctionConfig.Kind != 0 {
		raw, _ := yaml.Marshal(&doc.FunctionConfig)
		l.FunctionConfig = New(raw, Place{})
	}
	return l, nil
}

// Write writes a ResourceList.
func (l *ResourceList) Write(w io.Writer, items []*Item, results []byte) error {
	var b bytes.Buffer
	b.WriteString("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n")
	for _, it := range items {
		b.WriteString("- " + string(bytes.ReplaceAll(bytes.TrimRight(it.Raw(), "\n"), []byte("\n"), []byte("\n  "))) + "\n")
	}
	if l.FunctionConfig != nil {
		b.WriteString("functionConfig:\n  " + string(bytes.ReplaceAll(bytes.TrimRight(l.FunctionConfig.Raw(), "\n"), []byte("\n"), []byte("\n  "))) + "\n")
	}
	if results != nil {
		b.WriteString("results:\n" + string(results))
	}
	_, err := w.Write(b.Bytes())
	return err
}
