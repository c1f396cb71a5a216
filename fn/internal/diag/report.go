package diag

// Reported are findings as other programs read them, alone or in a document that says more.
type Reported struct {
	Findings []reported `json:"findings"`
	Counts
}

// Report prepares findings for other programs.
func Report(findings List) Reported {
	out := Reported{Findings: []reported{}, Counts: findings.Counts()}
	directory := NewDirectory()
	for _, finding := range findings {
		entry := directory[finding.Code]
		out.Findings = append(out.Findings, reported{Finding: finding, Also: entry.Also, Title: entry.Title, Help: finding.Code.Help()})
	}
	return out
}
