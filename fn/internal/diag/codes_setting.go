package diag

// Settings that cannot hold (MF02xx).
const (
	WrongProtocol      Code = "MF0201"
	UnsafeRetry        Code = "MF0203"
	RetryConflict      Code = "MF0204"
	PerTryTooLong      Code = "MF0205"
	RetriesOutlast     Code = "MF0206"
	SidecarConflict    Code = "MF0207"
	CannotInject       Code = "MF0208"
	JobSidecar         Code = "MF0209"
	ImmutableTemplate  Code = "MF0210"
	ProxyConflict      Code = "MF0211"
	ProxyValue         Code = "MF0212"
	OutlierPercent     Code = "MF0213"
	OutlierReplicas    Code = "MF0214"
	OutlierSplit       Code = "MF0215"
	LoadBalancerChoice Code = "MF0216"
	VersionLabels      Code = "MF0217"
	VersionWeights     Code = "MF0218"
	UnknownGateway     Code = "MF0219"
	ForbiddenDomain    Code = "MF0220"
	AmbiguousPort      Code = "MF0221"
	PathTaken          Code = "MF0222"
	NotManaged         Code = "MF0223"
	NoPods             Code = "MF0224"
	SniffedProtocol    Code = "MF0225"
	BadHost            Code = "MF0226"
	ExternalAlias      Code = "MF0227"
	PerTryIsTimeout    Code = "MF0228"
	VersionWithoutPods Code = "MF0229"
)

