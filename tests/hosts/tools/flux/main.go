// Command flux-controllers does with an artifact what Flux's controllers do with it in a cluster, by their own libraries:
// `pull` fetches it as source-controller does, `build` makes of it what kustomize-controller then applies.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	switch {
	case len(args) == 3 && args[0] == "pull":
		return pull(ctx, args[1], args[2])
	case len(args) == 3 && args[0] == "build":
		return build(ctx, args[1], args[2])
	default:
		return errors.New("usage: flux-controllers pull URL DIRECTORY | build DIRECTORY KUSTOMIZATION.yaml")
	}
}
