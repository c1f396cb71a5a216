package tests

import (
	"os"
	"strings"
	"testing"
)

// TestExplainGuide runs the commands of docs/explain.md and expects what stands below them. With -update it writes that.
func TestExplainGuide(t *testing.T) {
	const path = "docs/explain.md"
	t.Chdir("..")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text, commands := string(data), 0
	for _, block := range blocksOf(text, "console") {
		command, _, _ := strings.Cut(block, "\n")
		words := strings.Fields(strings.ReplaceAll(strings.TrimPrefix(command, "$ meshfn "), "'", ""))
		got := run(t, "", words...)
		commands++
		want := command + "\n" + got.stdout
		switch {
		case got.code != 0 || got.stderr != "" || got.stdout == "":
			t.Errorf("%s: exit code %d\n%s", command, got.code, got.stderr)
		case *update:
			text = strings.Replace(text, "```console\n"+block+"```", "```console\n"+want+"```", 1)
		case block != want:
			t.Errorf("%s shows\n%s\nand it is\n%s", path, block, want)
		}
	}
	if commands < 5 {
		t.Errorf("only %d commands", commands)
	}
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
