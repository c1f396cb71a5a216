package transition

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/cluster"
	"github.com/meshfn/meshfn/fn/internal/diag"
)

// The most that one finding names: a namespace of hundreds of Services may become strict in one line.
const (
	mostNamed   = 3
	mostCalls   = 20
	mostRelated = 10
)

// refusal is a call that is refused for want of a sidecar.
type refusal struct {
	call   *call
	before *cluster.Pod // of the caller
	mode   cluster.MTLS
	at     diag.Source // where NEW says that plain text is refused
	sure   sureness
}

// refusesPlain reports the calls that are refused. What one line causes, such as a stage, is one finding: it has one fix,
// however many call.
func (c *checker) refusesPlain(all []refusal) {
	type line struct {
		at   diag.Source
		sure sureness
	}
	var order []line
	byLine := map[line][]refusal{}
	for _, one := range all {
		c.strict[one.call] = true
		key := line{one.at, one.sure}
		if byLine[key] == nil {
			order = append(order, key)
		}
		byLine[key] = append(byLine[key], one)
	}
	for _, key := range order {
		c.report(c.refused(byLine[key]))
	}
}

// refused is the finding about calls of which one line is the reason.
func (c *checker) refused(all []refusal) diag.Finding {
	var callers, callees, calls, who []string
	var related []diag.Source
	for _, one := range all {
		callers, callees = append(callers, one.call.subject), append(callees, one.call.callee())
		calls, who = append(calls, one.call.subject+" → "+one.call.callee()), append(who, one.mode.Who())
		for _, at := range []diag.Source{c.sidecarAt(one.before), one.call.said()} {
			if len(related) < mostRelated && !slices.Contains(related, at) {
				related = append(related, at)
			}
		}
	}
	from, to := fewOf(callers), fewOf(callees)
	begin, its, hold := "begin", "their", "hold"
	if len(once(callees)) == 1 {
		begin = "begins"
	}
	if len(once(callers)) == 1 {
		its = "its"
	}
	if len(once(who)) == 1 {
		hold = "holds"
	}
	finding := diag.Finding{
		Code: diag.StrictBeforeSidecar, Source: all[0].at,
		Message: fmt.Sprintf("%s %s to refuse plain text while the pods of %s that run have no sidecar: %s calls fail until they are replaced", to, begin, from, its),
		Because: []string{fewOf(who) + " " + hold + " at once, and a pod has its sidecar from its start or not at all"},
		Related: related,
		Try:     steps(fmt.Sprintf("give %s %s sidecar, and leave what %s accepts as it is", from, its, to), "once all its pods are replaced, refuse plain text"),
	}
	if len(all) > 1 {
		finding.Try = steps(fmt.Sprintf("give %s %s sidecar, and leave what those whom they call accept as it is", from, its), "once all "+its+" pods are replaced, refuse plain text")
		finding.Because = append(finding.Because, "these calls are meant: "+atMost(mostCalls, calls))
	}
	if all[0].sure == perhaps {
		finding.Severity = diag.Warning
		finding.Message = fmt.Sprintf("not known whether the pods of %s that run have a sidecar: if not, their calls fail until they are replaced, because %s %s to refuse plain text", from, to, begin)
		finding.Because = append(finding.Because, "the Namespace, which may have asked for a sidecar already, is not in the build")
	}
	return finding
}

// fewOf lists the first of many, each once.
func fewOf(all []string) string { return atMost(mostNamed, all) }

func atMost(most int, all []string) string {
	all = once(all)
	if len(all) > most+1 { // One more is as short as to say that there is one.
		all = append(all[:most:most], fmt.Sprintf("%d more", len(all)-most))
	}
	if len(all) == 1 {
		return all[0]
	}
	return strings.Join(all[:len(all)-1], ", ") + " and " + all[len(all)-1]
}

func once(all []string) []string { return slices.Compact(slices.Sorted(slices.Values(all))) }
