package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/validation"
	"istio.io/istio/pkg/log"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
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
	case "ServiceEntry":
		return validation.ValidateServiceEntry
	case "Sidecar":
		return validation.ValidateSidecar
	case "WorkloadEntry":
		return validation.ValidateWorkloadEntry
	case "WorkloadGroup":
		return validation.ValidateWorkloadGroup
	case "ProxyConfig":
		return validation.ValidateProxyConfig
	case "AuthorizationPolicy":
		return validation.ValidateAuthorizationPolicy
	case "PeerAuthentication":
		return validation.ValidatePeerAuthentication
	case "RequestAuthentication":
		return validation.ValidateRequestAuthentication
	case "Telemetry":
		return validation.ValidateTelemetry
	case "WasmPlugin":
		return validation.ValidateWasmPlugin
	case "TrafficExtension":
		return validation.ValidateTrafficExtension
	}
	return nil
}

// validate runs Istio's own validation over every object.
func validate(v *cluster.View) diag.List {
	silence()
	var findings diag.List
	for _, object := range v.Objects() {
		run := validator(object.Kind)
		if run == nil {
			continue // An EnvoyFilter is checked on its own, because Istio's validation of it needs Envoy's whole API.
		}
		of := config.Config{
			Meta: config.Meta{
				Name: object.Name, Namespace: cmp.Or(object.Namespace, someNamespace),
				Labels: object.Labels, Annotations: object.Annotations,
			},
			Spec: object.Message(),
		}
		warning, err := run(of)
		if err != nil {
			findings = append(findings, refused(object, of, run, textsOf(err))...)
		}
		if text := warningText(object, warning, v.Istio.RootNamespace); text != "" {
			findings = append(findings, diag.Finding{
				Code: diag.IstioWarning, Severity: diag.Warning, Source: object.At("spec"),
				Message: fmt.Sprintf("Istio warns about %s: %s", object.Resource, text),
			})
		}
	}
	return findings
}

// silence keeps Istio's validation from logging: it would write to standard output, where the function's answer goes, and
// with the time of day. What it logs it returns too.
func silence() {
	for _, scope := range log.Scopes() {
		scope.SetOutputLevel(log.NoneLevel)
	}
}

// refused reports each thing that Istio refuses once, where it is written.
func refused(object *cluster.Any, of config.Config, run validation.ValidateFunc, problems []string) diag.List {
	search := &refusals{root: proto.Clone(object.Message()), validate: func(spec proto.Message) []string {
		of.Spec = spec
		_, err := run(of)
		return textsOf(err)
	}}
	code := diag.InvalidObject
	if !object.ByHand() {
		code = diag.InvalidOutput
	}
	var findings diag.List
	for i, problem := range problems {
		if slices.Contains(problems[:i], problem) || repeated(problem, problems) {
			continue
		}
		places := []string{"spec"}
		if object.ByHand() {
			places = search.placesOf(problem)
		}
		for _, field := range places {
			findings = append(findings, diag.Finding{
				Code: code, Source: object.At(field), Message: fmt.Sprintf("Istio would refuse %s: %s", object.Resource, problem),
			})
		}
	}
	return findings
}

// repeated reports whether a problem says another one again with a preface, as Istio does with some of those of policies.
func repeated(problem string, all []string) bool {
	return slices.ContainsFunc(all, func(other string) bool { return strings.HasSuffix(problem, ": "+other) })
}

// oneLine flattens the list that Istio makes of several errors.
func oneLine(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(text, "\n", " ")), " ")
}
