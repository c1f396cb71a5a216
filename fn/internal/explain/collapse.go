package explain

import (
	"slices"
	"strconv"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
)

// target is fields of one object that are shown together.
type target struct {
	object diag.Resource
	fields []string
	value  string
	note   string
}

// targets puts together the fields of an object that have the same value and the same standing.
func targets(became []Became) []target {
	var out []target
	for i := range became {
		b := &became[i]
		note := ""
		switch {
		case b.Patched != (diag.Source{}):
			note = "replaced by the patch at " + b.Patched.String()
		case b.Follows:
			note = "computed from it"
		}
		at := slices.IndexFunc(out, func(t target) bool {
			return t.object == b.Object && t.value == b.Value && t.note == note && pattern(t.fields[0]) == pattern(b.Field)
		})
		if at < 0 {
			out = append(out, target{object: b.Object, value: b.Value, note: note})
			at = len(out) - 1
		}
		out[at].fields = append(out[at].fields, b.Field)
	}
	return out
}

// collapsed writes fields that differ only in positions as one: spec.http[0,1].timeout, spec.http[0-3].timeout. Where more
// than one position differs, each is written.
func collapsed(fields []string) string {
	if len(fields) == 1 {
		return fields[0]
	}
	split := make([][]string, 0, len(fields))
	for _, field := range fields {
		split = append(split, strings.Split(field, "["))
	}
	differing := differingPart(split)
	if differing < 0 {
		return strings.Join(fields, ", ")
	}
	var positions []int
	for _, parts := range split {
		inside, _, _ := strings.Cut(parts[differing], "]")
		number, err := strconv.Atoi(inside)
		if err != nil {
			return strings.Join(fields, ", ")
		}
		positions = append(positions, number)
	}
	_, after, _ := strings.Cut(split[0][differing], "]")
	parts := slices.Clone(split[0])
	parts[differing] = ranges(positions) + "]" + after
	return strings.Join(parts, "[")
}

// differingPart is the one part in which paths of one pattern differ, -1 where there are more.
func differingPart(split [][]string) int {
	differing := -1
	for i := range split[0] {
		if !slices.ContainsFunc(split, func(parts []string) bool { return parts[i] != split[0][i] }) {
			continue
		}
		if differing >= 0 {
			return -1
		}
		differing = i
	}
	return differing
}

// ranges writes numbers in rising order: 0,2,4-7.
func ranges(numbers []int) string {
	var words []string
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		switch word := strconv.Itoa(numbers[i]); {
		case j > i+1:
			words = append(words, word+"-"+strconv.Itoa(numbers[j]))
		case j == i+1:
			words = append(words, word, strconv.Itoa(numbers[j]))
		default:
			words = append(words, word)
		}
		i = j + 1
	}
	return strings.Join(words, ",")
}
