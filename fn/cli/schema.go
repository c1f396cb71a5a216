package cli
import "github.com/spf13/cobra"
func schemaCommand(process *Process) *cobra.Command { return &cobra.Command{Use: "schema"} }
