package limits_test

import (
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"
	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/check/limits"
)

// notOurs are fields of Istio's that carry no setting, with the reason why a patch of them evades no rule.
func notOurs() map[string]string {
	const apart, other = "read apart", "a way to call that no setting speaks of"
	const passes = "what is in calls, and not how long or how often they are made"
	return map[string]string{
		"retryBudget":                     "read as no limit of retries, which it takes the place of",
		"portLevelSettings":               apart,
		"tls":                             other,
		"tunnel":                          other,
		"proxyProtocol":                   other,
		"connectionPool.tcp.tcpKeepalive": other,
		"connectionPool.tcp.maxConnectionDuration":          "closes a connection sooner than any setting does",
		"connectionPool.http.h2UpgradePolicy":               other,
		"connectionPool.http.useClientProtocol":             other,
		"connectionPool.http.maxConcurrentStreams":          "narrower than http2MaxRequests, which holds beside it",
		"connectionPool.http.http2KeepAlive":                other,
		"outlierDetection.consecutiveErrors":                "Istio does not read it any more",
		"outlierDetection.outlierDetectionHttpErrorCodes":   "which answers count, and not how many",
		"loadBalancer.consistentHash.httpCookie.attributes": "no setting has them",
		"loadBalancer.consistentHash.maglev":                "another way to hash, in place of the ring that is read as gone",
		"loadBalancer.warmup.aggression":                    "the curve of a warmup, and not its length",
		"loadBalancer.zoneAwareLbSetting":                   "another way to stay near, in place of the one that is read as gone",
		"http.name":                                         "for people",
		"http.match":                                        apart,
		"http.route":                                        apart,
		"http.redirect":                                     "the calls do not reach the Service, which is read as gone",
		"http.directResponse":                               "the calls do not reach the Service, which is read as gone",
		"http.delegate":                                     "the routes are somewhere else, which is read as gone",
		"http.rewrite":                                      passes,
		"http.corsPolicy":                                   passes,
		"http.headers":                                      passes,
		"http.fault":                                        other,
		"http.mirror":                                       other,
		"http.mirrors":                                      other,
		"http.mirrorPercent":                                other,
		"http.mirrorPercentage":                             other,
		"http.retries.retryRemoteLocalities":                "where a call is repeated, and not when",
		"http.retries.retryIgnorePreviousHosts":             "where a call is repeated, and not when",
		"http.retries.backoff":                              "how long a retry waits, and not how often there is one",
	}
}

// TestEveryFieldOfIstioIsKnown expects that each field beside those that carry settings is known to evade no rule, so that
// a new or old word of Istio's for the same thing is not missed.
func TestEveryFieldOfIstioIsKnown(t *testing.T) {
	policies, routes := limits.Carried()
	routes = append(routes, "retries.attempts", "retries.retryOn")
	unused := notOurs()
	known := func(field string, carried []string, prefix string) {
		_, excused := notOurs()[prefix+field]
		delete(unused, prefix+field)
		if slices.Contains(carried, field) == excused {
			t.Errorf("%s%s carries a setting or needs a reason why it does not, and has both or neither", prefix, field)
		}
	}
	eachField((&networking.TrafficPolicy{}).ProtoReflect().Descriptor(), "", policies, func(field string) { known(field, policies, "") })
	eachField((&networking.HTTPRoute{}).ProtoReflect().Descriptor(), "", routes, func(field string) { known(field, routes, "http.") })
	for field := range unused {
		t.Errorf("%s is excused and no field", field)
	}
}

// eachField names the fields of a message, those of what is in it where one of them carries a setting.
func eachField(message protoreflect.MessageDescriptor, path string, carried []string, name func(string)) {
	for i := range message.Fields().Len() {
		field := message.Fields().Get(i)
		at := path + field.JSONName()
		if slices.ContainsFunc(carried, func(of string) bool { return strings.HasPrefix(of, at+".") }) {
			eachField(field.Message(), at+".", carried, name)
			continue
		}
		name(at)
	}
}
