package diag

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"path/filepath"
	"strconv"
	"strings"
)

// codeQuality is one entry of a Code Quality report, with every field that GitLab asks for.
// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
type codeQuality struct {
	Description string              `json:"description"`
	CheckName   string              `json:"check_name"`
	Fingerprint string              `json:"fingerprint"`
	Severity    string              `json:"severity"`
	Location    codeQualityLocation `json:"location"`
}

type codeQualityLocation struct {
	Path  string           `json:"path"`
	Lines codeQualityLines `json:"lines"`
}

type codeQualityLines struct {
	Begin int `json:"begin"`
}

// GitLab prints findings as a Code Quality report, which GitLab shows in a merge request, and beside the lines of its
// changes. What has no file points at the first line of nowhere, because an entry without a place makes the report invalid.
func GitLab(w io.Writer, findings List) error {
	report := make([]codeQuality, 0, len(findings))
	seen := map[string]int{}
	for _, finding := range findings {
		place := codeQualityLocation{Path: "input", Lines: codeQualityLines{Begin: max(1, finding.Source.Line)}}
		if finding.Source.inFile() {
			place.Path = filepath.ToSlash(filepath.Clean(finding.Source.File))
		}
		report = append(report, codeQuality{
			Description: annotation(finding), CheckName: string(finding.Code), Fingerprint: fingerprint(finding, seen),
			Severity: map[Severity]string{Error: "blocker", Warning: "minor", Info: "info"}[finding.Severity], Location: place,
		})
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(report)
}

// fingerprint knows a finding again when lines above it were added or removed, so that it does not count as a new one. Two
// findings that only their lines tell apart are counted.
func fingerprint(f Finding, seen map[string]int) string {
	key := strings.Join([]string{string(f.Code), f.Source.File, f.Source.Resource.String(), f.Source.Field, f.Message}, "\x00")
	seen[key]++
	sum := sha256.Sum256([]byte(key + "\x00" + strconv.Itoa(seen[key])))
	return hex.EncodeToString(sum[:16])
}
