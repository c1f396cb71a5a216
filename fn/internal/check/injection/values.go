package injection

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"istio.io/api/annotation"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// ruleFor returns what Istio's injector demands of the value of an annotation, nil where it takes anything.
// https://istio.io/latest/docs/reference/config/annotations/
func ruleFor(key string) func(value string) error {
	switch key {
	case annotation.SidecarInterceptionMode.Name:
		return oneOf("REDIRECT", "TPROXY", "NONE")
	case annotation.SidecarStatusPort.Name:
		return port
	case annotation.SidecarStatusReadinessInitialDelaySeconds.Name, annotation.SidecarStatusReadinessPeriodSeconds.Name,
		annotation.SidecarStatusReadinessFailureThreshold.Name:
		return count
	case annotation.SidecarTrafficIncludeOutboundIPRanges.Name:
		return orAll(ranges)
	case annotation.SidecarTrafficExcludeOutboundIPRanges.Name:
		return ranges
	case annotation.SidecarTrafficIncludeInboundPorts.Name:
		return orAll(ports)
	case annotation.SidecarTrafficExcludeInboundPorts.Name, annotation.SidecarTrafficExcludeOutboundPorts.Name:
		return ports
	case annotation.SidecarTrafficExcludeInterfaces.Name, annotation.SidecarTrafficKubevirtInterfaces.Name,
		annotation.IoIstioRerouteVirtualInterfaces.Name:
		return interfaces
	case annotation.PrometheusMergeMetrics.Name:
		return boolean
	case annotation.SidecarProxyCPU.Name, annotation.SidecarProxyMemory.Name, annotation.SidecarProxyCPULimit.Name,
		annotation.SidecarProxyMemoryLimit.Name:
		return quantity
	case annotation.ProxyConfig.Name:
		return func(value string) error {
			_, _, err := cluster.ProxyConfig(value)
			return err
		}
	}
	return nil
}

// values finds values with which the injector refuses the pods, and fields that it ignores.
func (c *checker) values() {
	c.each(func(in *annotated, key string) {
		rule := ruleFor(key)
		if rule == nil || in.pods == nil {
			return
		}
		if err := rule(in.annotations[key]); err != nil {
			c.badAnnotation(in, key, err)
			return
		}
		if key == annotation.ProxyConfig.Name {
			c.unknownFields(in, key)
		}
	})
}

// badAnnotation is an error where the pods would be injected: the injector refuses them, and they are not created.
func (c *checker) badAnnotation(in *annotated, key string, problem error) {
	finding := diag.Finding{
		Code: diag.InvalidAnnotation, Severity: diag.Warning, Source: in.at(key),
		Message: fmt.Sprintf("annotation %s of %s is not valid: %s", key, in.what, problem),
		Because: []string{"Istio's injector refuses pods with such a value, and they are not created"},
		Try:     "a value that https://istio.io/latest/docs/reference/config/annotations/ allows",
	}
	if c.Injection(in.pods).Sidecar == facts.Yes {
		finding.Severity = diag.Error
	}
	c.report(finding)
}

func (c *checker) unknownFields(in *annotated, key string) {
	_, unknown, _ := cluster.ProxyConfig(in.annotations[key])
	for _, field := range unknown {
		finding := diag.Finding{
			Code: diag.ProxyConfigField, Severity: diag.Warning, Source: in.at(key),
			Message: fmt.Sprintf("annotation %s of %s has a field %q, which a ProxyConfig does not have and Istio ignores", key, in.what, field),
			Try:     "a field of https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#ProxyConfig",
		}
		if nearest, ok := diag.Nearest(field, cluster.ProxyConfigFields()); ok {
			finding.Try = nearest
		}
		c.report(finding)
	}
}

func oneOf(allowed ...string) func(string) error {
	return func(value string) error {
		if slices.Contains(allowed, value) {
			return nil
		}
		return fmt.Errorf("%q is none of %s", value, strings.Join(allowed, ", "))
	}
}

func orAll(rule func(string) error) func(string) error {
	return func(value string) error {
		if value == "*" {
			return nil
		}
		return rule(value)
	}
}

func port(value string) error {
	if _, err := strconv.ParseUint(strings.TrimSpace(value), 10, 16); err != nil {
		return fmt.Errorf("%q is not a port", value)
	}
	return nil
}

func ports(value string) error {
	if strings.TrimSpace(value) == "" {
		return nil
	}
	for each := range strings.SplitSeq(strings.TrimSpace(value), ",") {
		if err := port(each); err != nil {
			return fmt.Errorf("%w; allowed: ports with commas between them", err)
		}
	}
	return nil
}

func count(value string) error {
	if _, err := strconv.ParseUint(value, 10, 32); err != nil {
		return fmt.Errorf("%q is not a whole number from 0", value)
	}
	return nil
}

func boolean(value string) error {
	if _, err := strconv.ParseBool(value); err != nil {
		return fmt.Errorf("%q is neither true nor false", value)
	}
	return nil
}

func ranges(value string) error {
	if value == "" {
		return nil
	}
	for each := range strings.SplitSeq(value, ",") {
		if _, err := netip.ParsePrefix(each); err != nil {
			return fmt.Errorf("%q is not a range of addresses; allowed: ranges such as 10.0.0.0/8, with commas and no spaces between them", each)
		}
	}
	return nil
}

// interfaces checks names as Linux allows them, up to fifteen characters.
func interfaces(value string) error {
	if value == "" {
		return nil
	}
	shape := regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_.\-]*$`)
	for each := range strings.SplitSeq(value, ",") {
		if name := strings.TrimSpace(each); len(name) > 15 || !shape.MatchString(name) {
			return fmt.Errorf("%q is not the name of a network interface", name)
		}
	}
	return nil
}

func quantity(value string) error {
	if strings.ContainsFunc(value, unicode.IsControl) {
		return errors.New("it holds a control character")
	}
	if _, err := resource.ParseQuantity(value); err != nil {
		return fmt.Errorf("%q is not an amount; allowed: such as 100m or 128Mi", value)
	}
	return nil
}
