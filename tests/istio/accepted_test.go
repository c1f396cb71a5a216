package istio

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/meshfn/meshfn/fn/api/v1alpha1"
)

// mixtures is how many inputs are tried. Their seeds are fixed, so that a failure can be repeated.
const mixtures = 600

// TestAcceptedInputIsValid mixes the settings of all scenarios: into the documents of one it puts fields that others have in
// the same place. What the program accepts, Istio's webhook and CRDs accept; running again changes nothing; and the order of
// the documents does not matter.
func TestAcceptedInputIsValid(t *testing.T) {
	cases := scenarios(t)
	pool := map[string][]*yaml.Node{}
	for _, one := range cases {
		for _, document := range specDocuments(t, one.input) {
			collect(document, reflectedKind(document), pool)
		}
	}
	rules, admission := crdRules(t), newWebhook(t)
	accepted := 0
	for seed := range uint64(mixtures) {
		random := rand.New(rand.NewPCG(seed, 1))
		one := cases[random.IntN(len(cases))]
		input := mix(t, one.input, pool, random)
		got := run(t, input, "render", "-")
		if got.code == 1 {
			continue
		}
		accepted++
		t.Run(fmt.Sprintf("%s_%d", strings.TrimPrefix(one.name, "scenarios/"), seed), func(t *testing.T) {
			objects := asApplied(t, filledIn(t, got.stdout))
			for _, m := range slices.Concat(rules.check(t, objects), admission.review(t, objects)) {
				said := strings.Contains(got.stderr, "IST0133") || strings.Contains(got.stderr, "MF1511") // A warning is passed on.
				if m.code != "IST0133" || !said {
					t.Errorf("%s: %s", m.key(), m.text)
				}
			}
			steady(t, input, got, random)
			if t.Failed() {
				t.Logf("input:\n%s\noutput:\n%s", input, got.stdout)
			}
		})
	}
	if accepted < mixtures/4 {
		t.Errorf("only %d of %d inputs were accepted: they say little", accepted, mixtures)
	}
	t.Logf("%d of %d inputs were accepted", accepted, mixtures)
}

// steady runs the output through the program again, and the input in another order.
func steady(t *testing.T, input string, got outcome, random *rand.Rand) {
	t.Helper()
	stream, all := got.stdout, documents(input)
	for _, document := range all {
		if strings.Contains(document, "apiVersion: meshfn.dev/") {
			stream += "---\n" + document
		}
	}
	if again := run(t, stream, "render", "-"); again.stdout != got.stdout {
		t.Errorf("running again changes the output:\n%s%s", again.stderr, again.stdout)
	}
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	mixed := documents(run(t, strings.Join(all, "---\n"), "render", "-").stdout)
	want := documents(got.stdout)
	slices.Sort(mixed)
	slices.Sort(want)
	if !slices.Equal(mixed, want) {
		t.Errorf("another order of the documents changes the output:\n%s", strings.Join(mixed, "---\n"))
	}
}

// specDocuments are the documents of meshfn in a stream.
func specDocuments(t *testing.T, stream string) []*yaml.Node {
	t.Helper()
	var found []*yaml.Node
	for _, document := range documents(stream) {
		if !strings.Contains(document, "apiVersion: meshfn.dev/") {
			continue
		}
		var node yaml.Node
		if err := yaml.Unmarshal([]byte(document), &node); err != nil {
			t.Fatal(err)
		}
		found = append(found, node.Content[0])
	}
	return found
}

func reflectedKind(document *yaml.Node) reflect.Type {
	for i := 0; i+1 < len(document.Content); i += 2 {
		if document.Content[i].Value == "kind" && document.Content[i+1].Value == v1alpha1.KindMeshProfile {
			return reflect.TypeFor[v1alpha1.MeshProfile]()
		}
	}
	return reflect.TypeFor[v1alpha1.Mesh]()
}

// eachBlock visits the mappings of a document that have a type with known fields.
func eachBlock(node *yaml.Node, of reflect.Type, visit func(*yaml.Node, reflect.Type)) {
	for of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	switch {
	case of.Kind() == reflect.Slice && node.Kind == yaml.SequenceNode:
		for _, entry := range node.Content {
			eachBlock(entry, of.Elem(), visit)
		}
	case of.Kind() == reflect.Map && node.Kind == yaml.MappingNode:
		for i := 1; i < len(node.Content); i += 2 {
			eachBlock(node.Content[i], of.Elem(), visit)
		}
	case of.Kind() == reflect.Struct && node.Kind == yaml.MappingNode:
		visit(node, of)
		for i := 0; i+1 < len(node.Content); i += 2 {
			if field, ok := typeOf(of, node.Content[i].Value); ok {
				eachBlock(node.Content[i+1], field, visit)
			}
		}
	}
}

// typeOf is the type of a field as it is called in YAML.
func typeOf(of reflect.Type, wanted string) (reflect.Type, bool) {
	for field := range of.Fields() {
		name, written := v1alpha1.FieldName(field)
		switch {
		case !written:
		case name == wanted:
			return field.Type, true
		case name == "":
			if found, ok := typeOf(field.Type, wanted); ok {
				return found, true
			}
		}
	}
	return nil, false
}

// collect notes the fields of a document by the type of the block that they stand in.
func collect(document *yaml.Node, kind reflect.Type, pool map[string][]*yaml.Node) {
	eachBlock(document, kind, func(block *yaml.Node, of reflect.Type) {
		if of == kind || of.Name() == "Metadata" || of.Name() == "Patch" {
			return // What identifies a document, and what names other objects, fits nowhere else.
		}
		for i := 0; i+1 < len(block.Content); i += 2 {
			entry := &yaml.Node{Kind: yaml.MappingNode, Content: block.Content[i : i+2]}
			pool[of.Name()] = append(pool[of.Name()], entry)
		}
	})
}

// mix puts a few fields from the pool into the documents of an input.
func mix(t *testing.T, input string, pool map[string][]*yaml.Node, random *rand.Rand) string {
	t.Helper()
	var stream []string
	for _, document := range documents(input) {
		if !strings.Contains(document, "apiVersion: meshfn.dev/") {
			stream = append(stream, document)
			continue
		}
		node := specDocuments(t, document)[0]
		var blocks []func()
		eachBlock(node, reflectedKind(node), func(block *yaml.Node, of reflect.Type) {
			if fields := pool[of.Name()]; len(fields) > 0 && of.Name() != "MeshSpec" && of.Name() != "MeshProfileSpec" {
				blocks = append(blocks, func() { put(block, fields[random.IntN(len(fields))]) })
			}
		})
		for range min(len(blocks), 1+random.IntN(3)) {
			blocks[random.IntN(len(blocks))]()
		}
		text, err := yaml.Marshal(node)
		if err != nil {
			t.Fatal(err)
		}
		stream = append(stream, string(text))
	}
	return strings.Join(stream, "---\n")
}

// put sets one field of a block.
func put(block, field *yaml.Node) {
	for i := 0; i+1 < len(block.Content); i += 2 {
		if block.Content[i].Value == field.Content[0].Value {
			block.Content = slices.Concat(block.Content[:i:i], field.Content, block.Content[i+2:])
			return
		}
	}
	block.Content = append(slices.Clone(block.Content), field.Content...)
	block.Style = 0
}
