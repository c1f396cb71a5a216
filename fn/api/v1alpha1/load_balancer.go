package v1alpha1

// LoadBalancerSetting decides which pod gets a call.
type LoadBalancerSetting struct {
	// LoadBalancer says how callers spread their calls over the pods.
	//
	// Default: LEAST_REQUEST, Istio's own.
	// Becomes: `trafficPolicy.loadBalancer` of the DestinationRule.
	// Error: written for a headless Service, whose callers choose the pod themselves.
	// Example: {consistentHash: {httpHeaderName: x-user}}
	//
	// Source: https://istio.io/latest/docs/reference/config/networking/destination-rule/#LoadBalancerSettings
	LoadBalancer *LoadBalancer `json:"loadBalancer,omitempty"`
}

// LoadBalancer uses Istio's own words. Give `simple` or `consistentHash`, not both.
type LoadBalancer struct {
	Switch `json:"-" meshfn:"false"`
	// Simple is a standard algorithm.
	//
	// Default: LEAST_REQUEST, Istio's own.
	Simple *string `json:"simple,omitempty" meshfn:"enum=LEAST_REQUEST|ROUND_ROBIN|RANDOM"`
	// ConsistentHash sends calls with the same key to the same pod as long as the set of pods does not change.
	//
	// Example: {httpHeaderName: x-user}
	ConsistentHash *ConsistentHash `json:"consistentHash,omitempty"`
	// Locality keeps calls in the caller's zone and region while pods there are healthy. It needs outlier detection to
	// know what is healthy, so it turns that on with its defaults where nothing else did. `true` uses Istio's order:
	// same zone, then same region, then anywhere. `false` lets calls go anywhere.
	//
	// Default: Istio's order where there is outlier detection, unless the mesh turns it off; else anywhere.
	// Becomes: `localityLbSetting`.
	// Example: true
	Locality *Locality `json:"locality,omitempty"`
	// Warmup gives a new pod a growing share of calls.
	//
	// Error: with `simple: RANDOM` or `consistentHash`, which ignore it.
	// Example: {duration: 30s}
	Warmup *Warmup `json:"warmup,omitempty"`
}

// ConsistentHash says what the key is. Give exactly one of the four sources.
type ConsistentHash struct {
	// HTTPHeaderName is the request header that holds the key.
	HTTPHeaderName *string `json:"httpHeaderName,omitempty" meshfn:"example=x-user"`
	// HTTPCookie is the cookie that holds the key; it is set when the caller has none.
	//
	// Example: {name: session, ttl: 1h}
	HTTPCookie *HTTPCookie `json:"httpCookie,omitempty"`
	// HTTPQueryParameterName is the query parameter that holds the key.
	HTTPQueryParameterName *string `json:"httpQueryParameterName,omitempty" meshfn:"example=user"`
	// UseSourceIP makes the caller's address the key. It is the only one that works on TCP ports.
	//
	// Error: on a TCP port of a Service whose ports have different settings, where Istio would ignore it.
	UseSourceIP *bool `json:"useSourceIp,omitempty"`
	// MinimumRingSize is the least number of points on the hash ring; more points spread calls more evenly.
	//
	// Default: 1024, Istio's own.
	MinimumRingSize *int64 `json:"minimumRingSize,omitempty" meshfn:"min=1,max=8388608,example=1024"`
}

// HTTPCookie is a cookie for session affinity.
type HTTPCookie struct {
	// Name is the name of the cookie.
	Name string `json:"name" meshfn:"required,example=session"`
	// Path is the path the cookie is set for.
	Path *string `json:"path,omitempty" meshfn:"example=/"`
	// TTL is how long the cookie lives; `0s` makes it a session cookie.
	TTL *Duration `json:"ttl" meshfn:"required,example=1h"`
}

// Locality says where calls go. `distribute`, `failover` and `failoverPriority` follow Istio's own meaning; `distribute`
// excludes the other two.
type Locality struct {
	Switch `json:"-" meshfn:"true,false"`
	// Failover says to which region calls go when the caller's own has no healthy pods left.
	//
	// Example: [{from: eu-west, to: eu-central}]
	Failover []LocalityFailover `json:"failover,omitempty" meshfn:"min=1,max=64"`
	// FailoverPriority is an ordered list of labels; pods that share more of them with the caller come first.
	//
	// Example: [topology.kubernetes.io/region, topology.kubernetes.io/zone]
	FailoverPriority []string `json:"failoverPriority,omitempty" meshfn:"min=1,max=16"`
	// Distribute spreads calls over localities by weight.
	//
	// Example: [{from: eu-west/a/*, to: {eu-west/a/*: 80, eu-west/b/*: 20}}]
	Distribute []LocalityDistribute `json:"distribute,omitempty" meshfn:"min=1,max=64"`
}

// LocalityFailover is one rule of failover between regions.
type LocalityFailover struct {
	// From is the caller's region.
	From string `json:"from" meshfn:"required,example=eu-west"`
	// To is the region that takes over.
	To string `json:"to" meshfn:"required,example=eu-central"`
}

// LocalityDistribute is one rule of distribution.
type LocalityDistribute struct {
	// From is the caller's locality, `region/zone/subzone` with `*` at the end allowed.
	From string `json:"from" meshfn:"required,example=eu-west/a/*"`
	// To holds the weight of each locality; the weights add up to 100.
	//
	// Example: {eu-west/a/*: 80, eu-west/b/*: 20}
	To map[string]int32 `json:"to" meshfn:"required,min=1,max=64,itemMin=0,itemMax=100"`
}

// Warmup gives new pods a growing share of calls.
type Warmup struct {
	// Duration is how long a pod takes to reach its full share.
	Duration *Duration `json:"duration" meshfn:"required,example=30s"`
	// MinimumPercent is the share a new pod starts with.
	//
	// Default: 10, Istio's own.
	MinimumPercent *int32 `json:"minimumPercent,omitempty" meshfn:"min=0,max=100,example=10"`
}
