package spec

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
)

// Scale is how the values of a setting compare.
type Scale int

// The scales. Nothing is that of what is more than a value, such as a list of mappings.
const (
	Nothing Scale = iota
	Numbers
	Durations
	Quantities
	Booleans
	Words
)

// Ordered reports whether one value can be above another.
func (s Scale) Ordered() bool { return s == Numbers || s == Durations || s == Quantities }

// compare orders two values as they are written; ok is false where they have no order or one of them is none.
func (s Scale) compare(a, b string) (order int, ok bool) {
	switch s {
	case Numbers:
		left, errA := strconv.ParseFloat(a, 64)
		right, errB := strconv.ParseFloat(b, 64)
		return cmp.Compare(left, right), errA == nil && errB == nil
	case Durations:
		left, errA := time.ParseDuration(a)
		right, errB := time.ParseDuration(b)
		return cmp.Compare(left, right), errA == nil && errB == nil
	case Quantities:
		left, errA := resource.ParseQuantity(a)
		right, errB := resource.ParseQuantity(b)
		return left.Cmp(right), errA == nil && errB == nil
	case Nothing, Booleans, Words:
	}
	return 0, false
}

// Above reports whether a value is greater than another.
func (s Scale) Above(a, b string) bool {
	order, ok := s.compare(a, b)
	return ok && order > 0
}

// Same reports whether two values mean the same, however they are written.
func (s Scale) Same(a, b string) bool {
	if order, ok := s.compare(a, b); ok {
		return order == 0
	}
	return a == b || s == Booleans && strings.EqualFold(a, b)
}

// Zero reports whether a value is none.
func (s Scale) Zero(value string) bool { return s.Ordered() && s.Same(value, "0") }

// Split takes a value apart into the words that count each on their own.
func (s Scale) Split(value string) []string {
	if s != Words {
		return []string{value}
	}
	var words []string
	for word := range strings.SplitSeq(value, ",") {
		words = append(words, strings.TrimSpace(word))
	}
	return words
}
