package cli

import (
	"fmt"
	"os/exec"

	"github.com/spf13/cobra"
)

func addRemote(command *cobra.Command, allow *bool) {
	command.Flags().BoolVar(allow, "allow-remote", false, "let git fetch the repositories that the kustomization names as directories")
}

// gitForRemote finds the program that may fetch.
func gitForRemote() (string, error) {
	git, err := exec.LookPath("git")
	if err != nil {
		return "", fmt.Errorf("--allow-remote needs git: %w", err)
	}
	return git, nil
}
