package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var heading = regexp.MustCompile("(?m)^#+ (.*)$")

// Links inside the reference lead to one heading each.
func TestReferenceLinks(t *testing.T) {
	root, files := generated(t)
	reference := string(files[referenceFile])
	anchors := map[string]int{}
	fenced := regexp.MustCompile("(?s)```.*?```").ReplaceAllString(reference, "")
	for _, match := range heading.FindAllStringSubmatch(fenced, -1) {
		anchors[anchor(match[1])]++
	}
	for name, count := range anchors {
		if count > 1 {
			t.Errorf("%d headings have the anchor #%s", count, name)
		}
	}
	links := regexp.MustCompile(`\]\(([^)]*)\)`).FindAllStringSubmatch(fenced, -1)
	for _, match := range links {
		target, isAnchor := strings.CutPrefix(match[1], "#")
		if isAnchor && anchors[target] == 0 {
			t.Errorf("link to #%s, which no heading has", target)
		}
		if !isAnchor && !strings.Contains(match[1], "://") {
			if _, err := os.Stat(filepath.Join(root, "docs", match[1])); err != nil {
				t.Error(err)
			}
		}
	}
	if len(links) < 50 {
		t.Errorf("only %d links were found", len(links))
	}
}

// The table of values has a row for each type that fields link to, and the keys of each mapping have a name.
func TestReferenceValues(t *testing.T) {
	for _, syntax := range syntaxes() {
		if !strings.Contains(intro, "\n| "+syntax.name+" | ") {
			t.Errorf("intro.md has no row for the values of type %q", syntax.name)
		}
	}
	_, files := generated(t)
	if nameless := regexp.MustCompile(`(?m)^.* per [|,].*$`).FindString(string(files[referenceFile])); nameless != "" {
		t.Errorf("keys without a name, add one to keyNames: %s", nameless)
	}
}
