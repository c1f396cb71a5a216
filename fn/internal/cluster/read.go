package cluster

import (
	"encoding/json"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"
	"istio.io/istio/pkg/util/protomarshal"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/item"
	"github.com/meshfn/meshfn/fn/internal/manifest"
	"github.com/meshfn/meshfn/fn/internal/releases"
	"github.com/meshfn/meshfn/fn/internal/strict"
)

func ofManifest(object *manifest.Object) *Meta {
	metadata, _ := object.Fields["metadata"].(map[string]any)
	typed, _ := object.Typed.(proto.Message)
	spec, _ := object.Fields["spec"].(map[string]any)
	return &Meta{
		Resource: object.Resource, Labels: texts(metadata["labels"]), Annotations: texts(metadata["annotations"]),
		Generated: object, typed: typed, fields: spec,
	}
}

// ofItem reads an object of the user's, nil for one that is of no interest or cannot be read.
func ofItem(it *item.Item, minor int) (*Meta, diag.List) {
	if !ofInterest(it.Group()) {
		return nil, nil
	}
	fields, err := fieldsOf(it)
	if err != nil {
		return nil, nil // The document itself is broken, which was said when it was read.
	}
	metadata, _ := fields["metadata"].(map[string]any)
	meta := &Meta{
		Resource: it.Resource(), Labels: texts(metadata["labels"]), Annotations: texts(metadata["annotations"]), Item: it,
	}
	meta.fields, _ = fields["spec"].(map[string]any)
	var unknown diag.List // to the types known here
	if finding := undefined(it); finding != nil {
		unknown = append(unknown, *finding)
	}
	if typed := typeOf(it.Group(), it.Kind()); typed != nil {
		unknown = append(unknown, decode(fields["spec"], typed, it)...)
		meta.typed = typed
	}
	for i := range unknown {
		if minor > releases.Newest { // A field of a later release than those known here is not a mistake.
			unknown[i].Severity = diag.Warning
			unknown[i].Because = append(unknown[i].Because, fmt.Sprintf("this program knows Istio's types up to 1.%d", releases.Newest))
		}
	}
	findings := append(unquoted(it), unknown...)
	if len(findings) > 0 && !stillCounts(meta, fields["spec"], minor) {
		return nil, findings
	}
	return meta, findings
}

// SuppressAnnotation turns findings about an object into infos. It is Istio's own, so that what was settled for istioctl is
// settled here.
// https://istio.io/latest/docs/ops/diagnostic-tools/istioctl-analyze/#ignoring-specific-analyzer-messages-via-annotations
const SuppressAnnotation = "galley.istio.io/analyze-suppress"

// stillCounts reads an object that has fields of no type known here, where that need not end the run: the cluster may take
// it, and then it can be in the way of others.
func stillCounts(meta *Meta, spec any, minor int) bool {
	if _, suppressed := meta.Annotations[SuppressAnnotation]; minor <= releases.Newest && !suppressed {
		return false
	}
	typed := typeOf(meta.Group(), meta.Kind)
	text, err := json.Marshal(spec)
	if err != nil || typed == nil || protomarshal.ApplyJSON(string(text), typed) != nil {
		return false
	}
	meta.typed = typed
	return true
}

// decode fills a spec, and says what does not fit.
func decode(value any, typed proto.Message, it *item.Item) diag.List {
	spec, isMapping := value.(map[string]any)
	if value != nil && !isMapping {
		return diag.List{unfit(it, "spec", "spec is not a mapping")}
	}
	var findings diag.List
	for _, misfit := range strict.Fields(spec, typed.ProtoReflect().Descriptor(), "spec") {
		finding := unfit(it, misfit.Path, misfit.Problem+"; allowed: "+misfit.Allowed)
		switch {
		case misfit.Nearest != "":
			finding.Try = misfit.Nearest + ": …"
		case misfit.Instead != "":
			finding.Try, finding.Proposed = misfit.Instead, misfit.Instead
			if key := misfit.Path[strings.LastIndexAny(misfit.Path, ".]")+1:]; key != "" {
				finding.Try = key + ": " + misfit.Instead
			}
		}
		findings = append(findings, finding)
	}
	if len(findings) > 0 {
		return findings
	}
	text, err := json.Marshal(spec)
	if err == nil {
		err = protomarshal.ApplyJSONStrict(string(text), typed)
	}
	if err != nil {
		return diag.List{unfit(it, "spec", strings.Join(strings.Fields(err.Error()), " "))}
	}
	return nil
}

func unfit(it *item.Item, field, problem string) diag.Finding {
	return diag.Finding{
		Code: diag.InvalidObject, Source: it.Source(field),
		Message: fmt.Sprintf("%s is not a valid %s: %s", it.Resource(), it.Kind(), problem),
	}
}

// fieldsOf is a document as JSON would have it.
func fieldsOf(it *item.Item) (map[string]any, error) {
	node, err := it.Node()
	if err != nil {
		return nil, err
	}
	var fields map[string]any
	if err := node.Decode(&fields); err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", it.Resource(), err)
	}
	plain, _ := jsonKeys(fields).(map[string]any)
	return plain, nil
}

// jsonKeys turns keys such as the port numbers of portLevelMtls into text, which is what they are in JSON.
func jsonKeys(value any) any {
	switch value := value.(type) {
	case map[any]any:
		out := make(map[string]any, len(value))
		for key, entry := range value {
			out[fmt.Sprint(key)] = jsonKeys(entry)
		}
		return out
	case map[string]any:
		for key, entry := range value {
			value[key] = jsonKeys(entry)
		}
	case []any:
		for i := range value {
			value[i] = jsonKeys(value[i])
		}
	}
	return value
}

func texts(value any) map[string]string {
	entries, _ := value.(map[string]any)
	out := make(map[string]string, len(entries))
	for key, entry := range entries {
		out[key] = fmt.Sprint(entry)
	}
	return out
}
