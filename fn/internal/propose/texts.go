package propose

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/facts"
)

// text is something that a container is given, and that may name whom it calls.
type text struct {
	name   string // of the variable, the flag or the key, "" where it has none
	value  string
	port   string // what the variable beside it says of the port
	source string // env, args, ConfigMap/settings
	shown  string // what of the source it is, for people
}

// texts are all those of a workload's containers, and the variables that come from where nobody looks.
func (p *proposer) texts(workload *facts.Workload) (all []text, unread []string) {
	pod := podOf(workload)
	for _, c := range slices.Concat(pod.Containers, pod.InitContainers) {
		env := p.environment(workload, &c)
		unread = append(unread, env.unread...)
		for _, v := range env.variables {
			v.port = env.portBeside(v.name)
			all = append(all, v)
		}
		all = append(all, p.arguments(workload, c.Command, "command", env)...)
		all = append(all, p.arguments(workload, c.Args, "args", env)...)
	}
	files, missing := p.mounted(workload, pod)
	return append(all, files...), append(unread, missing...)
}

// arguments takes a command line apart into flags and the rest.
func (p *proposer) arguments(workload *facts.Workload, list []string, source string, env *environment) []text {
	var out []text
	for i := 0; i < len(list); i++ {
		argument := p.expand(workload, list[i], env)
		name, value, has := strings.Cut(argument, "=")
		switch {
		case strings.HasPrefix(argument, "-") && has, has && word.MatchString(name):
			out = append(out, text{name: name, value: value, source: source, shown: name})
		case strings.HasPrefix(argument, "-"):
			if i+1 < len(list) && !strings.HasPrefix(list[i+1], "-") {
				i++
				out = append(out, text{name: argument, value: p.expand(workload, list[i], env), source: source, shown: argument})
			}
		default:
			out = append(out, text{value: argument, source: source})
		}
	}
	return out
}

var (
	word      = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)
	reference = regexp.MustCompile(`\$(?:\(([A-Za-z_][\w.-]*)\)|\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))`)
)

// maxExpanded bounds what variables stand for in one proposal: each of a list can stand for the one before it twice.
const maxExpanded = 16 << 20

// expand puts the values of variables into a text. Kubernetes does so for $(NAME), and many programs for ${NAME}. A variable
// that Kubernetes makes of a Service stands for the Service.
// https://kubernetes.io/docs/tutorials/services/connect-applications-service/#environment-variables
func (p *proposer) expand(workload *facts.Workload, value string, env *environment) string {
	if !strings.Contains(value, "$") {
		return value
	}
	return reference.ReplaceAllStringFunc(value, func(found string) string {
		parts := reference.FindStringSubmatch(found)
		name := parts[1] + parts[2] + parts[3]
		if known, ok := env.values[name]; ok && p.expanded+len(known) <= maxExpanded {
			p.expanded += len(known)
			return known
		}
		if known, ok := p.madeOfService(workload, name); ok {
			return known
		}
		return found
	})
}

// madeOfService is the value of a variable that Kubernetes makes of a Service.
func (p *proposer) madeOfService(workload *facts.Workload, name string) (string, bool) {
	prefix, isHost := strings.CutSuffix(name, "_SERVICE_HOST")
	if !isHost {
		var isPort bool
		if prefix, isPort = strings.CutSuffix(name, "_SERVICE_PORT"); !isPort {
			return "", false
		}
	}
	for _, service := range p.facts.Services {
		if service.Namespace != workload.Namespace || len(service.Ports) == 0 {
			continue
		}
		for _, called := range append([]string{service.Name}, service.PreviousNames...) {
			switch {
			case prefix != strings.ToUpper(strings.ReplaceAll(called, "-", "_")):
			case isHost:
				return called, true
			default:
				return strconv.Itoa(int(service.Ports[0].Number)), true
			}
		}
	}
	return "", false
}

// keyed is a line of a file that gives a key a value, in YAML, JSON, properties and their like.
var keyed = regexp.MustCompile(`^[\s,{-]*["']?([A-Za-z][\w.-]*)["']?\s*[:=]\s*(\S.*)$`)

// lines takes a mounted file apart.
func lines(content, source, file string) []text {
	var out []text
	for line := range strings.SplitSeq(content, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "//") {
			continue
		}
		one := text{value: line, source: source, shown: file}
		if found := keyed.FindStringSubmatch(line); found != nil && !strings.HasPrefix(found[2], "//") && !number.MatchString(found[2]) {
			one.name, one.value = found[1], strings.Trim(found[2], ` ,"'`)
		}
		out = append(out, one)
	}
	return out
}

var number = regexp.MustCompile(`^[0-9]+$`)
