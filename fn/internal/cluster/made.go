package cluster

import (
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/item"
)

// made is what a controller makes of an object of the build. The build itself never shows it.
type made struct {
	services []string
	prefix   string   // of the names of more Services, "" for none
	account  []string // ServiceAccounts
	labels   []string // values of labels that the pods have
}

// MadeService reports whether a controller makes a Service of that name out of an object of the build.
func (v *View) MadeService(name, namespace string) bool {
	return slices.ContainsFunc(v.made[namespace], func(m made) bool {
		return slices.Contains(m.services, name) || m.prefix != "" && strings.HasPrefix(name, m.prefix)
	})
}

// MadeHost reports whether a host is that of a Service that a controller makes.
func (v *View) MadeHost(host *Host) bool {
	name, _, _ := strings.Cut(host.Full, ".")
	return (host.Namespace != "" || host.Full != host.Text) && v.MadeService(name, host.Namespace)
}

// MadeAccounts lists the ServiceAccounts that controllers make in a namespace out of objects of the build.
func (v *View) MadeAccounts(namespace string) []string {
	var names []string
	for _, m := range v.made[namespace] {
		names = append(names, m.account...)
	}
	return names
}

// madePods reports whether a controller makes pods that a selector may be for.
func (v *View) madePods(namespace string, selector map[string]string) bool {
	if _, ok := selector[GatewayNameLabel]; ok {
		return true
	}
	for _, value := range selector {
		if slices.ContainsFunc(v.made[namespace], func(m made) bool { return slices.Contains(m.labels, value) }) {
			return true
		}
	}
	return false
}

// noteMade notes what a controller makes of an object.
func (v *View) noteMade(it *item.Item) {
	var of made
	switch it.Group() + "/" + it.Kind() {
	case GatewayAPIGroup + "/Gateway":
		of = ofGateway(it)
	case "flagger.app/Canary":
		of = ofCanary(it)
	case "serving.knative.dev/Service":
		of = made{services: []string{it.Name()}, labels: []string{it.Name()}}
	default:
		if !slices.Contains(operated(), it.Group()) {
			return
		}
		of = made{services: []string{it.Name()}, prefix: it.Name() + "-", labels: []string{it.Name()}}
	}
	if v.made == nil {
		v.made = map[string][]made{}
	}
	v.made[it.Namespace()] = append(v.made[it.Namespace()], of)
}

// operated are the API groups of operators that run brokers and databases. Each makes Services that begin with the name of its
// object, and pods with that name as the value of a label.
func operated() []string {
	return []string{
		"kafka.strimzi.io", "postgresql.cnpg.io", "acid.zalan.do", "elasticsearch.k8s.elastic.co", "rabbitmq.com", "mongodbcommunity.mongodb.com",
	}
}

// ofGateway is the Service and the ServiceAccount of a Kubernetes Gateway. Istio puts the class behind the name for the
// class istio, and not for its others; another class may be of either sort.
// https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#automated-deployment
func ofGateway(it *item.Item) made {
	class, _ := it.String("spec", "gatewayClassName")
	names := []string{it.Name() + "-" + class}
	switch {
	case strings.HasPrefix(class, "istio-"):
		names = []string{it.Name()}
	case class != "istio":
		names = append(names, it.Name())
	}
	of := made{services: names, account: names}
	if name, ok := it.String("metadata", "annotations", "gateway.istio.io/name-override"); ok {
		of.services = []string{name}
	}
	if name, ok := it.String("metadata", "annotations", "gateway.istio.io/service-account"); ok {
		of.account = []string{name}
	}
	return of
}

// ofCanary is what Flagger makes: the Service itself and one for each of its two sets of pods. The pods that serve have the
// name of the workload with -primary behind it, as value of their label.
// https://docs.flagger.app/usage/how-it-works#canary-service
func ofCanary(it *item.Item) made {
	workload, _ := it.String("spec", "targetRef", "name")
	name, named := it.String("spec", "service", "name")
	if !named {
		name = workload
	}
	return made{services: []string{name, name + "-primary", name + "-canary"}, labels: []string{workload + "-primary"}}
}
