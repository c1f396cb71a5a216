package check

import "strings"

// warned is what Istio warns about, without what a check of ours says of the exact place and with what to write instead:
// deprecated fields (check/extensions), and DENY rules for ports that are not HTTP (check/policies).
func warned(warning error) string {
	if warning == nil {
		return ""
	}
	each := []error{warning}
	if several, ok := warning.(interface{ WrappedErrors() []error }); ok {
		each = several.WrappedErrors()
	}
	var texts []string
	for _, one := range each {
		text := oneLine(one.Error())
		if !strings.Contains(text, "deprecated") && !strings.Contains(text, "will deny all traffic to TCP ports") {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, "; ")
}
