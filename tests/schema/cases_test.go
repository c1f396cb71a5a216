package schema

import (
	"slices"
	"strings"
	"testing"
)

// build is what the documents of the tests speak of.
const build = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, version: v1}}
    spec:
      terminationGracePeriodSeconds: 60
      containers: [{name: web, image: registry.example.com/web:1}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: cart}
spec:
  selector: {app: cart}
  ports: [{name: grpc, port: 9090}, {name: http-metrics, port: 9100}]
---
apiVersion: v1
kind: Service
metadata: {name: reports}
spec:
  selector: {app: reports}
  ports: [{port: 8080, appProtocol: http}]
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: nightly, image: registry.example.com/nightly:1}]
`

const profile = `
apiVersion: meshfn.dev/v1alpha1
kind: MeshProfile
metadata: {name: platform}
spec:
  istio: {nativeSidecars: true}
  gateways: {public: {selector: {istio: ingressgateway}, namespace: istio-ingress}}
`

const profileHead = "apiVersion: meshfn.dev/v1alpha1\nkind: MeshProfile\nmetadata: {name: platform}\n"

// good are documents that the schemas accept and that expand without an error.
var good = map[string]string{
	"nothing at all":             "apiVersion: meshfn.dev/v1alpha1\nkind: Mesh\nmetadata: {name: shop}\n",
	"empty spec":                 "apiVersion: meshfn.dev/v1alpha1\nkind: Mesh\nmetadata: {name: shop}\nspec: {}\n",
	"spec of nothing":            "apiVersion: meshfn.dev/v1alpha1\nkind: Mesh\nmetadata: {name: shop}\nspec:\n",
	"labels and annotations":     "apiVersion: meshfn.dev/v1alpha1\nkind: Mesh\nmetadata: {name: shop, labels: {team: shop}, annotations: {a.b/c: 'true'}}\n",
	"a Service of nothing":       "services: {web: }",
	"services of nothing":        "services:",
	"timeout":                    "services: {web: {timeout: 1m30s}}",
	"timeout in fractions":       "services: {web: {timeout: 1.5s}}",
	"timeout cleared":            "defaults: {timeout: 10s}\nservices: {web: {timeout: 0s}}",
	"retries off":                "services: {web: {retries: false}}",
	"retries as a mapping":       "services: {web: {retries: {attempts: 1, perTryTimeout: 500ms, methods: [GET, HEAD]}}}",
	"preset low":                 "services: {web: {circuitBreaker: low, outlierDetection: low}}",
	"preset medium":              "services: {web: {circuitBreaker: medium, outlierDetection: medium}}",
	"preset high":                "services: {web: {circuitBreaker: high, outlierDetection: high}}",
	"circuit breaker off":        "services: {web: {circuitBreaker: false}}",
	"circuit breaker":            "services: {web: {circuitBreaker: {maxConnections: 200, idleTimeout: 55s}}}",
	"outlier detection on":       "services: {web: {outlierDetection: true}}",
	"outlier detection off":      "services: {web: {outlierDetection: false}}",
	"outlier detection":          "services: {web: {outlierDetection: {consecutive5xxErrors: 7, maxEjectionPercent: 40}}}",
	"load balancer off":          "services: {web: {loadBalancer: false}}",
	"simple":                     "services: {web: {loadBalancer: {simple: ROUND_ROBIN, warmup: {duration: 30s}}}}",
	"cookie":                     "services: {web: {loadBalancer: {consistentHash: {httpCookie: {name: session, ttl: 0s}}}}}",
	"locality on":                "services: {web: {loadBalancer: {locality: true}}}",
	"locality off":               "services: {web: {loadBalancer: {simple: RANDOM, locality: false}}}",
	"locality spread":            "services: {web: {loadBalancer: {locality: {distribute: [{from: eu/a/*, to: {eu/a/*: 80, eu/b/*: 20}}]}}}}",
	"a port by name":             "services: {cart: {ports: {grpc: {timeout: 2s}, http-metrics: }}}",
	"a port by number":           "services: {reports: {ports: {8080: {timeout: 2s}}}}",
	"sidecar and proxy":          "services: {web: {sidecar: true, proxy: {cpu: 100m, cpuLimit: 2, memory: 128Mi, drain: 20s, logLevel: debug}}}",
	"proxy amounts as numbers":   "services: {web: {sidecar: true, proxy: {cpu: 0.5, cpuLimit: 1.5}}}",
	"proxy off":                  "defaults: {proxy: {concurrency: 0}}\nservices: {web: {proxy: false}}",
	"a workload":                 "workloads: {CronJob/nightly: {sidecar: true, proxy: {excludeOutboundPorts: [3306]}}}",
	"a version":                  "services: {web: {versions: {v1: }}}",
	"expose":                     "services: {web: {expose: {public: {hosts: [shop.example.com]}}}}",
	"expose paths":               "services: {web: {expose: {public: {hosts: [shop.example.com], paths: [/, {exact: /healthz}, {regex: '/item/[0-9]+'}], port: http}}}}",
	"expose port by number":      "services: {cart: {expose: {public: {hosts: [cart.example.com], port: 9100}}}}",
	"manage":                     "services: {web: {manage: {VirtualService: false, DestinationRule: true}}}",
	"a patch":                    "patches: [{target: {kind: VirtualService, name: web}, merge: {metadata: {labels: {team: shop}}}}]",
	"no patches":                 "patches: []",
	"aliases and merge keys":     "services: {web: &base {timeout: 5s}, cart: {<<: *base, retries: false}}",
	"empty profile":              profileHead,
	"profile without a name":     "apiVersion: meshfn.dev/v1alpha1\nkind: MeshProfile\n",
	"profile of nothing":         profileHead + "spec: {istio: , gateways: }\n",
	"facts":                      profileHead + "spec: {istio: {version: '1.31', revision: stable, clusterDomain: cluster.local, hostnames: fqdn, nativeSidecars: false}}\n",
	"a patch release":            profileHead + "spec: {istio: {version: \"1.31.4\"}}\n",
	"gateway":                    profileHead + "spec: {gateways: {public: {selector: {istio: ingressgateway}, namespace: istio-ingress, ports: {http: 8080}, allowedDomains: [example.com]}}}\n",
	"gateway ports of nothing":   profileHead + "spec: {gateways: {public: {selector: {istio: ingressgateway}, namespace: istio-ingress, ports: }}}\n",
	"boolean in capital letters": "services: {web: {sidecar: True}}",
}

// bad are documents that the schemas and the reader refuse, with the code of the finding.
var bad = map[string]struct{ text, code string }{
	"unknown field":                {"services: {web: {timeoout: 5s}}", "MF0005"},
	"unknown field of the spec":    {"service: {web: {timeout: 5s}}", "MF0005"},
	"unknown field of a document":  {"apiVersion: meshfn.dev/v1alpha1\nkind: Mesh\nmetadata: {name: shop}\nspce: {}\n", "MF0005"},
	"unknown metadata":             {"apiVersion: meshfn.dev/v1alpha1\nkind: Mesh\nmetadata: {name: shop, finalizers: []}\n", "MF0005"},
	"traffic setting of a worker":  {"workloads: {CronJob/nightly: {timeout: 5s}}", "MF0005"},
	"pod setting of a port":        {"services: {web: {ports: {http: {sidecar: true}}}}", "MF0005"},
	"kind in lower case":           {"apiVersion: meshfn.dev/v1alpha1\nkind: mesh\nmetadata: {name: shop}\n", "MF0008"},
	"unknown version":              {"apiVersion: meshfn.dev/v1\nkind: Mesh\nmetadata: {name: shop}\n", "MF0009"},
	"number as a label":            {"apiVersion: meshfn.dev/v1alpha1\nkind: Mesh\nmetadata: {name: shop, labels: {a: 1}}\n", "MF0006"},
	"duration without a unit":      {"services: {web: {timeout: 5}}", "MF0007"},
	"duration in quotes, no unit":  {"services: {web: {timeout: '5'}}", "MF0007"},
	"duration too fine":            {"services: {web: {timeout: 1500us}}", "MF0007"},
	"negative duration":            {"services: {web: {timeout: -5s}}", "MF0007"},
	"retries of nothing":           {"services: {web: {retries: }}", "MF0006"},
	"outlier detection of nothing": {"services: {web: {outlierDetection: }}", "MF0006"},
	"duration of nothing":          {"services: {web: {timeout: }}", "MF0006"},
	"duration as a boolean":        {"services: {web: {timeout: false}}", "MF0006"},
	"duration as a mapping":        {"services: {web: {timeout: {}}}", "MF0006"},
	"retries on":                   {"services: {web: {retries: true}}", "MF0006"},
	"retries as a number":          {"services: {web: {retries: 3}}", "MF0006"},
	"attempts out of bounds":       {"services: {web: {retries: {attempts: 11}}}", "MF0007"},
	"attempts in quotes":           {"services: {web: {retries: {attempts: '2'}}}", "MF0006"},
	"methods as a word":            {"services: {web: {retries: {methods: GET}}}", "MF0006"},
	"a method that writes":         {"services: {web: {retries: {methods: [POST]}}}", "MF0007"},
	"no methods":                   {"services: {web: {retries: {methods: []}}}", "MF0007"},
	"circuit breaker on":           {"services: {web: {circuitBreaker: true}}", "MF0006"},
	"a preset without a name":      {"services: {web: {circuitBreaker: ''}}", "MF0006"},
	"no connections":               {"services: {web: {circuitBreaker: {maxConnections: 0}}}", "MF0007"},
	"all pods ejected":             {"services: {web: {outlierDetection: {maxEjectionPercent: 100}}}", "MF0007"},
	"unknown algorithm":            {"services: {web: {loadBalancer: {simple: LEAST_CONN}}}", "MF0007"},
	"load balancer as a word":      {"services: {web: {loadBalancer: ROUND_ROBIN}}", "MF0006"},
	"cookie without its life":      {"services: {web: {loadBalancer: {consistentHash: {httpCookie: {name: session}}}}}", "MF0010"},
	"cookie of nothing":            {"services: {web: {loadBalancer: {consistentHash: {httpCookie: }}}}", "MF0010"},
	"warmup of nothing":            {"services: {web: {loadBalancer: {warmup: }}}", "MF0010"},
	"weights above the whole":      {"services: {web: {loadBalancer: {locality: {distribute: [{from: a, to: {b: 101}}]}}}}", "MF0007"},
	"failover as a mapping":        {"services: {web: {loadBalancer: {locality: {failover: {from: a, to: b}}}}}", "MF0006"},
	"a boolean in quotes":          {"services: {web: {sidecar: 'true'}}", "MF0006"},
	"a boolean as yes":             {"services: {web: {sidecar: yes}}", "MF0006"},
	"amount of zero":               {"services: {web: {proxy: {cpu: 0}}}", "MF0007"},
	"amount with a wrong unit":     {"services: {web: {proxy: {memory: 1GiB}}}", "MF0007"},
	"port out of bounds":           {"services: {web: {proxy: {excludeInboundPorts: [70000]}}}", "MF0007"},
	"expose without hosts":         {"services: {web: {expose: {public: {paths: [/]}}}}", "MF0010"},
	"expose of nothing":            {"services: {web: {expose: {public: }}}", "MF0010"},
	"hosts as a word":              {"services: {web: {expose: {public: {hosts: shop.example.com}}}}", "MF0006"},
	"path without a slash":         {"services: {web: {expose: {public: {hosts: [a.example.com], paths: [api]}}}}", "MF0007"},
	"path of nothing":              {"services: {web: {expose: {public: {hosts: [a.example.com], paths: [null]}}}}", "MF0006"},
	"unknown kind of path":         {"services: {web: {expose: {public: {hosts: [a.example.com], paths: [{suffix: /a}]}}}}", "MF0005"},
	"port number too large":        {"services: {web: {expose: {public: {hosts: [a.example.com], port: 65536}}}}", "MF0007"},
	"port name in capital letters": {"services: {web: {expose: {public: {hosts: [a.example.com], port: HTTP}}}}", "MF0007"},
	"version without any label":    {"services: {web: {versions: {v1: {labels: {}}}}}", "MF0007"},
	"version with labels nowhere":  {"services: {web: {versions: {v1: {labels: }}}}", "MF0007"},
	"patch of another kind":        {"patches: [{target: {kind: Service, name: web}, merge: {spec: {}}}]", "MF0007"},
	"patch without a change":       {"patches: [{target: {kind: Gateway, name: web}}]", "MF0010"},
	"patch without a name":         {"patches: [{target: {kind: Gateway, name: ''}, merge: {spec: {}}}]", "MF0007"},
	"patches of nothing":           {"patches:", "MF0006"},
	"services as a list":           {"services: [web]", "MF0006"},
	"spec as a list":               {"apiVersion: meshfn.dev/v1alpha1\nkind: Mesh\nmetadata: {name: shop}\nspec: []\n", "MF0006"},
	"version without quotes":       {profileHead + "spec: {istio: {version: 1.31}}\n", "MF0006"},
	"version of another product":   {profileHead + "spec: {istio: {version: '2.0'}}\n", "MF0007"},
	"unknown style of host names":  {profileHead + "spec: {istio: {hostnames: long}}\n", "MF0007"},
	"gateway without a namespace":  {profileHead + "spec: {gateways: {public: {selector: {a: b}}}}\n", "MF0010"},
	"gateway without a selector":   {profileHead + "spec: {gateways: {public: {selector: {}, namespace: a}}}\n", "MF0007"},
	"gateway of nothing":           {profileHead + "spec: {gateways: {public: }}\n", "MF0010"},
	"gateway port of zero":         {profileHead + "spec: {gateways: {public: {selector: {a: b}, namespace: a, ports: {http: 0}}}}\n", "MF0007"},
	"mesh without a name":          {"apiVersion: meshfn.dev/v1alpha1\nkind: Mesh\nmetadata: {namespace: shop}\n", "MF0010"},
	"mesh without metadata":        {"apiVersion: meshfn.dev/v1alpha1\nkind: Mesh\n", "MF0010"},
}

// beyond are documents that only the whole build can refuse: the schemas accept them, and the reader does too.
var beyond = map[string]string{
	"unknown preset":       "services: {web: {circuitBreaker: huge}}",
	"unknown Service":      "services: {wbe: {timeout: 5s}}",
	"two kinds of path":    "services: {web: {expose: {public: {hosts: [a.example.com], paths: [{exact: /a, prefix: /a}]}}}}",
	"unsafe retries":       "services: {web: {retries: {retryOn: 5xx}}}",
	"two algorithms":       "services: {web: {loadBalancer: {simple: RANDOM, consistentHash: {useSourceIp: true}}}}",
	"a patch of nothing":   "patches: [{target: {kind: VirtualService, name: web}, merge: }]",
	"an old Istio release": profileHead + "spec: {istio: {version: '1.9'}}\n",
}

func TestGood(t *testing.T) {
	for name, text := range good {
		t.Run(name, func(t *testing.T) {
			kind, text := document(text)
			if err := compile(t, kind, "").Validate(value(t, text)); err != nil {
				t.Errorf("the schema refuses it: %v", err)
			}
			if _, stderr, code := expand(t, kind, text); code != 0 {
				t.Errorf("the program refuses it: %s", stderr)
			}
		})
	}
}

func TestBad(t *testing.T) {
	for name, test := range bad {
		t.Run(name, func(t *testing.T) {
			kind, text := document(test.text)
			if compile(t, kind, "").Validate(value(t, text)) == nil {
				t.Error("the schema accepts it")
			}
			var codes []string
			for _, found := range refusals(t, text) {
				codes = append(codes, found...)
			}
			if !slices.Equal(slices.Compact(codes), []string{test.code}) {
				t.Errorf("the program reports %v, want %s", codes, test.code)
			}
		})
	}
}

func TestBeyond(t *testing.T) {
	for name, text := range beyond {
		t.Run(name, func(t *testing.T) {
			kind, text := document(text)
			if err := compile(t, kind, "").Validate(value(t, text)); err != nil {
				t.Errorf("the schema refuses it: %v", err)
			}
			if _, _, code := expand(t, kind, text); code != 1 {
				t.Errorf("the program ends with %d", code)
			}
		})
	}
}

// expand expands a document together with the build it speaks of.
func expand(t *testing.T, kind, text string) (stdout, stderr string, code int) {
	t.Helper()
	documents := []string{build, text}
	if kind == "Mesh" {
		documents = append(documents, profile)
	}
	return run(t, strings.Join(documents, "---\n"), "render", "-")
}
