package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// The pinned database is a Go module, which every proxy has. Raise both together; the sum is what go mod download -json says.
const (
	module  = "golang.org/x/vulndb"
	version = "v0.0.0-20261105234957-e22db6528018"
	sum     = "h1:mfngRv0Yoh0VApsXKEN82CjD99kl7mtparN3bs3JnqI="
)

// entry is what of an OSV report goes into the index. https://go.dev/doc/security/vuln/database
type entry struct {
	ID        string     `json:"id"`
	Modified  time.Time  `json:"modified"`
	Withdrawn *string    `json:"withdrawn"`
	Affected  []affected `json:"affected"`
}

// affected is one module that a report is about.
type affected struct {
	Package struct {
		Name string `json:"name"`
	} `json:"package"`
	Ranges []struct {
		Events []struct {
			Fixed string `json:"fixed"`
		} `json:"events"`
	} `json:"ranges"`
}

// fixed is the last version that repairs it; it is shown and not compared.
func (a *affected) fixed() (version string) {
	for _, r := range a.Ranges {
		for _, event := range r.Events {
			version = cmp.Or(event.Fixed, version)
		}
	}
	return version
}

// indexed is a module of the index.
type indexed struct {
	Path  string      `json:"path"`
	Vulns []indexVuln `json:"vulns"`
}

type indexVuln struct {
	ID       string    `json:"id"`
	Modified time.Time `json:"modified"`
	Fixed    string    `json:"fixed,omitempty"`
}

// pinned writes the database of the pinned module below a directory and returns its URL.
func pinned(cache string) (string, error) {
	dir := filepath.Join(cache, version)
	done := filepath.Join(dir, "index", "db.json")
	if _, err := os.Stat(done); err == nil {
		return absolute(dir)
	}
	source, err := download()
	if err != nil {
		return "", err
	}
	for _, name := range []string{"ID", "index"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o750); err != nil {
			return "", err
		}
	}
	entries, err := copyReports(filepath.Join(source, "data", "osv"), filepath.Join(dir, "ID"))
	if err != nil {
		return "", err
	}
	modules := index(entries)
	written, err := time.Parse("20060102150405", strings.Split(version, "-")[1]) // The reports themselves have no date there.
	if err != nil {
		return "", err
	}
	if err := writeJSON(filepath.Join(dir, "index", "modules.json"), modules); err != nil {
		return "", err
	}
	if err := writeJSON(done, map[string]time.Time{"modified": written}); err != nil { // Last: it says that all is there.
		return "", err
	}
	return absolute(dir)
}

// download gets the module by its checksum and returns its directory.
func download() (string, error) {
	text, err := exec.Command("go", "mod", "download", "-json", module+"@"+version).Output()
	if err != nil {
		return "", fmt.Errorf("go mod download %s@%s: %w\n%s", module, version, err, text)
	}
	var got struct{ Dir, Sum string }
	if err := json.Unmarshal(text, &got); err != nil {
		return "", err
	}
	if got.Sum != sum {
		return "", fmt.Errorf("%s@%s has the sum %s, not %s", module, version, got.Sum, sum)
	}
	return got.Dir, nil
}

func copyReports(from, to string) ([]entry, error) {
	paths, err := filepath.Glob(filepath.Join(from, "*.json"))
	if err != nil || len(paths) < 1000 {
		return nil, fmt.Errorf("%s holds %d reports: %w", from, len(paths), cmp.Or(err, errors.New("too few")))
	}
	entries := make([]entry, 0, len(paths))
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		var e entry
		if err := json.Unmarshal(text, &e); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if err := os.WriteFile(filepath.Join(to, filepath.Base(e.ID)+".json"), text, 0o600); err != nil { //nolint:gosec // The database is pinned by its checksum.
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// index lists the reports of each module.
func index(entries []entry) (modules []indexed) {
	byPath := map[string]*indexed{}
	for _, e := range entries {
		if e.Withdrawn != nil {
			continue
		}
		for _, affected := range e.Affected {
			path := affected.Package.Name
			if byPath[path] == nil {
				byPath[path] = &indexed{Path: path}
			}
			vuln := indexVuln{ID: e.ID, Modified: e.Modified, Fixed: affected.fixed()}
			if !slices.ContainsFunc(byPath[path].Vulns, func(v indexVuln) bool { return v.ID == e.ID }) {
				byPath[path].Vulns = append(byPath[path].Vulns, vuln)
			}
		}
	}
	for _, one := range byPath {
		slices.SortFunc(one.Vulns, func(a, b indexVuln) int { return cmp.Compare(a.ID, b.ID) })
		modules = append(modules, *one)
	}
	slices.SortFunc(modules, func(a, b indexed) int { return cmp.Compare(a.Path, b.Path) })
	return modules
}

func writeJSON(path string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}
