// Command vulncheck looks for known vulnerabilities that the program can reach, and fails for one that nobody has stated a
// reason for. It is govulncheck with a database that is pinned: https://go.dev/doc/security/vuln.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/vuln/scan"
)

// live is where the newest database is. It is used when VULNDB names it, because the result then depends on the day.
const live = "https://vuln.go.dev"

func main() {
	db := flag.String("db", "", "URL of a vulnerability database, such as "+live+"; the pinned one when it is empty")
	cache := flag.String("cache", ".cache/vulndb", "where the pinned database is written")
	exceptions := flag.String("exceptions", "tests/vulncheck/exceptions.txt", "what was looked at and cannot be helped")
	flag.Parse()
	if err := run(*db, *cache, *exceptions, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "vulncheck:", err)
		os.Exit(1) //nolint:forbidigo // It is a program.
	}
}

func run(db, cache, exceptions string, packages []string) error {
	if len(packages) == 0 {
		return errors.New("there are no packages to look at: ./fn/... are those of the program")
	}
	stated, err := readExceptions(exceptions)
	if err != nil {
		return err
	}
	if db == "" {
		if db, err = pinned(cache); err != nil {
			return fmt.Errorf("write the pinned database: %w", err)
		}
	}
	var out, said bytes.Buffer
	command := scan.Command(context.Background(), append([]string{"-db", db, "-format", "json"}, packages...)...)
	command.Stdout, command.Stderr = &out, &said
	if err := errors.Join(command.Start(), command.Wait()); err != nil {
		return fmt.Errorf("%w\n%s", err, said.String())
	}
	result, err := read(&out)
	if err != nil {
		return err
	}
	return judge(os.Stdout, result, stated, time.Now()) //nolint:forbidigo // An exception ends on a day.
}

// absolute is a file: URL of a directory.
func absolute(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	return "file://" + filepath.ToSlash(abs), err
}
