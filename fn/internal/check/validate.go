package check

import (
	"cmp"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/validation"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/manifest"
)

// someNamespace stands for the one that an object gets later, where the build does not say it. Istio's validation needs a
// namespace to compare others with.
const someNamespace = "default"

// validator returns what Istio's admission webhook runs for a kind. It finds what the schemas of the custom resources do
// not: https://github.com/istio/istio/blob/master/pkg/config/validation/validation.go
func validator(kind string) validation.ValidateFunc {
	switch kind {
	case "VirtualService":
		return validation.ValidateVirtualService
	case "DestinationRule":
		return validation.ValidateDestinationRule
	case "Gateway":
		return validation.ValidateGateway
	}
	return nil
}

// validate runs Istio's own validation over every generated object.
func validate(set *manifest.Set) diag.List {
	var findings diag.List
	for i := range set.Objects {
		object := &set.Objects[i]
		run := validator(object.Resource.Kind)
		typed, ok := object.Typed.(proto.Message)
		if run == nil || !ok {
			findings = append(findings, diag.Finding{
				Code: diag.InvalidOutput, Source: object.From,
				Message: fmt.Sprintf("%s cannot be validated: its kind is unknown to the check", object.Resource),
			})
			continue
		}
		warning, err := run(config.Config{
			Meta: config.Meta{Name: object.Resource.Name, Namespace: cmp.Or(object.Resource.Namespace, someNamespace)}, Spec: typed,
		})
		if err != nil {
			findings = append(findings, diag.Finding{
				Code: diag.InvalidOutput, Source: object.From,
				Message: fmt.Sprintf("Istio would refuse %s: %s", object.Resource, oneLine(err.Error())),
			})
		}
		if warning != nil {
			findings = append(findings, diag.Finding{
				Code: diag.IstioWarning, Severity: diag.Warning, Source: object.From,
				Message: fmt.Sprintf("Istio warns about %s: %s", object.Resource, oneLine(warning.Error())),
			})
		}
	}
	return findings
}

// oneLine flattens the list that Istio makes of several errors.
func oneLine(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(text, "\n", " ")), " ")
}
