package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/meshfn/meshfn/schemas"
)

// values are what people write in places where it may be wrong. They are in the flow style of YAML.
func values() []string {
	return []string{
		"", "null", "~", "true", "false", `"true"`, "yes", "off", "0", "1", "2", "-1", "5", "50", "101", "65535", "65536", "2147483648",
		"99999999999", "0.5", "-0.5", "1.25", `"5"`, `""`, "0s", "5s", "1m30s", "250ms", "1.5ms", "1h", "5d", "-5s", "5 s", "100m", "128Mi",
		"1Gi", "1GB", "low", "medium", "high", "huge", "http", "HTTP", "8080", "-a", "a-1", "1-a", "1.31", `"1.31"`, `"1.31.4"`, `"2.0"`,
		"/", "/api", "api", "GET", "get", "LEAST_REQUEST", "short", "debug", "shop.example.com", "[]", "{}", "[GET]", "[POST]", "[/api]",
		"[1]", "[70000]", "[a, b]", "[[]]", "[null]", "{a: b}", "{a: 1}", "{a: }", "{from: a, to: b}", "[{from: a, to: b}]", "{name: a}",
		"https://api.example.com", "tcp://db.example.com:5432", "https://*.example.com", "originate", "web.shop", "web.shop:http", "shop/web", "CronJob/nightly",
		"warehouse/stock", "[warehouse/stock]", "{gateway: public}", "{service: web, ports: [http]}", "[{exact: /a}]",
	}
}

// author writes documents that are mostly right, led by a schema, with odd values and unknown fields here and there.
type author struct {
	random *rand.Rand
	root   map[string]any
}

func (a *author) chance(percent int) bool { return a.random.IntN(100) < percent }

func (a *author) odd() string {
	all := values()
	return all[a.random.IntN(len(all))]
}

// write writes a value for a part of the schema.
func (a *author) write(schema map[string]any) string {
	if reference, ok := schema["$ref"].(string); ok {
		definitions := a.root["definitions"].(map[string]any)
		return a.write(definitions[strings.TrimPrefix(reference, "#/definitions/")].(map[string]any))
	}
	if forms, ok := schema["anyOf"].([]any); ok {
		return a.write(forms[a.random.IntN(len(forms))].(map[string]any))
	}
	if a.chance(7) {
		return a.odd()
	}
	if constant, ok := schema["const"]; ok {
		return fmt.Sprint(constant)
	}
	if words, ok := schema["enum"].([]any); ok {
		return words[a.random.IntN(len(words))].(string)
	}
	if properties, ok := schema["properties"].(map[string]any); ok {
		return a.mapping(schema, properties)
	}
	if entry, ok := schema["additionalProperties"].(map[string]any); ok {
		return a.entries("{", "}", func(i int) string { return "k" + strconv.Itoa(i) + ": " + a.write(entry) })
	}
	switch schema["type"] {
	case "object":
		return []string{"", "{}", "{spec: {a: 1}}", "null"}[a.random.IntN(4)]
	case "array":
		entry := schema["items"].(map[string]any)
		return a.entries("[", "]", func(int) string {
			if text := a.write(entry); text != "" { // Nothing is no entry of a list in flow style.
				return text
			}
			return "null"
		})
	case "boolean":
		return strconv.FormatBool(a.chance(50))
	case "integer":
		return strconv.Itoa(a.random.IntN(100))
	case "string":
		return a.text(schema)
	}
	return a.odd()
}

// text is a text that mostly fits.
func (a *author) text(schema map[string]any) string {
	examples := []string{"a", "a-1", "low", "shop.example.com"}
	if pattern, ok := schema["pattern"].(string); ok {
		fits := regexp.MustCompile(pattern)
		examples = slices.DeleteFunc(values(), func(text string) bool { return !fits.MatchString(strings.Trim(text, `"`)) })
	}
	return examples[a.random.IntN(len(examples))]
}

func (a *author) mapping(schema, properties map[string]any) string {
	required, _ := schema["required"].([]any)
	var entries []string
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if slices.Contains(required, any(name)) && a.chance(95) || a.chance(25) {
			entries = append(entries, name+": "+a.write(properties[name].(map[string]any)))
		}
	}
	if a.chance(2) {
		entries = append(entries, "unknown: "+a.odd())
	}
	return "{" + strings.Join(entries, ", ") + "}"
}

func (a *author) entries(open, end string, entry func(int) string) string {
	var entries []string
	for i := range a.random.IntN(4) {
		entries = append(entries, entry(i))
	}
	return open + strings.Join(entries, ", ") + end
}

// The reader and the schemas agree on thousands of documents, most of them almost right.
func TestAgreement(t *testing.T) {
	const each = 4000
	for _, kind := range schemas.Names() {
		t.Run(kind, func(t *testing.T) {
			text, _ := schemas.Schema(kind)
			a := &author{random: rand.New(rand.NewPCG(3, 5))}
			if err := json.Unmarshal(text, &a.root); err != nil {
				t.Fatal(err)
			}
			spec := a.root["properties"].(map[string]any)["spec"].(map[string]any)
			// All documents are one build, in which a variable has one sample.
			delete(spec["properties"].(map[string]any), "substituteSamples")
			var documents []string
			for i := range each {
				documents = append(documents, fmt.Sprintf(
					"apiVersion: meshfn.dev/v1alpha1\nkind: %s\nmetadata: {name: n%d}\nspec: %s\n", kind, i, a.write(spec)))
			}
			compare(t, kind, documents)
		})
	}
}

func compare(t *testing.T, kind string, documents []string) {
	t.Helper()
	const lines = 5 // of a document, with its separator
	// One document is wrong on purpose, so that reading fails and nothing but its findings is reported.
	wrong := "apiVersion: meshfn.dev/v1alpha1\nkind: Mesh\nmetadata: {name: wrong}\nspec: []\n"
	found := refusals(t, strings.Join(documents, "---\n")+"---\n"+wrong)
	if len(found[len(documents)*lines+4]) == 0 {
		t.Fatal("the document that is wrong on purpose was not refused")
	}
	schema := compile(t, kind, "")
	accepted := 0
	for i, text := range documents {
		var codes []string
		for line := i*lines + 1; line <= i*lines+lines; line++ {
			codes = append(codes, slices.DeleteFunc(found[line], func(code string) bool { return code == "MF0013" })...)
		}
		err := schema.Validate(value(t, text))
		if (err == nil) != (len(codes) == 0) {
			t.Errorf("the reader says %v and the schema %v:\n%s", codes, err, text)
		}
		if err == nil {
			accepted++
		}
	}
	t.Logf("%d of %d documents were accepted", accepted, len(documents))
	if accepted < len(documents)/20 || accepted > len(documents)*19/20 {
		t.Error("the documents are too easy or too hard to say anything")
	}
}
