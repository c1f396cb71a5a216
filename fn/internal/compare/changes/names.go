package changes

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// folded is how many names stand in one line; the others are counted.
const folded = 6

// names says how people call things.
type names struct {
	alone    bool                       // there is only one namespace, so that nobody has to say it
	services map[string]map[string]bool // the Services of a namespace that both builds have
	external map[string]string          // what Meshes call hosts outside
}

func newNames(builds ...*build) *names {
	n := &names{services: map[string]map[string]bool{}, external: map[string]string{}}
	namespaces := map[string]bool{}
	for _, b := range builds {
		for subject := range b.services {
			namespace := diag.ParseResource(subject).Namespace
			namespaces[namespace] = true
			if n.services[namespace] == nil {
				n.services[namespace] = map[string]bool{}
			}
			if builds[0].has(subject) && builds[1].has(subject) {
				n.services[namespace][subject] = true
			}
		}
		for subject := range b.pods {
			namespaces[diag.ParseResource(subject).Namespace] = true
		}
		n.outside(b)
	}
	n.alone = len(namespaces) <= 1
	return n
}

// outside notes what Meshes call hosts outside.
func (n *names) outside(b *build) {
	for subject, lines := range b.lines {
		for _, line := range lines {
			if name := externalOf(line.From.At.Field); name != "" {
				n.external[subject] = name
			}
		}
	}
}

// externalOf is the name of the entry that a field is in, "" where it is in none of external.
func externalOf(field string) string {
	steps, _ := diag.Split(field)
	if len(steps) > 2 && steps[0].Key == "spec" && steps[1].Key == "external" {
		return steps[2].Key
	}
	return ""
}

// short is how people call one subject: web, shop/web, CronJob/nightly, shop.example.com.
func (n *names) short(subject string) string {
	resource := diag.ParseResource(subject)
	name := resource.Name
	if resource.Namespace != "" && !n.alone {
		name = resource.Namespace + "/" + name
	}
	switch resource.Kind {
	case "ServiceEntry":
		return cmp.Or(n.external[subject], name)
	case "Service", "host":
		return name
	case "Namespace":
		return "namespace " + name
	}
	if n.alone {
		return resource.Kind + "/" + name
	}
	return resource.Kind + " " + name
}

// who is how people call many.
func (n *names) who(subjects []Subject) string {
	if len(subjects) == 1 {
		return n.short(subjects[0].Name) + portsOf(subjects[0].Ports)
	}
	ports := portsOf(n.samePorts(subjects))
	var services, others []Subject
	for _, subject := range subjects {
		if strings.HasPrefix(subject.Name, "Service ") {
			services = append(services, subject)
		} else {
			others = append(others, subject)
		}
	}
	if namespace, all := n.everybody(services); all {
		text := fmt.Sprintf("all %d Services of %s", len(services), namespace)
		if len(others) > 0 {
			text += ", and " + fold(n.list(others))
		}
		return text + ports
	}
	words := map[string]int{}
	for i := range subjects {
		words[kindOf(subjects[i].Name)]++
	}
	var counts []string
	for _, kind := range slices.Sorted(maps.Keys(words)) {
		counts = append(counts, counted(words[kind], kind, plural(kind)))
	}
	return strings.Join(counts, " and ") + ": " + fold(n.list(append(services, others...))) + ports
}

func (n *names) list(subjects []Subject) []string {
	list := make([]string, 0, len(subjects))
	for i := range subjects {
		list = append(list, n.short(subjects[i].Name))
	}
	return list
}

// kindOf is what people call things of a kind.
func kindOf(subject string) string {
	switch kind := diag.ParseResource(subject).Kind; kind {
	case "Service", "host", "Namespace":
		return kind
	case "ServiceEntry":
		return "external host"
	default:
		return kind
	}
}

// everybody reports whether subjects are all Services of one namespace.
func (n *names) everybody(services []Subject) (namespace string, all bool) {
	if len(services) < 3 {
		return "", false
	}
	namespace = diag.ParseResource(services[0].Name).Namespace
	known := n.services[namespace]
	for i := range services {
		if !known[services[i].Name] {
			return "", false
		}
	}
	return namespace, namespace != "" && len(known) == len(services)
}

// samePorts are the ports of many, where they are the same for all.
func (n *names) samePorts(subjects []Subject) []string {
	for i := range subjects {
		if !slices.Equal(subjects[i].Ports, subjects[0].Ports) {
			return nil
		}
	}
	return subjects[0].Ports
}

func portsOf(ports []string) string {
	switch len(ports) {
	case 0:
		return ""
	case 1:
		return ", port " + ports[0]
	}
	return ", ports " + strings.Join(ports, ", ")
}

func plural(kind string) string {
	if before, ok := strings.CutSuffix(kind, "y"); ok && kind != "Gateway" {
		return before + "ies"
	}
	return kind + "s"
}

// fold writes some names, and counts the others.
func fold(list []string) string {
	if len(list) <= folded {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:folded-1], ", "), len(list)-folded+1)
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
