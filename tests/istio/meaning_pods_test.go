package istio

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/yaml"
)

// deployed is what a cluster would make of a build: addresses for its Services, pods from its templates, and what is
// Istio's own.
type deployed struct {
	namespaces []*corev1.Namespace
	nodes      []*corev1.Node
	services   []*corev1.Service
	pods       []*corev1.Pod
	workloads  map[string]*corev1.PodTemplateSpec // namespace/Kind/name → its template
	replicas   map[string][]*corev1.Pod
	istio      string // a stream of documents
}

// workload is what the kinds with a pod template have in common.
type workload struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		Replicas    *int                    `json:"replicas"`
		Template    *corev1.PodTemplateSpec `json:"template"`
		JobTemplate struct {
			Spec struct {
				Template *corev1.PodTemplateSpec `json:"template"`
			} `json:"spec"`
		} `json:"jobTemplate"`
	} `json:"spec"`
}

// deploy does what the controllers of a cluster would do.
func deploy(output string) (*deployed, error) {
	d := &deployed{workloads: map[string]*corev1.PodTemplateSpec{}, replicas: map[string][]*corev1.Pod{}}
	for _, document := range documents(output) {
		if err := d.add(document); err != nil {
			return nil, fmt.Errorf("%w in\n%s", err, document)
		}
	}
	return d, nil
}

func (d *deployed) add(document string) error {
	var kind metav1.TypeMeta
	if err := yaml.Unmarshal([]byte(document), &kind); err != nil {
		return err
	}
	switch {
	case kind.Kind == "Namespace":
		return decoded(document, &d.namespaces)
	case kind.Kind == "Node":
		return decoded(document, &d.nodes)
	case kind.APIVersion == "v1" && kind.Kind == "Service":
		return d.addService(document)
	case strings.HasSuffix(kind.GroupVersionKind().Group, ".istio.io"):
		return d.addIstio(document)
	}
	return d.addPods(document)
}

// addIstio adds an object in its namespace, without which Istio takes none.
func (d *deployed) addIstio(document string) error {
	var object map[string]any
	if err := yaml.Unmarshal([]byte(document), &object); err != nil {
		return err
	}
	if metadata, ok := object["metadata"].(map[string]any); ok && metadata["namespace"] == nil {
		metadata["namespace"] = metav1.NamespaceDefault
	}
	text, err := yaml.Marshal(object)
	d.istio += string(text) + "---\n"
	return err
}

func decoded[T any](document string, all *[]*T) error {
	one := new(T)
	*all = append(*all, one)
	return yaml.Unmarshal([]byte(document), one)
}

func (d *deployed) addService(document string) error {
	if err := decoded(document, &d.services); err != nil {
		return err
	}
	service := d.services[len(d.services)-1]
	service.Namespace = namespaceOf(service)
	for i := range service.Spec.Ports { // The API server's own defaults.
		port := &service.Spec.Ports[i]
		if port.TargetPort == (intstr.IntOrString{}) {
			port.TargetPort = intstr.FromInt32(port.Port)
		}
		if port.Protocol == "" {
			port.Protocol = corev1.ProtocolTCP
		}
	}
	if service.Spec.ClusterIP == "" && service.Spec.Type != corev1.ServiceTypeExternalName {
		service.Spec.ClusterIP = fmt.Sprintf("10.96.0.%d", len(d.services))
		service.Spec.ClusterIPs = []string{service.Spec.ClusterIP}
	}
	return nil
}

func namespaceOf(object metav1.Object) string {
	if object.GetNamespace() == "" {
		return metav1.NamespaceDefault
	}
	return object.GetNamespace()
}

