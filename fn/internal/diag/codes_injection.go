package diag

// Injection: labels and annotations (MF07xx).
const (
	NotInjected          Code = "MF0701"
	MisplacedAnnotation  Code = "MF0702"
	UnknownAnnotation    Code = "MF0703"
	InvalidAnnotation    Code = "MF0704"
	DeprecatedAnnotation Code = "MF0705"
	SeveralLabels        Code = "MF0706"
	InjectionIgnored     Code = "MF0707"
	InjectionValue       Code = "MF0708"
	LabelMisplaced       Code = "MF0709"
	LabelUnknown         Code = "MF0710"
	InjectionDiffers     Code = "MF0711"
	RevisionUnknown      Code = "MF0712"
	ProxyConfigField     Code = "MF0713"
	JobByHand            Code = "MF0714"
	DrainTooLong         Code = "MF0715"
	ProbeRefused         Code = "MF0716"
	PortBypassed         Code = "MF0717"
	SidecarAndAmbient    Code = "MF0718"
	SidecarInAmbient     Code = "MF0719"
	AmbientAndInjected   Code = "MF0720"
	WaypointUnused       Code = "MF0721"
	WaypointMissing      Code = "MF0722"
	BeforeSidecar        Code = "MF0723"
	SecurityLevel        Code = "MF0724"
)

// The pages that several kinds of finding refer to.
const (
	injectionPage   = "https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/"
	annotationsPage = "https://istio.io/latest/docs/reference/config/annotations/"
	labelsPage      = "https://istio.io/latest/docs/reference/config/labels/"
	waypointPage    = "https://istio.io/latest/docs/ambient/usage/waypoint/"
	ambientPage     = "https://istio.io/latest/docs/ambient/usage/add-workloads/"
)

func injectionEntries() []Entry {
	return append(append(annotationEntries(), injectionLabelEntries()...), append(injectedEntries(), ambientEntries()...)...)
}

// Alpha annotations, IST0136 of istioctl, are not reported: most annotations of Istio's are alpha, those that this program
// writes among them, and istioctl itself leaves that analyzer out.
func annotationEntries() []Entry {
	return []Entry{
		{
			Code: MisplacedAnnotation, Title: "An annotation in the wrong place",
			Text: "Istio reads this annotation on another kind of object, such as on pods and not on the Deployment that creates them. Here it has no effect.",
			Also: []string{"IST0107"}, See: []string{"https://istio.io/latest/docs/reference/config/analysis/ist0107/", annotationsPage},
		},
		{
			Code: UnknownAnnotation, Title: "An annotation that Istio does not know",
			Text: "The annotation is in Istio's domain, and Istio has none of this name. It is probably misspelled, or a label. It has no effect.",
			Also: []string{"IST0108"}, See: []string{"https://istio.io/latest/docs/reference/config/analysis/ist0108/", annotationsPage},
		},
		{
			Code: InvalidAnnotation, Title: "An annotation with a value that is not allowed",
			Text: "Istio's injector checks the values of some annotations and refuses the pods when one is wrong. They are not created, and the rollout hangs.",
			Also: []string{"IST0125"}, See: []string{"https://istio.io/latest/docs/reference/config/analysis/ist0125/", annotationsPage},
		},
		{
			Code: DeprecatedAnnotation, Title: "A deprecated annotation",
			Text: "Istio still reads the annotation and may stop doing so in a later release.",
			Also: []string{"IST0135"}, See: []string{"https://istio.io/latest/docs/reference/config/analysis/ist0135/", annotationsPage},
		},
		{
			Code: ProxyConfigField, Title: "An unknown field in the annotation proxy.istio.io/config",
			Text: "Istio ignores fields of this annotation that a ProxyConfig does not have. What the field was meant to change stays as it is.",
			See:  []string{"https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#ProxyConfig"},
		},
	}
}

func injectionLabelEntries() []Entry {
	return []Entry{
		{
			Code: NotInjected, Title: "A namespace without sidecars has objects for sidecars",
			Text: "Neither the Namespace nor any of its pod templates asks for injection, and an object in it is obeyed by sidecars only, such as a " +
				"PeerAuthentication. It has no effect until the pods get one.",
			Also: []string{"IST0102"}, See: []string{"https://istio.io/latest/docs/reference/config/analysis/ist0102/", injectionPage},
		},
		{
			Code: SeveralLabels, Title: "Two injection labels on a Namespace",
			Text: "istio-injection wins over istio.io/rev. The pods get the default revision, and an upgrade by revision passes them by.",
			Also: []string{"IST0123"}, See: []string{"https://istio.io/latest/docs/reference/config/analysis/ist0123/", injectionPage},
		},
		{
			Code: InjectionIgnored, Title: "A wish for a sidecar that is ignored",
			Text: "The pods ask for a sidecar or a revision, and something stronger decides: the label of the Namespace, the network of the node, or that " +
				"nothing selects the injector. The pods start without the sidecar, or with another one, and nothing says so.",
			See: []string{injectionPage, "https://istio.io/latest/docs/ops/common-problems/injection/"},
		},
		{
			Code: InjectionValue, Title: "An injection label with an unknown value",
			Text: "Istio knows two values of the label. Another one counts as absent on a pod, and as disabled on a Namespace, which then also overrules " +
				"the labels of its pods.",
			See: []string{injectionPage, ambientPage},
		},
		{
			Code: LabelMisplaced, Title: "A label for Istio in the wrong place",
			Text: "Istio reads labels of pods on pods and labels of Namespaces on Namespaces, and no annotation in their place. Here it has no effect.",
			See:  []string{injectionPage, labelsPage},
		},
		{
			Code: LabelUnknown, Title: "A label that comes close to one of Istio's",
			Text: "The label is probably misspelled. Istio ignores it, so the pods do not join the mesh as it asks, and nothing says so.",
			See:  []string{labelsPage},
		},
		{
			Code: InjectionDiffers, Title: "Label and annotation of injection differ",
			Text: "The label sidecar.istio.io/inject wins over the deprecated annotation of the same name. Whoever reads the annotation is misled.",
			See:  []string{injectionPage},
		},
		{
			Code: RevisionUnknown, Title: "A revision that is not that of the profile",
			Text: "Only the control plane of that revision injects these pods. When it is not installed they start without a sidecar, and nothing says so. " +
				"Where no profile names the revision, this cannot be checked.",
			See: []string{"https://istio.io/latest/docs/setup/upgrade/canary/"},
		},
	}
}