func settingEntries() []Entry {
	return []Entry{
		{
			Code: WrongProtocol, Title: "A setting that the port cannot have",
			Text: "The setting needs requests, and the port carries connections that a proxy does not look into. Written " +
				"for that very port it is a mistake; as a default it passes the port by.",
			See: []string{"https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/"},
		},
		{
			Code: UnsafeRetry, Title: "A retry that can execute a call twice",
			Text: "The condition also holds when the call may have been executed already, so a write could happen twice. " +
				"Say that all calls are idempotent, or name the methods that are.",
			See: []string{"https://github.com/istio/istio/issues/50506"},
		},
		{
			Code: RetryConflict, Title: "Settings of retries that contradict each other",
			Text: "Two settings of the retries cannot both hold, or one has no effect because of the other.",
		},
		{
			Code: PerTryTooLong, Title: "A try longer than the whole call",
			Text: "perTryTimeout is longer than the timeout of the call, so it never ends a try.",
			See:  []string{"https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry"},
		},
		{
			Code: RetriesOutlast, Title: "More tries than the timeout has room for",
			Text: "All tries together need longer than the timeout of the call, so the last ones never happen.",
			See:  []string{"https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry"},
		},
		{
			Code: SidecarConflict, Title: "Contradiction about a sidecar",
			Text: "Two places say different things about the sidecar of the same pods.",
			See:  []string{"https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/"},
		},
		{
			Code: CannotInject, Title: "Pods that cannot get a sidecar",
			Text: "The pods use the network of their node, or are in a namespace where Istio never injects, so the label " +
				"would have no effect.",
			See: []string{"https://istio.io/latest/docs/ops/common-problems/injection/"},
		},
		{
			Code: JobSidecar, Title: "A Job that would not end",
			Text: "An ordinary sidecar keeps running when the job is done, so the Job never completes. Native sidecars end " +
				"with it.",
			See: []string{"https://github.com/istio/istio/issues/6324", "https://istio.io/latest/blog/2023/native-sidecars/"},
		},
		{
			Code: ImmutableTemplate, Title: "A Job's template cannot change",
			Text: "Kubernetes refuses a change of the pod template of a Job that exists.",
			See:  []string{"https://kubernetes.io/docs/concepts/workloads/controllers/job/"},
		},
		{
			Code: ProxyConflict, Title: "Contradiction about the proxy",
			Text: "Two places say different things about the sidecar of the same pods, or an annotation is there already.",
			See:  []string{"https://istio.io/latest/docs/reference/config/annotations/"},
		},
		{
			Code: ProxyValue, Title: "An amount that cannot be",
			Text: "A request above its limit, or a drain time that the pod does not live to see.",
		},
		{
			Code: OutlierPercent, Title: "An ejection percentage that ejects nothing, or everything",
			Text: "Envoy ejects a pod only while the share of ejected pods stays within the percentage. Too small, it never " +
				"ejects one; 100 lets a caller lose every pod.",
			See: []string{"https://istio.io/latest/docs/reference/config/networking/destination-rule/#OutlierDetection"},
		},
		{
			Code: OutlierReplicas, Title: "Ejection and the number of replicas",
			Text: "What outlier detection may do depends on how many pods there are. With one pod there is none; where the " +
				"number is unknown, Istio's own percentage is kept, and that is said.",
			See: []string{"https://istio.io/latest/docs/reference/config/networking/destination-rule/#OutlierDetection"},
		},
		{
			Code: OutlierSplit, Title: "Local failures are not counted apart",
			Text: "consecutiveLocalOriginFailures counts only where failures to connect are counted apart from answers.",
			See:  []string{"https://istio.io/latest/docs/reference/config/networking/destination-rule/#OutlierDetection"},
		},
		{
			Code: LoadBalancerChoice, Title: "Load balancing settings that contradict each other",
			Text: "Two settings of the load balancer cannot both hold, or one has no effect because of the other.",
			See:  []string{"https://istio.io/latest/docs/reference/config/networking/destination-rule/#LoadBalancerSettings"},
		},
		{
			Code: VersionLabels, Title: "Pods in no version, or in two",
			Text: "Pods behind the Service belong to two of its versions, and get calls that are meant for the other one, or to none, and " +
				"get no calls at all.",
			See: []string{"https://istio.io/latest/docs/reference/config/networking/destination-rule/#Subset"},
		},
		{
			Code: VersionWeights, Title: "Weights that do not add up",
			Text: "The weights of the versions of a Service are the shares of its calls, and together they are 100.",
			See:  []string{"https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRouteDestination"},
		},
		{
			Code: UnknownGateway, Title: "A gateway that the profile does not have",
			Text: "`expose` names a gateway, and the MeshProfile of the build has none of that name.",
		},
		{
			Code: ForbiddenDomain, Firm: true, Title: "A host outside the allowed domains",
			Text: "The MeshProfile says below which domains applications may claim hosts at this gateway.",
		},
		{
			Code: AmbiguousPort, Title: "Which port is exposed",
			Text: "The Service has several ports that a gateway could send calls to.",
		},
		{
			Code: PathTaken, Title: "A path that another route takes",
			Text: "Two routes of one host match the same calls, so the later one never gets any.",
			See:  []string{"https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMatchRequest"},
		},
		{
			Code: NotManaged, Title: "A setting that needs an object kept by hand",
			Text: "`manage` keeps the object in your own hands, so the setting has nowhere to go.",
		},
		{
			Code: NoPods, Title: "A setting without pods",
			Text: "The setting is about pods, and the Service selects none in this build.",
		},
		{
			Code: SniffedProtocol, Title: "A port that does not say its protocol", Also: []string{"IST0118", "KIA0601"},
			Text: "Istio looks at the first bytes of each connection, and settings hold only for those that turn out to be " +
				"HTTP.",
			See: []string{"https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/"},
		},
		{
			Code: BadHost, Title: "Not a host name",
			Text: "A host has to be a full DNS name, or a wildcard for one level and everything below it.",
		},
		{
			Code: ExternalAlias, Title: "An alias of an outside host",
			Text: "An ExternalName Service has no pods. Callers connect to the host that it stands for, so settings on it " +
				"have no effect.",
			See: []string{"https://kubernetes.io/docs/concepts/services-networking/service/#externalname"},
		},
		{
			Code: PerTryIsTimeout, Title: "A per-try timeout that ends the call",
			Text: "Envoy repeats a try that timed out only under 5xx, gateway-error or reset. Under other conditions the " +
				"per-try timeout is the timeout of the whole call.",
			See: []string{"https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-retry-on"},
		},
		{
			Code: VersionWithoutPods, Title: "A version without pods", Also: []string{"IST0173", "KIA0203"},
			Text: "A version selects labels that no pod template behind the Service has. Calls to it would fail with status 503.",
			See:  []string{"https://istio.io/latest/docs/reference/config/networking/destination-rule/#Subset"},
		},
	}
}
