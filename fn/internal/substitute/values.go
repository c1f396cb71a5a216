package substitute

import (
	"bytes"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/item"
)

// Values is what stands for each variable in one run, by name.
type Values map[string]string

// Samples are the values by which a build is judged.
func (v *Variables) Samples() Values {
	return v.each(func(one *used) string { return one.sample })
}

// Near are values that look as much like the samples as they can, and can be told from everything else.
func (v *Variables) Near() Values { return v.each(func(one *used) string { return one.near }) }

// Others are values of which every word is another one: first longer, then shorter ones. What is ordered by length shows here.
func (v *Variables) Others() []Values {
	return []Values{v.each(func(one *used) string { return one.long }), v.each(func(one *used) string { return one.short })}
}

// Only takes one variable from these values, and the samples for the others.
func (v *Variables) Only(name string, values Values) Values {
	mixed := v.Samples()
	mixed[name] = values[name]
	return mixed
}

func (v *Variables) each(value func(*used) string) Values {
	values := Values{}
	for _, one := range v.used {
		values[one.name] = value(one)
	}
	return values
}

// invent makes up what stands for the variables besides the samples. Where the sample begins is kept, so that lists that are
// sorted stay in their order, and a scheme, because nothing else can stand there.
func (v *Variables) invent(items []*item.Item, config *item.Item) {
	there := func(text string) bool {
		holds := func(it *item.Item) bool { return bytes.Contains(it.Raw(), []byte(text)) }
		return slices.ContainsFunc(items, holds) || config != nil && holds(config)
	}
	sign := "mfv"
	for there(sign) {
		sign += "v"
	}
	for i, one := range v.used {
		if one.numbers() || one.addresses(there, i) {
			continue
		}
		v.marks[one.name] = fmt.Sprintf("%s%dq", sign, i)
		one.words(v.marks[one.name])
	}
}

// words makes up texts in the place of a text.
func (one *used) words(sign string) {
	longer := sign + strings.Repeat("z", 12)
	if !word.MatchString(one.sample) {
		one.near, one.long, one.short = one.sample+sign, one.sample+longer, one.sample+sign
		return
	}
	one.near = marked(one.sample, func(w string) string { return w[:1] + sign + w[1:] }, func(w string) string { return w })
	one.long = marked(one.sample, func(w string) string { return w[:1] + longer + w[1:] }, func(w string) string { return w + "x" })
	one.short = marked(one.sample, func(w string) string { return w[:1] + sign }, func(w string) string { return w[:1] })
}

var (
	scheme = regexp.MustCompile(`^[a-z][a-z0-9+.-]*://`)
	word   = regexp.MustCompile(`[A-Za-z0-9]+`)
	letter = regexp.MustCompile(`[A-Za-z]`)
)

// marked changes the first word of a sample, and the others that are no numbers.
func marked(sample string, first, others func(string) string) string {
	before, seen := scheme.FindString(sample), false
	return before + word.ReplaceAllStringFunc(sample[len(before):], func(w string) string {
		switch {
		case !seen:
			seen = true
			return first(w)
		case letter.MatchString(w):
			return others(w)
		}
		return w
	})
}

// numbers makes up other numbers, or the other truth, for what only manifests hold: there it may be a number of pods. They cannot
// be told from others, so they show only in what comes out of them.
func (one *used) numbers() bool {
	number, err := strconv.Atoi(one.sample)
	switch {
	case !one.foreign:
		return false
	case err == nil:
		one.near, one.long, one.short = strconv.Itoa(number+1), strconv.Itoa(number+50), "1"
	case one.sample == "true", one.sample == "false":
		other := strconv.FormatBool(one.sample == "false")
		one.near, one.long, one.short = other, other, other
	default:
		return false
	}
	one.counted = true
	return true
}

// addresses makes up addresses in the place of an address, and networks of the same size in the place of a network.
func (one *used) addresses(there func(string) bool, index int) bool {
	form := func(first, last byte) string { return fmt.Sprintf("%d.51.100.%d", first, last) }
	address, err := netip.ParseAddr(one.sample)
	if network, notNetwork := netip.ParsePrefix(one.sample); notNetwork == nil {
		address, err = network.Addr(), nil
		form = func(first, last byte) string {
			made, _ := netip.AddrFrom4([4]byte{last, first, 0, 0}).Prefix(network.Bits())
			return made.String()
		}
	}
	if err != nil || !address.Is4() {
		return false
	}
	free := func(first byte) string {
		last := byte(101 + index%100)
		for tries := 0; tries < 100 && there(form(first, last)); tries++ {
			last = 101 + (last-100)%100
		}
		return form(first, last)
	}
	one.near, one.long, one.short = free(198), free(192), free(203)
	return true
}