func injectedEntries() []Entry {
	return []Entry{
		{
			Code: JobByHand, Title: "A job with a sidecar that does not end",
			Text: "An ordinary sidecar keeps running when the containers of the job are done, so the job never completes and a CronJob starts no other one. " +
				"Native sidecars end with the job.",
			See: []string{"https://github.com/istio/istio/issues/6324", "https://istio.io/latest/blog/2023/native-sidecars/"},
		},
		{
			Code: DrainTooLong, Title: "A sidecar is killed before it has drained",
			Text: "Kubernetes kills the pod before the sidecar has drained as long as it was told to. Calls that are still open are cut off.",
			See:  []string{"https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#ProxyConfig", "https://github.com/istio/istio/issues/34855"},
		},
		{
			Code: ProbeRefused, Title: "Probes that STRICT mTLS refuses",
			Text: "The kubelet has no certificate. Istio lets the sidecar answer its HTTP and gRPC probes, and this annotation turns that off. The pods never " +
				"become ready, or are killed again and again.",
			See: []string{"https://istio.io/latest/docs/ops/configuration/mesh/app-health-check/"},
		},
		{
			Code: PortBypassed, Title: "An excluded port that the build has rules for",
			Text: "Calls to an excluded port leave the pod without the sidecar: no routes, no retries, no mTLS. A Service that demands mTLS refuses them.",
			See:  []string{"https://istio.io/latest/docs/ops/best-practices/security/#understand-traffic-capture-limitations"},
		},
		{
			Code: BeforeSidecar, Title: "An init container that runs before there is a sidecar",
			Text: "An ordinary sidecar starts when the init containers are done. Where Istio's CNI plugin redirects calls, those of an init container go to a " +
				"sidecar that does not run yet, and fail; where an init container of Istio's does it, they leave without mTLS. A native sidecar starts " +
				"first. A warning names a sign that the container calls others; otherwise it cannot be known.",
			See: []string{"https://istio.io/latest/docs/setup/additional-setup/cni/#compatibility-with-application-init-containers", "https://istio.io/latest/blog/2023/native-sidecars/"},
		},
		{
			Code: SecurityLevel, Title: "A Namespace that forbids what a sidecar needs",
			Text: "Without Istio's CNI plugin the injector adds an init container with the capabilities NET_ADMIN and NET_RAW. The Namespace enforces a level " +
				"of pod security that forbids them, so that the pods are not created. Whether the plugin is installed is not known.",
			See: []string{"https://istio.io/latest/docs/setup/additional-setup/pod-security-admission/", "https://kubernetes.io/docs/concepts/security/pod-security-standards/"},
		},
	}
}

func ambientEntries() []Entry {
	return []Entry{
		{
			Code: SidecarAndAmbient, Title: "A Namespace for sidecars and for ambient mode",
			Text: "The pods of the Namespace get a sidecar, and ambient mode leaves pods with a sidecar alone. Its waypoints and policies do not hold for them.",
			Also: []string{"IST0123"}, See: []string{"https://istio.io/latest/docs/reference/config/analysis/ist0123/", ambientPage},
		},
		{
			Code: SidecarInAmbient, Title: "Pods with a sidecar in a Namespace of ambient mode",
			Text: "The pods ask for a sidecar, and ambient mode leaves pods with a sidecar alone. The waypoints and policies of the Namespace do not hold for them.",
			Also: []string{"KIA1316"}, See: []string{ambientPage},
		},
		{
			Code: AmbientAndInjected, Title: "Pods for a sidecar and for ambient mode",
			Text: "The pods are labelled for ambient mode and get a sidecar. The sidecar wins, and ambient mode leaves them alone.",
			Also: []string{"KIA1311"}, See: []string{ambientPage},
		},
		{
			Code: WaypointUnused, Title: "A waypoint for pods that are not in ambient mode",
			Text: "Only pods in ambient mode go through a waypoint. Routes and policies of the waypoint do not hold for these.",
			Also: []string{"KIA1312"}, See: []string{waypointPage},
		},
		{
			Code: WaypointMissing, Title: "A waypoint that is not there",
			Text: "No Gateway of the build is the waypoint that the label names. If the cluster has none either, calls go on without it, and its routes and " +
				"policies do not hold.",
			Also: []string{"KIA1313"}, See: []string{waypointPage},
		},
	}
}
