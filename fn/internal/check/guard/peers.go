package guard

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	security "istio.io/api/security/v1"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/spec"
)

type peerAuthentication = cluster.Object[*security.PeerAuthentication]

// localConfig keeps an object out of what is applied.
const localConfig = "config.kubernetes.io/local-config"

// peers finds PeerAuthentications kept by hand that accept plain text where the stage refuses it. Which of several Istio
// takes is not asked: it is the oldest, and no build shows which one that is.
func (c *checker) peers() {
	for _, object := range c.PeerAuthentications {
		c.closing(object)
		field, mode, opens := c.opening(object)
		if !opens || !object.ByHand() {
			continue
		}
		what, stage, try := c.openedBy(object, field)
		if what == "" {
			continue
		}
		for _, pod := range c.selected(object) {
			c.opened[pod] = true
		}
		finding := diag.Finding{
			Code: diag.PlainAccepted, Source: object.At(field),
			Message: fmt.Sprintf("%s accepts plain text, by mode %s, for %s", object.Resource, mode, what),
			Because: []string{fmt.Sprintf("at stage %s pods accept calls over mutual TLS only", stage.Name)},
			Related: []diag.Source{stage.At},
			Try:     try,
		}
		if mode := object.Spec.GetMtls().GetMode(); field != modeField && mode == cluster.StrictMTLS {
			finding.Severity = diag.Warning // As for a port that passes the sidecar by.
		}
		c.report(finding)
	}
}

// closing notes the pods that an object makes refuse plain text.
func (c *checker) closing(object *peerAuthentication) {
	if c.refuses(cluster.MTLS{Mode: object.Spec.GetMtls().GetMode(), By: object}) {
		for _, pod := range c.SelectedIn(object.Namespace, object.Spec.GetSelector().GetMatchLabels()) {
			c.closed[pod] = true
		}
	}
}

const modeField = "spec.mtls.mode"

// opening finds a mode that accepts plain text, for the workload or for one of its ports. Without a mode of its own, an object
// takes that of the namespace.
func (c *checker) opening(object *peerAuthentication) (field string, mode cluster.MTLSMode, found bool) {
	accepts := func(mode cluster.MTLSMode) bool { return mode == cluster.PermissiveMTLS || mode == cluster.DisableMTLS }
	if mode := object.Spec.GetMtls().GetMode(); accepts(mode) {
		return modeField, mode, true
	} else if mode == cluster.UnsetMTLS && len(object.Spec.GetSelector().GetMatchLabels()) > 0 && !c.refuses(c.NamespaceMTLS(object.Namespace)) {
		return "spec", mode, true
	}
	ports := object.Spec.GetPortLevelMtls()
	for _, port := range slices.Sorted(maps.Keys(ports)) {
		if mode := ports[port].GetMode(); accepts(mode) {
			return diag.Join("spec.portLevelMtls", fmt.Sprint(port)) + ".mode", mode, true
		}
	}
	return "", 0, false
}

// openedBy says what a PeerAuthentication is for that is to refuse plain text, nothing where there is nothing. Pods may have
// labels that only the cluster gives them, so that a selector without pods may still select some.
func (c *checker) openedBy(object *peerAuthentication, field string) (what string, stage spec.Stage, try string) {
	labels := object.Spec.GetSelector().GetMatchLabels()
	try = "remove it, or mode: STRICT"
	if strings.HasPrefix(field, "spec.portLevelMtls") {
		try = "remove " + strings.TrimSuffix(field, ".mode")
	}
	if object.Namespace == c.Istio.RootNamespace && len(labels) > 0 {
		return "", stage, "" // Istio does not read it.
	}
	pods := c.selected(object)
	for _, pod := range pods {
		if stage, ok := c.Stages.Guarded(pod.Workload); ok && len(labels) > 0 {
			return fmt.Sprintf("%s %q", pod.Kind, pod.Name), stage, orException(try, pod)
		}
	}
	stage, guarded := c.Stages.GuardedNamespace(object.Namespace)
	if !guarded || len(labels) > 0 && len(pods) > 0 {
		return "", stage, ""
	}
	if len(labels) > 0 {
		return fmt.Sprintf("pods of %s that have these labels in the cluster", cluster.InNamespace(object.Namespace)), stage, try
	}
	return "whatever in " + cluster.InNamespace(object.Namespace) + " has no PeerAuthentication of its own", stage, try
}

// selected lists the pods of the build that an object is for. One that names no namespace comes into that of the rest.
func (c *checker) selected(object *peerAuthentication) []*cluster.Pod {
	labels := object.Spec.GetSelector().GetMatchLabels()
	if object.Namespace != "" && len(labels) == 0 {
		return c.Selected(object.Namespace, nil)
	} else if object.Namespace != "" {
		return c.SelectedIn(object.Namespace, labels)
	}
	var pods []*cluster.Pod
	for _, namespace := range c.Facts.NamespacesInUse() {
		pods = append(pods, c.SelectedIn(namespace, labels)...)
	}
	return pods
}

// plain finds pods that a Mesh speaks of, and that nothing makes refuse plain text: their PeerAuthentication is to be kept by
// hand, and is not there.
func (c *checker) plain(pod *cluster.Pod, stage spec.Stage) {
	if _, selectable := pod.Selector(); !selectable || c.closed[pod] || c.opened[pod] {
		return
	}
	accepted := c.MTLSOf(pod)
	if c.refuses(accepted) {
		return
	}
	finding := diag.Finding{
		Code: diag.PlainAccepted, Source: pod.Source("metadata.name"),
		Message: fmt.Sprintf("nothing in the build makes %s refuse plain text", named(pod, stage)),
		Related: []diag.Source{stage.At},
		Try:     orException("leave the one that meshfn generates, or keep one with mode: STRICT in the build", pod),
	}
	if accepted.Known() {
		finding.Because = []string{fmt.Sprintf("%s says %s", accepted.Who(), accepted.Mode)}
		finding.Related = append(finding.Related, accepted.At())
	}
	if pod.Name == "" {
		finding.Severity = diag.Warning
		finding.Try = "metadata.name, after which what is generated for it is named"
	}
	c.report(finding)
}

// refuses reports whether pods refuse plain text by something that will be in the cluster.
func (c *checker) refuses(accepted cluster.MTLS) bool {
	return accepted.Mode == cluster.StrictMTLS && (accepted.By == nil || accepted.By.Annotations[localConfig] != "true")
}
