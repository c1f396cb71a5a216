package facts

import "strconv"

// TargetOf is the port of the pods that a port of a Service leads to, and the image of the container that has it, or of the
// first one where none lists it. Of a name that no container has, it is the number of the Service's own port.
func (w *Workload) TargetOf(port *Port) (number int32, image string) {
	written, err := strconv.ParseInt(port.TargetPort, 10, 32)
	switch {
	case err == nil && written != 0:
		number = int32(written)
	case err == nil || port.TargetPort == "":
		number = port.Number
	default:
		if number, image, ok := w.listed(port.Transport, func(p ContainerPort) bool { return p.Name == port.TargetPort }); ok {
			return number, image
		}
		number = port.Number
	}
	if _, image, ok := w.listed(port.Transport, func(p ContainerPort) bool { return p.Number == number }); ok {
		return number, image
	}
	if len(w.Containers) > 0 {
		image = w.Containers[0].Image
	}
	return number, image
}

// NamedTarget is the port of the pods that a port of a Service names, where a container has one of that name.
func (w *Workload) NamedTarget(port *Port) (number int32, ok bool) {
	number, _, ok = w.listed(port.Transport, func(p ContainerPort) bool { return p.Name == port.TargetPort })
	return number, ok
}

// listed finds a port that a container lists.
func (w *Workload) listed(by string, wanted func(ContainerPort) bool) (number int32, image string, ok bool) {
	for i := range w.Containers {
		for _, port := range w.Containers[i].Ports {
			if wanted(port) && transport(port.Transport) == transport(by) {
				return port.Number, w.Containers[i].Image, true
			}
		}
	}
	return 0, "", false
}

func transport(written string) string {
	if written == "" {
		return "TCP"
	}
	return written
}
