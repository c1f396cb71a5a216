package facts

import (
	"cmp"
	"strconv"
	"strings"
)

// Target is the port of the pods that a port of a Service leads to; ok is false for a name that no container has. The
// number is that of the Service's own port then.
func (w *Workload) Target(port *Port) (number int32, ok bool) {
	written, err := strconv.ParseInt(port.TargetPort, 10, 32)
	switch {
	case err == nil && written != 0:
		return int32(written), true
	case err == nil || port.TargetPort == "":
		return port.Number, true
	}
	if at := w.listed(port.Transport, func(p ContainerPort) bool { return p.Name == port.TargetPort }); at.port != nil {
		return at.port.Number, true
	}
	return port.Number, false
}

// ImageAt is the image of the container that lists a port, or of the first one where none does.
func (w *Workload) ImageAt(number int32, transport string) string {
	at := w.listed(transport, func(p ContainerPort) bool { return p.Number == number })
	if at.port == nil && len(w.Containers) > 0 {
		return w.Containers[0].Image
	}
	return at.image
}

// Listed is the number of a TCP port that a container lists by name; ok is false where none does. Sidecars leave UDP alone.
func (w *Workload) Listed(name string) (number int32, ok bool) {
	if at := w.listed("", func(p ContainerPort) bool { return p.Name == name }); at.port != nil {
		return at.port.Number, true
	}
	return 0, false
}

// listedPort is a port that a container lists, nil for none.
type listedPort struct {
	port  *ContainerPort
	image string
}

func (w *Workload) listed(by string, wanted func(ContainerPort) bool) listedPort {
	for i := range w.Containers {
		container := &w.Containers[i]
		for j := range container.Ports {
			if port := &container.Ports[j]; wanted(*port) && Transport(port.Transport) == Transport(by) {
				return listedPort{port, container.Image}
			}
		}
	}
	return listedPort{}
}

// Transport is what a port is reached over, as it is written or else Kubernetes's default.
func Transport(written string) string { return cmp.Or(written, "TCP") }

// PortList reads the numbers of an annotation such as traffic.sidecar.istio.io/excludeInboundPorts. What is no number has
// findings of its own.
func PortList(text string) []int32 {
	var numbers []int32
	for each := range strings.SplitSeq(text, ",") {
		if number, err := strconv.ParseInt(strings.TrimSpace(each), 10, 32); err == nil {
			numbers = append(numbers, int32(number))
		}
	}
	return numbers
}

// Lists reports whether a container lists a TCP port by its number.
func (w *Workload) Lists(number int32) bool {
	return w.listed("", func(p ContainerPort) bool { return p.Number == number }).port != nil
}
