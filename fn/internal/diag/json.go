package diag

import (
	"encoding/json"
	"io"
)

// reported is a finding as other programs read it.
type reported struct {
	Finding
	Also  []string `json:"also,omitempty"`  // codes of istioctl analyze and Kiali for the same problem
	Title string   `json:"title,omitempty"` // what the code stands for
	Help  string   `json:"help"`            // where it is explained
}

// JSON prints findings as one document, for other programs.
func JSON(w io.Writer, findings List) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(Report(findings))
}

// Counts is how many findings there are of each severity.
type Counts struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Infos    int `json:"infos"`
}

// Counts counts the findings.
func (l List) Counts() Counts {
	var counts Counts
	for _, finding := range l {
		switch finding.Severity {
		case Error:
			counts.Errors++
		case Warning:
			counts.Warnings++
		case Info:
			counts.Infos++
		}
	}
	return counts
}
