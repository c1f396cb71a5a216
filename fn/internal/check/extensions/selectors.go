package extensions

import (
	"fmt"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// selectors finds extensions that are for nobody.
func (c *checker) selectors() {
	for _, object := range c.Objects() {
		switch object.Kind {
		case "WasmPlugin", "TrafficExtension", "ProxyConfig", "EnvoyFilter":
			c.attached(object.Meta, diag.ExtensionNoWorkload)
		}
	}
}

// attached reports an object whose selector matches no workload of the build.
func (c *checker) attached(object *cluster.Meta, code diag.Code) {
	attachment := cluster.AttachmentOf(object)
	reach := c.Reach(attachment)
	if len(attachment.Labels) == 0 || reach.Elsewhere || len(reach.Pods) > 0 {
		return
	}
	if !reach.Known {
		c.report(diag.Finding{
			Code: code, Severity: diag.Info, Source: object.At(attachment.Field),
			Message: fmt.Sprintf("not checked: whether the selector of %s matches a workload; the build would have to contain those of %s",
				object.Resource, cluster.InNamespace(object.Namespace)),
		})
		return
	}
	finding := diag.Finding{
		Code: code, Severity: diag.Warning, Source: object.At(attachment.Field),
		Message: fmt.Sprintf("the selector of %s matches no workload of %s, so it has no effect", object.Resource, cluster.InNamespace(object.Namespace)),
		Because: []string{"no pod template has all of these labels together"},
	}
	if key, values := c.Misspelled(attachment); key != "" {
		finding.Source = object.At(diag.Join(attachment.Field, key))
		finding.Because = []string{fmt.Sprintf("no pod template has the label %s: %q", key, attachment.Labels[key])}
		if nearest, ok := diag.Nearest(attachment.Labels[key], values); ok {
			finding.Try, finding.Proposed = key+": "+nearest, nearest
		}
	}
	c.report(finding)
}
