package cli

import (
	"fmt"
	"regexp"

	"github.com/spf13/cobra"
)

// namespaceFlag is the value of --namespace, held against the rules of Kubernetes as soon as it is given.
type namespaceFlag struct{ to *string }

func (f namespaceFlag) String() string {
	if f.to == nil {
		return ""
	}
	return *f.to
}

// Set takes a value from the command line.
func (f namespaceFlag) Set(value string) error {
	*f.to = value
	return checkNamespace(value)
}

// Type is what help shows for the value.
func (namespaceFlag) Type() string { return "string" }

// checkNamespace refuses what no namespace is called.
// https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
func checkNamespace(name string) error {
	if len(name) > 63 || !regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`).MatchString(name) {
		return fmt.Errorf("%.100q is no name of a namespace; allowed: up to 63 lower case letters, digits and dashes, such as shop", name)
	}
	return nil
}

// addNamespace adds the flag to a command that builds kustomizations.
func addNamespace(command *cobra.Command, namespace *string) {
	command.Flags().VarP(namespaceFlag{namespace}, "namespace", "n",
		"the namespace of what has none, for a kustomization that is applied with kubectl --namespace or by an Application of Argo CD")
}

// namespaceOfManifests refuses the flag where nothing could act on it.
func namespaceOfManifests(path string) error {
	return usageError{fmt.Errorf("--namespace is for kustomizations, and %s is none; set the namespace in the manifests, "+
		"or write a kustomization that lists them and sets it", path)}
}
