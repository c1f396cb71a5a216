package cli

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/meshfn/meshfn/fn/internal/build"
	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/files"
)

// over builds the same applications with two profiles.
func (p *places) over(words []string, profiles [2]*place) ([]application, error) {
	for _, profile := range profiles {
		if profile.name == emptyPlace || profile.name == "-" {
			return nil, usageError{fmt.Errorf("with --over, OLD and NEW are profiles: a file, or a directory as it is listed under transformers; not %s", profile.name)}
		}
		if profile.path == "" {
			return nil, usageError{fmt.Errorf("the profile %s does not exist", profile.name)}
		}
	}
	var out []application
	for _, word := range words {
		at, err := p.find(word)
		if err != nil {
			return nil, err
		}
		if at.path == "" || at.name == emptyPlace || at.name == "-" {
			return nil, usageError{fmt.Errorf("--over %s does not exist; it is the directory or file of an application", at.name)}
		}
		out = append(out, application{sides: [2]*place{at, at}, profiles: profiles})
	}
	return out, nil
}

// replacement is a profile, as it takes the place of another one.
func (p *places) replacement(profiles [2]*place, i int, remote bool) (*otherProfile, error) {
	real, err := filepath.EvalSymlinks(absolute(profiles[i].path))
	if err != nil {
		return nil, fmt.Errorf("cannot read the profile %s: %w", profiles[i].name, err)
	}
	out := &otherProfile{Replacement: build.Replacement{Name: profiles[i].name, Path: real}}
	if remote {
		if out.git, err = gitForRemote(); err != nil {
			return nil, err
		}
	}
	if info, err := os.Stat(real); err == nil && info.IsDir() {
		for _, profile := range profiles {
			p.standFor(profile, out)
		}
	}
	return out, nil
}

// standFor notes where other versions of the directory of a profile are: in this checkout, and in every revision.
func (p *places) standFor(profile *place, out *otherProfile) {
	if profile.rev == nil {
		if other, err := filepath.EvalSymlinks(absolute(profile.path)); err == nil {
			out.Stands = append(out.Stands, other)
		}
	}
	inRepo, known := p.inRepository(profile)
	if !known || inRepo == "." {
		return
	}
	out.InRepo = inRepo
	out.Stands = append(out.Stands, p.repo.InTop(inRepo))
	for _, at := range p.all {
		out.Stands = append(out.Stands, filepath.Join(at.Root, filepath.FromSlash(inRepo)))
	}
}

func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// refuseUnreplaced refuses an application for which a profile means nothing.
func (e *expanded) refuseUnreplaced(at *place) error {
	if e.how.profile == nil || e.how.profile.times > 0 || e.findings.HasErrors() {
		return nil
	}
	return usageError{fmt.Errorf("--over %s: none of its transformers brings a MeshProfile, so another one changes nothing; name the "+
		"directory that is built, which lists the platform's", at.name)}
}

// withProfile puts the profile in the place of the one among plain manifests.
func (p *placed) withProfile(process *Process, input *files.Input) (diag.List, error) {
	at := slices.IndexFunc(input.Items, isProfile)
	if at < 0 || slices.ContainsFunc(input.Items[at+1:], isProfile) {
		p.replaced(at + 1) // None is refused later, and a second one by the expansion.
		return nil, nil
	}
	options := build.Options{Git: p.profile.git}
	read, findings, err := build.ProfileDocuments(p.place(process, &options), options)
	if err != nil || findings.HasErrors() {
		return findings, err
	}
	maps.Copy(input.Texts, read.Read)
	input.Items = slices.Concat(input.Items[:at], items(read.Docs), input.Items[at+1:])
	p.replaced(1)
	return findings, nil
}
