package diag

import (
	"slices"
	"strings"
)

// Nearest returns the known word that a misspelled one probably meant, or nothing when none is close.
func Nearest(word string, known []string) (string, bool) {
	best, bestDistance := "", max(1, len(word)/3)+1
	for _, candidate := range slices.Sorted(slices.Values(known)) {
		if d := distance(strings.ToLower(word), strings.ToLower(candidate)); d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	return best, best != ""
}

// maxListed keeps a message about a large build to a readable length.
const maxListed = 12

// OneOf lists the allowed words for a message.
func OneOf(known []string) string {
	sorted := slices.Sorted(slices.Values(known))
	if len(sorted) > maxListed {
		return strings.Join(sorted[:maxListed], ", ") + ", …"
	}
	return strings.Join(sorted, ", ")
}

// distance is the number of edits between two words, a swap of neighbours counted as one.
func distance(a, b string) int {
	if max(len(a), len(b)) > 253 {
		return max(len(a), len(b))
	}
	before, last, row := []int(nil), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, make([]int, len(b)+1)
	}
	return last[len(b)]
}
