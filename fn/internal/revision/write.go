package revision

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// write fills the directory of a tree. Everything goes through an os.Root, which no link leads out of, and links come last.
func (r *Repository) write(ctx context.Context, hash string, t *Tree) error {
	entries, err := r.list(ctx, hash)
	if err != nil {
		return err
	}
	missing, err := r.missing(ctx, hash)
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(t.Root)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // nothing is written through it any more
	w := writer{root: root, limits: r.limits, made: map[string]bool{}}
	var wanted []entry
	for _, e := range entries {
		place := filepath.Join(t.Root, filepath.FromSlash(e.path))
		switch {
		case e.mode == modeSubmodule:
			t.Absent[place] = fmt.Sprintf("%q is a submodule, whose files are no part of the revision", e.path)
		case missing[e.hash]:
			t.Absent[place] = fmt.Sprintf("%q was not fetched: this is a partial clone, and nothing is fetched now; try git fetch --refetch --filter=blob:limit=1m, or git show %s", e.path, e.hash)
		default:
			wanted = append(wanted, e)
			continue
		}
		if err := w.directory(e.path); err != nil { // The directory is there, also where nothing else of it is.
			return err
		}
	}
	if err := r.sizes(ctx, wanted, &w); err != nil {
		return err
	}
	if err := r.contents(ctx, w.small, w.file); err != nil {
		return err
	}
	return w.makeLinks()
}

// writer writes the files of a revision.
type writer struct {
	root   *os.Root
	limits limits
	bytes  int64
	small  []entry
	links  []link
	made   map[string]bool // directories
}

type link struct{ path, target string }

// sizes looks at how large the files are before one of them is read.
func (r *Repository) sizes(ctx context.Context, entries []entry, w *writer) error {
	return r.batch(ctx, "--batch-check", entries, func(e entry, size int64, _ *bufio.Reader) error {
		if size > w.limits.fileBytes {
			return w.large(e, size)
		}
		w.small = append(w.small, e)
		if w.bytes += size; w.bytes > w.limits.bytes {
			return tooMuch("its files have more than %d MiB", w.limits.bytes>>20)
		}
		return nil
	})
}

// contents reads the files, each into what take is given.
func (r *Repository) contents(ctx context.Context, entries []entry, take func(entry, []byte) error) error {
	return r.batch(ctx, "--batch", entries, func(e entry, size int64, in *bufio.Reader) error {
		if size > r.limits.fileBytes {
			return errors.New("git gives more than it has announced")
		}
		content := make([]byte, size+1) // A line ends each.
		if _, err := io.ReadFull(in, content); err != nil {
			return fmt.Errorf("git stopped in the middle of %q", e.path)
		}
		return take(e, content[:size])
	})
}

// batch asks git about many files at once. https://git-scm.com/docs/git-cat-file#_batch_output
func (r *Repository) batch(ctx context.Context, how string, entries []entry, take func(entry, int64, *bufio.Reader) error) error {
	var hashes strings.Builder
	for _, e := range entries {
		hashes.WriteString(e.hash + "\n")
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	in, out := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := r.run(ctx, strings.NewReader(hashes.String()), out, "cat-file", how, "--buffer")
		_ = out.CloseWithError(err)
		done <- err
	}()
	err := each(bufio.NewReader(in), entries, take)
	if err != nil {
		stop(err)
	}
	_ = in.CloseWithError(err)
	if said := <-done; err == nil || errors.Is(err, errStopped) && said != nil {
		err = said
	}
	return err
}

// errStopped is about an answer that git did not finish.
var errStopped = errors.New("git stopped in the middle of the files")

// each reads an answer "<hash> blob <size>" for each entry.
func each(in *bufio.Reader, entries []entry, take func(entry, int64, *bufio.Reader) error) error {
	for _, e := range entries {
		line, err := in.ReadString('\n')
		if err != nil {
			return errStopped
		}
		fields := strings.Fields(line)
		if len(fields) != 3 || fields[0] != e.hash || fields[1] != "blob" {
			return fmt.Errorf("its file %q is damaged: git has %.100q", e.path, strings.TrimSpace(line))
		}
		size, err := strconv.ParseInt(fields[2], 10, 64)
		if err != nil || size < 0 {
			return fmt.Errorf("git lists %.100q", line)
		}
		if err := take(e, size, in); err != nil {
			return err
		}
	}
	return nil
}

// file writes a file, or remembers a link.
func (w *writer) file(e entry, content []byte) error {
	if e.mode == modeLink {
		w.links = append(w.links, link{e.path, string(content)})
		return nil
	}
	file, err := w.create(e.path)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	return errors.Join(err, file.Close())
}

// large writes a file with its size and without its content, so that whoever reads it says that it is too large.
func (w *writer) large(e entry, size int64) error {
	file, err := w.create(e.path)
	if err != nil {
		return err
	}
	return errors.Join(file.Truncate(size), file.Close())
}

func (w *writer) create(name string) (*os.File, error) {
	if err := w.directory(name); err != nil {
		return nil, err
	}
	file, err := w.root.OpenFile(filepath.FromSlash(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	return file, named(name, err)
}

func (w *writer) directory(name string) error {
	dir := path.Dir(name)
	if w.made[dir] {
		return nil
	}
	w.made[dir] = true
	return named(name, w.root.MkdirAll(filepath.FromSlash(dir), 0o700))
}

func (w *writer) makeLinks() error {
	for _, l := range w.links {
		if err := w.directory(l.path); err != nil {
			return err
		}
		if err := named(l.path, w.root.Symlink(l.target, filepath.FromSlash(l.path))); err != nil {
			return err
		}
	}
	return nil
}

// named says which file cannot be written, without the directory that nobody knows.
func named(name string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("it has %q twice, or in two spellings that this machine takes for one", name)
	}
	if inPath, ok := errors.AsType[*fs.PathError](err); ok {
		err = inPath.Err
	}
	if inLink, ok := errors.AsType[*os.LinkError](err); ok {
		err = inLink.Err
	}
	return fmt.Errorf("its file %q cannot be written: %w", name, err)
}
