package main

// exceptions are the mutants that mean the same as the original, or that only matter where something cannot happen. The
// key is what the list of survivors shows.
func exceptions() map[string]string {
	const (
		ownText = "what was just written as JSON is read and written again without an error"
		ownSpec = "a spec that was just read from JSON is written without an error"
	)
	return map[string]string{
		"expose.go entryMatches branch: case len(methods) == 0": "there are no matches yet, and without methods none are added",

		"integers.go asInteger always: field.Message() != nil && !field.IsMap()": "Istio's types have no map with 64-bit numbers, and a number is no mapping",
		"integers.go asInteger assignment: value[i] = number":                    "Istio's types have lists of mappings, which are changed in place, and none of 64-bit numbers",

		"load_balancer.go cookie always: h.Cookie.V.TTL != nil": "the reader requires ttl",

		"object.go specFields never: err := json.Unmarshal(text, &fields); err != nil":                        ownText,
		"object.go specFields never: err := asIntegers(fields, spec.ProtoReflect().Descriptor()); err != nil": "protobuf writes whole numbers, and none of Istio's is above what a signed one holds",
		"object.go specFields always: _, ok := spec.(*networking.VirtualService); ok":                         "only a VirtualService has http routes",

		"patch.go merged never: err != nil":                                            ownText,
		"patch.go merged never: err != nil (2)":                                        ownText,
		"patch.go merged never: err != nil (3)":                                        "both sides of the merge were just written as JSON",
		"patch.go merged never: err := json.Unmarshal(after, &fields); err != nil":     ownText,
		"patch.go merged never: err != nil (4)":                                        ownText,
		"patch.go merged assignment: err in fields[\"spec\"], err = specFields(typed)": ownSpec,
		"patch.go merged never: fields[\"spec\"], err = specFields(typed); err != nil": ownSpec,

		"retries.go retries never: r.Attempts.V == 0": "the plan says nothing else about retries that are off",
	}
}
