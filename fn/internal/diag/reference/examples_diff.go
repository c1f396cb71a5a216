package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/meshfn/meshfn/fn/cli"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// compared adds what diff says of the builds old and new in the archives of tests/transition.
func compared(shown map[diag.Code]example) error {
	archives, err := filepath.Glob("tests/transition/*.txtar")
	if err != nil {
		return err
	}
	for _, file := range bySize(archives) {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			return err
		}
		text, err := difference(archive)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		add(shown, file, text)
	}
	return nil
}

// difference is what diff prints about two builds of plain manifests, without what the archive says about the test.
func difference(archive *txtar.Archive) (text string, err error) {
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	elsewhere, err := os.MkdirTemp("", "meshfn-findings-")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.Chdir(here), os.RemoveAll(elsewhere)) }()
	if err := os.Chdir(elsewhere); err != nil {
		return "", err
	}
	for _, file := range archive.Files {
		if strings.Contains(file.Name, "kustomization.yaml") {
			return "", nil // A build of kustomize runs this program again, which is not the one that is wanted.
		}
		for _, name := range placesFor(file.Name) {
			plain := regexp.MustCompile(`(?m) *# want MF\d{4}.*$`).ReplaceAll(file.Data, nil)
			if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, plain, 0o644)); err != nil {
				return "", err
			}
		}
	}
	var stdout, stderr bytes.Buffer
	if code := cli.Main([]string{"diff", "old", "new"}, cli.Process{Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr}); code > 1 {
		return "", errors.New(stderr.String())
	}
	return stdout.String(), nil
}

// placesFor are the files that one of an archive stands for.
func placesFor(name string) []string {
	if rest, ok := strings.CutPrefix(name, "both/"); ok {
		return []string{"old/" + rest, "new/" + rest}
	}
	return []string{name}
}
