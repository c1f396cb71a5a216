package rendered

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// IndexName is the file that says what meshfn wrote into a directory. Its name ends in nothing that Argo CD, Flux, kubectl or
// kustomize read as a manifest, and sha256sum --check understands what it holds.
//
// Argo CD: https://github.com/argoproj/argo-cd/blob/v3.5.7/reposerver/repository/repository.go (manifestFile);
// Flux: https://fluxcd.io/flux/components/kustomize/kustomizations/#generate-kustomizationyaml.
const IndexName = "meshfn.sha256"

const indexHead = "# Written by meshfn rendered, like the files that it lists. Change the application instead, and run it again.\n"

// writeIndex writes the index of files.
func writeIndex(files map[string][]byte) []byte {
	var out bytes.Buffer
	out.WriteString(indexHead)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&out, "%s  %s\n", digest(files[name]), name)
	}
	return out.Bytes()
}

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// fingerprint is the digest of a file, and the same word for everything that is none.
func fingerprint(path string, info os.FileInfo) (string, error) {
	if !info.Mode().IsRegular() {
		return "not a file", nil
	}
	text, err := os.ReadFile(path)
	return digest(text), err
}

// readIndex reads digests by name. A merge of Git leaves lines that are none: those are counted, and what else the index says
// is still true of one side or the other.
func readIndex(text []byte) (digests map[string]string, bad int) {
	digests = map[string]string{}
	for line := range strings.SplitSeq(string(text), "\n") {
		line = strings.TrimSuffix(line, "\r")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		sum, name, ok := strings.Cut(line, "  ")
		if raw, err := hex.DecodeString(sum); !ok || err != nil || len(raw) != sha256.Size || !plain(name) {
			bad++
			continue
		}
		digests[name] = sum
	}
	return digests, bad
}

// plain reports whether a name is that of a file in the directory itself that meshfn can have written.
func plain(name string) bool {
	return name != "" && name != IndexName && !strings.HasPrefix(name, ".") && !strings.ContainsAny(name, "/\\\x00")
}
