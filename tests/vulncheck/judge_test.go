package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const stream = `{"config": {"go_version": "go1.26.8", "db_last_modified": "2026-11-05T23:49:57Z"}}
{"finding": {"osv": "GO-2026-0001", "trace": [{"module": "a"}]}}
{"finding": {"osv": "GO-2026-0002", "trace": [{"module": "a", "package": "a/b"}]}}
{"finding": {"osv": "GO-2026-0003", "fixed_version": "v2", "trace": [{"module": "a", "version": "v1", "package": "a/b", "function": "F"}, {"package": "c", "function": "G"}]}}
`

// TestJudge fails for what is called and not stated, for what was stated too long ago, and for what is stated for nothing.
func TestJudge(t *testing.T) {
	now := time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct{ stream, exceptions, want string }{
		{stream, "", "GO-2026-0003 is called"},
		{stream, "GO-2026-0003 2027-01-31 nobody gets there\n", ""},
		{stream, "GO-2026-0003 2026-10-31 nobody gets there\n", "the exception for GO-2026-0003 ended on 2026-10-31"},
		{stream, "GO-2026-0003 2027-01-31 a\nGO-2026-0002 2027-01-31 b\n", "the exception for GO-2026-0002 is of no use"},
		{stream, "GO-2026-0003 2027-01-31\n", "is not of the form"},
		{stream, "GO-2026-0003 some day\n", "is not of the form"},
		{"", "", "nothing can be said"},
		{`{"config": {"go_version": "devel", "db_last_modified": "x"}}`, "", "nothing can be said"},
	} {
		path := filepath.Join(t.TempDir(), "exceptions.txt")
		if err := os.WriteFile(path, []byte("# text\n"+test.exceptions), 0o600); err != nil {
			t.Fatal(err)
		}
		stated, err := readExceptions(path)
		if err == nil {
			var found *result
			if found, err = read(strings.NewReader(test.stream)); err == nil {
				err = judge(io.Discard, found, stated, now)
			}
		}
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %v, want %q", test.exceptions, err, test.want)
		}
	}
}

// TestPinned writes the database, which is large and knows the standard library.
func TestPinned(t *testing.T) {
	cache := t.TempDir()
	if _, err := pinned(cache); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(cache, version, "index", "modules.json"))
	if err != nil || !strings.Contains(string(text), `"path":"stdlib"`) || len(text) < 100_000 {
		t.Errorf("%d bytes: %v", len(text), err)
	}
}
