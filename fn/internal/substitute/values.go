package substitute

import (
	"bytes"
	"fmt"
	"net/netip"
	"regexp"
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

// Far are values of another length, of which every word is another one.
func (v *Variables) Far() Values { return v.each(func(one *used) string { return one.far }) }

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
	texts := make([][]byte, 0, len(items)+1)
	for _, it := range items {
		texts = append(texts, it.Raw())
	}
	if config != nil {
		texts = append(texts, config.Raw())
	}
	there := func(text string) bool {
		for _, raw := range texts {
			if bytes.Contains(raw, []byte(text)) {
				return true
			}
		}
		return false
	}
	for i, one := range v.used {
		sign := "mfv"
		for there(sign) {
			sign += "v"
		}
		sign += fmt.Sprintf("%dq", i)
		v.marks[one.name] = sign
		if near, far, ok := addresses(one.sample, there, i); ok {
			one.near, one.far = near, far
			continue
		}
		one.near = marked(one.sample, sign, "")
		one.far = marked(one.sample, sign+strings.Repeat("z", 12), "x")
	}
}

var (
	scheme = regexp.MustCompile(`^[a-z][a-z0-9+.-]*://`)
	word   = regexp.MustCompile(`[A-Za-z0-9]+`)
	letter = regexp.MustCompile(`[A-Za-z]`)
)

// marked puts a sign into the first word of a sample, and something behind each word that is no number.
func marked(sample, sign, behind string) string {
	before := scheme.FindString(sample)
	rest, first := sample[len(before):], true
	rest = word.ReplaceAllStringFunc(rest, func(w string) string {
		if first {
			first = false
			return w[:1] + sign + w[1:] + behind
		}
		if letter.MatchString(w) {
			return w + behind
		}
		return w
	})
	if first {
		rest += sign
	}
	return before + rest
}

// addresses makes up addresses in the place of an address, and networks of the same size in the place of a network.
func addresses(sample string, there func(string) bool, index int) (near, far string, ok bool) {
	form := func(first, last int) string { return "" }
	if address, err := netip.ParseAddr(sample); err == nil && address.Is4() {
		form = func(first, last int) string { return fmt.Sprintf("%d.51.100.%d", first, last) }
	} else if network, err := netip.ParsePrefix(sample); err == nil && network.Addr().Is4() {
		form = func(first, last int) string {
			made, _ := netip.AddrFrom4([4]byte{byte(last), byte(first), 0, 0}).Prefix(network.Bits())
			return made.String()
		}
	} else {
		return "", "", false
	}
	free := func(first int) string {
		last := 101 + index%100
		for tries := 0; tries < 100 && there(form(first, last)); tries++ {
			last = 101 + (last-100)%100
		}
		return form(first, last)
	}
	return free(198), free(192), true
}
