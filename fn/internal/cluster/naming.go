package cluster

import "fmt"

// InNamespace names a namespace in a message. A build need not say yet which one it is for.
func InNamespace(name string) string {
	if name == "" {
		return "the namespace of this build"
	}
	return fmt.Sprintf("namespace %q", name)
}
