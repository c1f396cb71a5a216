package propose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/facts"
	"github.com/meshfn/meshfn/fn/internal/read"
)

// pod is what is of interest in a pod template.
type pod struct {
	Containers     []container `yaml:"containers"`
	InitContainers []container `yaml:"initContainers"`
	Volumes        []volume    `yaml:"volumes"`
}

type container struct {
	Command []string `yaml:"command"`
	Args    []string `yaml:"args"`
	Env     []struct {
		Name  string `yaml:"name"`
		Value string `yaml:"value"`
		From  struct {
			Config *keyRef `yaml:"configMapKeyRef"`
			Secret *keyRef `yaml:"secretKeyRef"`
		} `yaml:"valueFrom"`
	} `yaml:"env"`
	EnvFrom []struct {
		Prefix string  `yaml:"prefix"`
		Config *keyRef `yaml:"configMapRef"`
	} `yaml:"envFrom"`
}

type keyRef struct {
	Name string `yaml:"name"`
	Key  string `yaml:"key"`
}

type volume struct {
	Config    *fileRef `yaml:"configMap"`
	Projected struct {
		Sources []struct {
			Config *fileRef `yaml:"configMap"`
		} `yaml:"sources"`
	} `yaml:"projected"`
}

type fileRef struct {
	Name  string   `yaml:"name"`
	Items []keyRef `yaml:"items"`
}

// podOf reads a template. What does not have its shape was said when the facts were read.
func podOf(workload *facts.Workload) *pod {
	out := &pod{}
	if node := workload.Item.Lookup(slices.Concat(workload.Template, []string{"spec"})...); node != nil {
		if err := node.Decode(out); err != nil {
			return &pod{}
		}
	}
	return out
}

// configMap is a ConfigMap of the build.
type configMap struct {
	facts.Identity
	data map[string]string
}

func (c *configMap) String() string { return "ConfigMap/" + c.Written() }

func (p *proposer) readConfigMaps() {
	for _, it := range p.in.Items {
		if it.Group() != "" || it.Kind() != "ConfigMap" {
			continue
		}
		config := &configMap{Identity: read.Identity(it), data: map[string]string{}}
		if node := it.Lookup("data"); node == nil || node.Decode(&config.data) != nil {
			continue
		}
		p.configs = append(p.configs, config)
	}
	slices.SortStableFunc(p.configs, func(a, b *configMap) int { return facts.Compare(&a.Identity, &b.Identity) })
}

// config finds a ConfigMap by the name that a pod template has for it, which kustomize mends only at the end.
func (p *proposer) config(workload *facts.Workload, name string) *configMap {
	var before *configMap
	for _, config := range p.configs {
		switch {
		case config.Namespace != workload.Namespace:
		case config.Name == name:
			return config
		case before == nil && config.Named(name):
			before = config
		}
	}
	return before
}

// environment is what the variables of a container say.
type environment struct {
	variables []text
	values    map[string]string
	unread    []string
}

func (p *proposer) environment(workload *facts.Workload, c *container) *environment {
	env := &environment{values: map[string]string{}}
	p.fromConfigs(workload, c, env)
	for _, v := range c.Env {
		switch {
		case v.From.Config != nil:
			if config := p.config(workload, v.From.Config.Name); config != nil {
				env.set(v.Name, config.data[v.From.Config.Key], config.String())
			} else {
				env.skip(v.Name, fmt.Sprintf("ConfigMap/%s, which is not in the build", v.From.Config.Name))
			}
		case v.From.Secret != nil:
			env.skip(v.Name, fmt.Sprintf("Secret/%s, which is never read", v.From.Secret.Name))
		default:
			env.set(v.Name, p.expand(workload, v.Value, env), "env")
		}
	}
	return env
}

// skip notes a variable of which only the name is known, where that could be an address.
func (e *environment) skip(name, from string) {
	if addressLike(name) {
		e.unread = append(e.unread, "env "+name+" from "+from)
	}
}

// fromConfigs sets the variables that a container has of whole ConfigMaps.
func (p *proposer) fromConfigs(workload *facts.Workload, c *container, env *environment) {
	for _, from := range c.EnvFrom {
		if from.Config == nil {
			continue
		}
		config := p.config(workload, from.Config.Name)
		if config == nil {
			env.unread = append(env.unread, fmt.Sprintf("variables from ConfigMap/%s, which is not in the build", from.Config.Name))
			continue
		}
		for _, key := range slices.Sorted(keys(config.data)) {
			env.set(from.Prefix+key, config.data[key], config.String())
		}
	}
}

// set gives a variable its value; of two the later one counts.
func (e *environment) set(name, value, source string) {
	e.variables = slices.DeleteFunc(e.variables, func(t text) bool { return t.name == name })
	e.variables = append(e.variables, text{name: name, value: value, source: source, shown: name})
	e.values[name] = value
}

// portBeside finds REDIS_PORT beside REDIS_HOST.
func (e *environment) portBeside(name string) string {
	stem, last := lastWord(name)
	switch strings.ToLower(last) {
	case "host", "hostname", "addr", "address", "server", "endpoint":
	default:
		return ""
	}
	for _, word := range []string{"PORT", "port", "Port"} {
		if port := e.values[stem+word]; number.MatchString(port) {
			return port
		}
	}
	return ""
}

// mounted are the files that a pod has of ConfigMaps.
func (p *proposer) mounted(workload *facts.Workload, pod *pod) (all []text, missing []string) {
	add := func(ref *fileRef) {
		if ref == nil {
			return
		}
		config := p.config(workload, ref.Name)
		if config == nil {
			missing = append(missing, fmt.Sprintf("files from ConfigMap/%s, which is not in the build", ref.Name))
			return
		}
		for _, key := range slices.Sorted(keys(config.data)) {
			if len(ref.Items) == 0 || slices.ContainsFunc(ref.Items, func(k keyRef) bool { return k.Key == key }) {
				all = append(all, lines(config.data[key], config.String(), key)...)
			}
		}
	}
	for _, v := range pod.Volumes {
		add(v.Config)
		for _, source := range v.Projected.Sources {
			add(source.Config)
		}
	}
	return all, missing
}
