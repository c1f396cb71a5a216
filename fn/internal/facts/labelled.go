package facts

// Labelled is a list whose members are found by their labels without going through all of them. A build has a selector for
// almost every workload, so that the square of their number would be what a large build spends its time on.
type Labelled[T any] struct {
	All    []T
	labels func(T) map[string]string
	with   map[label][]T
}

type label struct{ key, value string }

// NewLabelled makes a list of what has labels.
func NewLabelled[T any](all []T, labels func(T) map[string]string) *Labelled[T] {
	list := &Labelled[T]{All: all, labels: labels, with: map[label][]T{}}
	for _, one := range all {
		for key, value := range labels(one) {
			list.with[label{key, value}] = append(list.with[label{key, value}], one)
		}
	}
	return list
}

// Selected lists what a selector selects, in the order of the list. As in a Service, an empty selector selects nothing. The
// list may be nil.
func (l *Labelled[T]) Selected(selector map[string]string) []T {
	if l == nil {
		return nil
	}
	var fewest []T
	first := true
	for key, value := range selector {
		if with := l.with[label{key, value}]; first || len(with) < len(fewest) {
			fewest, first = with, false
		}
	}
	var found []T
	for _, one := range fewest {
		if Matches(selector, l.labels(one)) {
			found = append(found, one)
		}
	}
	return found
}