// addPods makes the replicas of a workload, on the nodes in turn.
func (d *deployed) addPods(document string) error {
	var from workload
	if err := yaml.Unmarshal([]byte(document), &from); err != nil {
		return err
	}
	template := from.Spec.Template
	if template == nil {
		template = from.Spec.JobTemplate.Spec.Template
	}
	if template == nil {
		return nil
	}
	key := namespaceOf(&from) + "/" + from.Kind + "/" + from.Name
	d.workloads[key] = template
	replicas := 1
	if from.Spec.Replicas != nil {
		replicas = *from.Spec.Replicas
	}
	for i := range template.Spec.Containers { // The API server's own defaults.
		for j := range template.Spec.Containers[i].Ports {
			if port := &template.Spec.Containers[i].Ports[j]; port.Protocol == "" {
				port.Protocol = corev1.ProtocolTCP
			}
		}
	}
	for i := range replicas {
		address := fmt.Sprintf("10.1.%d.%d", len(d.workloads), i+1)
		pod := &corev1.Pod{
			ObjectMeta: *template.ObjectMeta.DeepCopy(),
			Spec:       *template.Spec.DeepCopy(),
			Status: corev1.PodStatus{
				Phase: corev1.PodRunning, PodIP: address, PodIPs: []corev1.PodIP{{IP: address}},
				Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}},
			},
		}
		pod.Name, pod.Namespace = fmt.Sprintf("%s-%s-%d", from.Name, strings.ToLower(from.Kind), i), namespaceOf(&from)
		if len(d.nodes) > 0 {
			pod.Spec.NodeName = d.nodes[i%len(d.nodes)].Name
		}
		d.pods, d.replicas[key] = append(d.pods, pod), append(d.replicas[key], pod)
	}
	return nil
}

// objects are the Kubernetes objects that istiod sees.
func (d *deployed) objects() []runtime.Object {
	var all []runtime.Object
	for _, namespace := range d.namespaces {
		all = append(all, namespace)
	}
	for _, node := range d.nodes {
		all = append(all, node)
	}
	for _, pod := range d.pods {
		all = append(all, pod)
	}
	for _, service := range d.services {
		all = append(all, service)
		if len(service.Spec.Selector) > 0 {
			all = append(all, d.slice(service))
		}
	}
	return all
}

// behind lists the pods of a Service.
func (d *deployed) behind(service *corev1.Service) []*corev1.Pod {
	var all []*corev1.Pod
	selector := labels.SelectorFromSet(service.Spec.Selector)
	for _, pod := range d.pods {
		if pod.Namespace == service.Namespace && selector.Matches(labels.Set(pod.Labels)) {
			all = append(all, pod)
		}
	}
	return all
}

func (d *deployed) slice(service *corev1.Service) *discoveryv1.EndpointSlice {
	pods := d.behind(service)
	out := &discoveryv1.EndpointSlice{
		ObjectMeta: metav1.ObjectMeta{
			Name: service.Name + "-slice", Namespace: service.Namespace,
			Labels: map[string]string{discoveryv1.LabelServiceName: service.Name},
		},
		AddressType: discoveryv1.AddressTypeIPv4,
	}
	for i := range service.Spec.Ports {
		port := &service.Spec.Ports[i]
		number, protocol := targetPort(port, pods), port.Protocol
		out.Ports = append(out.Ports, discoveryv1.EndpointPort{Name: &port.Name, Port: &number, Protocol: &protocol})
	}
	for _, pod := range pods {
		ready := true
		out.Endpoints = append(out.Endpoints, discoveryv1.Endpoint{
			Addresses: []string{pod.Status.PodIP}, Conditions: discoveryv1.EndpointConditions{Ready: &ready},
			TargetRef: &corev1.ObjectReference{Kind: "Pod", Name: pod.Name, Namespace: pod.Namespace},
		})
	}
	return out
}

// targetPort is the port of the pods behind a port of a Service.
func targetPort(port *corev1.ServicePort, pods []*corev1.Pod) int32 {
	if port.TargetPort.Type == intstr.Int {
		return port.TargetPort.IntVal
	}
	for _, pod := range pods {
		for i := range pod.Spec.Containers {
			ports := pod.Spec.Containers[i].Ports
			named := func(p corev1.ContainerPort) bool { return p.Name == port.TargetPort.StrVal }
			if at := slices.IndexFunc(ports, named); at >= 0 {
				return ports[at].ContainerPort
			}
		}
	}
	return port.Port
}
