package diag

import (
	"cmp"
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
)

// SARIF prints findings in the Static Analysis Results Interchange Format 2.1.0, which code scanning of GitHub, GitLab and
// others reads. Only what they use is written. Libraries for it write every field of the format, mostly empty.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
func SARIF(w io.Writer, findings List, version string) error {
	driver := sarifDriver{Name: "meshfn", Version: version, InformationURI: Home, Rules: []sarifRule{}}
	run := sarifRun{Results: []sarifResult{}, ColumnKind: "unicodeCodePoints"}
	index, directory := map[Code]int{}, NewDirectory()
	for _, code := range codesOf(findings) {
		index[code] = len(driver.Rules)
		driver.Rules = append(driver.Rules, ruleOf(directory[code]))
	}
	for _, finding := range findings {
		run.Results = append(run.Results, resultOf(finding, index[finding.Code]))
	}
	run.Tool.Driver = driver
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(sarifLog{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run},
	})
}

func codesOf(findings List) []Code {
	var codes []Code
	for _, finding := range findings {
		codes = append(codes, finding.Code)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

func ruleOf(entry Entry) sarifRule {
	rule := sarifRule{
		ID: string(entry.Code), ShortDescription: sarifText{entry.Title}, FullDescription: sarifText{entry.Text}, HelpURI: entry.Code.Help(),
	}
	if len(entry.Also) > 0 {
		rule.Properties = &sarifProperties{Tags: entry.Also}
	}
	return rule
}

func resultOf(f Finding, rule int) sarifResult {
	result := sarifResult{
		RuleID: string(f.Code), RuleIndex: rule, Level: map[Severity]string{Error: "error", Warning: "warning", Info: "note"}[f.Severity],
		Message:   sarifText{strings.Join(append([]string{f.BesideField()}, f.Details()...), "\n")},
		Locations: []sarifLocation{locationOf(f.Source)},
	}
	for i, related := range f.Related {
		location := locationOf(related)
		location.ID = i + 1
		result.RelatedLocations = append(result.RelatedLocations, location)
	}
	return result
}

// locationOf is a place in a file, and the object and field there, which is all that is known of a place without a file.
func locationOf(s Source) sarifLocation {
	var location sarifLocation
	if s.inFile() {
		place := &sarifPhysical{Artifact: sarifArtifact{URI: uriOf(s.File)}}
		if s.Line > 0 {
			place.Region = &sarifRegion{StartLine: s.Line, StartColumn: max(1, s.Column)}
		}
		location.Physical = place
	}
	name := strings.TrimPrefix(strings.TrimSuffix(s.Resource.String()+": "+s.Field, ": "), ": ")
	if name != "" || location.Physical == nil {
		location.Logical = []sarifLogical{{FullyQualifiedName: cmp.Or(name, "input"), Kind: "object"}}
	}
	return location
}

// uriOf is a relative reference for a file below the working directory, which is what code scanning matches with the
// repository.
func uriOf(file string) string {
	uri := url.URL{Path: filepath.ToSlash(file)}
	if filepath.IsAbs(file) {
		uri.Scheme = "file"
	}
	return uri.String()
}
