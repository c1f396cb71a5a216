package item

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/kio"
)

// FuzzResourceList holds what is cut and written again against kustomize's own reader.
func FuzzResourceList(f *testing.F) {
	files, _ := filepath.Glob("testdata/lists/*.yaml")
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	for _, raw := range awkward(f) {
		entry := "- " + strings.ReplaceAll(strings.TrimSuffix(raw, "\n"), "\n", "\n  ") + "\n"
		f.Add([]byte("kind: ResourceList\nitems:\n" + entry + entry + "functionConfig:\n  a: b\n"))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, findings := ParseResourceList(raw)
		if len(findings) > 0 || len(raw) > 1<<14 {
			return
		}
		for _, i := range l.Items {
			if i.Check() != nil {
				return
			}
		}
		if _, p := parse(raw, listLimits()); p != nil {
			return
		}
		out := writeList(t, l, l.Items, "")
		again := writeList(t, parseList(t, out), parseList(t, out).Items, "")
		if len(again) == 0 {
			t.Error("nothing is written")
		}
		reader := kio.ByteReader{Reader: bytes.NewReader(raw), OmitReaderAnnotations: true, AnchorsAweigh: true}
		want, err := reader.Read()
		if err != nil || reader.WrappingKind != "ResourceList" {
			return // For example a merge of something that the library does not merge.
		}
		got := readItems(t, out)
		if len(want) != len(got) || len(got) != len(l.Items) {
			t.Fatalf("%d items of %d\n%s\nwritten:\n%s", len(got), len(want), raw, out)
		}
		for n := range want {
			if root, err := l.Items[n].Node(); err != nil || !equal(want[n].YNode(), got[n].YNode()) || !equal(want[n].YNode(), root) {
				t.Fatalf("item %d differs: %v\n%s\nwritten:\n%s", n, err, raw, out)
			}
		}
	})
}
