package build

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// limits bound what one build may read, so that a repository cannot take the memory of the server that builds it.
type limits struct {
	fileBytes  int64
	totalBytes int64
	files      int
	remotes    int // repositories
}

func defaultLimits() limits {
	return limits{fileBytes: 16 << 20, totalBytes: 512 << 20, files: 50_000, remotes: 32}
}

// errTooLarge marks every error that comes from a limit.
var errTooLarge = errors.New("too large")

// budget counts what is read against the limits.
type budget struct {
	limits limits
	files  int
	bytes  int64
}

func (b *budget) spend(bytes int) error {
	b.files++
	b.bytes += int64(bytes)
	return b.exceeded()
}

func (b *budget) exceeded() error {
	switch {
	case b.files > b.limits.files:
		return fmt.Errorf("%w: the build reads more than %d files", errTooLarge, b.limits.files)
	case b.bytes > b.limits.totalBytes:
		return fmt.Errorf("%w: the build reads more than %d MiB", errTooLarge, b.limits.totalBytes>>20)
	}
	return nil
}

// snapshot reads every file at most once, so that kustomize builds the very bytes that were checked.
type snapshot struct {
	ctx      context.Context //nolint:containedctx // kustomize calls back without one
	budget   budget
	contents map[string][]byte
}

func newSnapshot(ctx context.Context, l limits) *snapshot {
	return &snapshot{ctx: ctx, budget: budget{limits: l}, contents: map[string][]byte{}}
}

// read returns the content of the regular file at a real path.
func (s *snapshot) read(path string) ([]byte, error) {
	if err := context.Cause(s.ctx); err != nil {
		return nil, err
	}
	if content, ok := s.contents[path]; ok {
		return content, nil
	}
	content, err := readRegular(path, s.budget.limits.fileBytes)
	if err != nil {
		return nil, err
	}
	if err := s.budget.spend(len(content)); err != nil {
		return nil, err
	}
	s.contents[path] = content
	return content, nil
}

// readRegular refuses what is not a regular file before it opens it: opening a named pipe would wait forever, and opening a
// device can do anything.
func readRegular(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("it is no regular file but %s", fileKind(info.Mode()))
	}
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // nothing was written
	if opened, err := file.Stat(); err != nil || !os.SameFile(info, opened) {
		return nil, errors.New("it was replaced while it was read")
	}
	content, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(content)) > limit {
		return nil, fmt.Errorf("%w: the file has more than %d MiB", errTooLarge, limit>>20)
	}
	return content, nil
}

func fileKind(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a directory"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "a special file"
}

// reason is an error without the real path in front, which would name this machine instead of the repository.
func reason(err error) string {
	if inPath, ok := errors.AsType[*fs.PathError](err); ok {
		return inPath.Err.Error()
	}
	return err.Error()
}

// naming turns real paths into the spelling the user would use.
type naming struct {
	typed   string // directory as the user typed it
	root    string // its real path
	lexical bool   // no symbolic link lies between the two, so that ".." means the same in both
	remotes *remotes
	options Options
}

func newNaming(o Options, root string, r *remotes) naming {
	if o.RootName != "" {
		return naming{typed: strings.TrimPrefix(o.RootName, "."), root: o.Root, lexical: true, remotes: r, options: o}
	}
	abs, err := filepath.Abs(o.Dir)
	return naming{typed: o.Dir, root: root, lexical: err == nil && abs == root, remotes: r, options: o}
}

func (n naming) of(real string) string {
	if shown, ok := n.remotes.show(real); ok {
		return shown
	}
	if t := n.options.treeOf(real); t != nil {
		return t.Show(real)
	}
	if shown, ok := n.options.Profile.show(real); ok {
		return shown
	}
	if n.options.treeOf(n.root) != nil {
		return relocated(real)
	}
	relative, err := filepath.Rel(n.root, real)
	if err != nil || (!n.lexical && !filepath.IsLocal(relative)) {
		return real
	}
	return filepath.Join(n.typed, relative)
}
