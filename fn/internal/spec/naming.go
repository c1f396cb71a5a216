package spec

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// maxName is the longest name an object may have where it is also a label value.
const maxName = 63

// Shortened is a name for an object: a longer one is cut and made unique again by a hash of the whole. What comes before the
// dash may not end in a dot.
func Shortened(name string) string {
	if len(name) <= maxName {
		return name
	}
	hash := sha256.Sum256([]byte(name))
	return strings.TrimRight(name[:54], ".") + "-" + hex.EncodeToString(hash[:4])
}
