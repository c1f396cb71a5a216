// Command kpt is kpt's own `fn` and `pkg` commands and nothing else: the whole program cannot be built from the module proxy.
package main

import (
	"context"
	"os"

	kptfn "github.com/kptdev/kpt/commands/fn"
	kptpkg "github.com/kptdev/kpt/commands/pkg"
	"github.com/kptdev/kpt/pkg/printer"
	"github.com/spf13/cobra"
)

func main() {
	ctx := printer.WithContext(context.Background(), printer.New(os.Stdout, os.Stderr))
	root := &cobra.Command{Use: "kpt", SilenceErrors: false, SilenceUsage: true}
	root.AddCommand(kptfn.GetCommand(ctx, "kpt"), kptpkg.GetCommand(ctx, "kpt"))
	if err := root.ExecuteContext(ctx); err != nil {
		os.Exit(1)
	}
}
