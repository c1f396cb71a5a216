package cli

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/item"
)

// filesOf splits manifests into one file per object. Two objects of one file are a problem, as are names that only capitals
// keep apart: a file system may not know these, and Git would check out one of the two.
func filesOf(manifests []byte) (files map[string][]byte, problems []string, err error) {
	items, findings := item.Stream("", manifests)
	if findings.HasErrors() {
		return nil, nil, fmt.Errorf("the built manifests cannot be split: %s", findings[0].Message)
	}
	files = map[string][]byte{}
	first := map[string]*item.Item{}
	for _, it := range items {
		name := fileName(it)
		key := strings.ToLower(name)
		if other := first[key]; other != nil {
			problems = append(problems, fmt.Sprintf("%s and %s would both be the file %s; rename one of them", other.Resource(), it.Resource(), name))
			continue
		}
		first[key] = it
		files[name] = it.Raw()
	}
	return files, problems, nil
}

// shortened keeps a name within what file systems take. The rule is the one of generated objects: a part, and a digest of the
// whole.
func shortened(stem string) string {
	const most, kept = 200, 180
	if len(stem) <= most {
		return stem
	}
	return fmt.Sprintf("%s-%x", stem[:kept], sha256.Sum256([]byte(stem)))[:kept+1+8]
}
