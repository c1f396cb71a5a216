package istio

// spellOutZeroModes writes the modes of a ServiceEntry that protobuf leaves out because they are the first of their kind.
// Nobody should have to know which those are.
func spellOutZeroModes(spec map[string]any) {
	for field, zero := range map[string]string{"location": "MESH_EXTERNAL", "resolution": "NONE"} {
		if spec[field] == nil {
			spec[field] = zero
		}
	}
}

// spellOutPassthrough does so for servers that pass TLS on as it is.
func spellOutPassthrough(spec map[string]any) {
	servers, _ := spec["servers"].([]any)
	for _, server := range servers {
		fields, _ := server.(map[string]any)
		if tls, ok := fields["tls"].(map[string]any); ok && tls["mode"] == nil {
			tls["mode"] = "PASSTHROUGH"
		}
	}
}
