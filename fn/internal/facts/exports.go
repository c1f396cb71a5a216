package facts

import "strings"

// exportAnnotation says on a Service what exportTo says in an object of Istio's.
// https://istio.io/latest/docs/reference/config/annotations/#NetworkingExportTo
const exportAnnotation = "networking.istio.io/exportTo"

// ExportTo lists the namespaces that a Service's annotation says it is for, nothing where it has none.
func ExportTo(service *Service) []string {
	var list []string
	for entry := range strings.SplitSeq(service.Annotations[exportAnnotation], ",") {
		if entry = strings.TrimSpace(entry); entry != "" {
			list = append(list, entry)
		}
	}
	return list
}

// ExportField is the place of a Service's list.
func ExportField() string { return `metadata.annotations["` + exportAnnotation + `"]` }
