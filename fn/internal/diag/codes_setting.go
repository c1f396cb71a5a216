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
)

func settingEntries() []Entry {
	return []Entry{
		{Code: WrongProtocol},
		{Code: UnsafeRetry},
		{Code: RetryConflict},
		{Code: PerTryTooLong},
		{Code: RetriesOutlast},
		{Code: SidecarConflict},
		{Code: CannotInject},
		{Code: JobSidecar},
		{Code: ImmutableTemplate},
		{Code: ProxyConflict},
		{Code: ProxyValue},
		{Code: OutlierPercent},
		{Code: OutlierReplicas},
		{Code: OutlierSplit},
		{Code: LoadBalancerChoice},
		{Code: VersionLabels},
		{Code: VersionWeights},
		{Code: UnknownGateway},
		{Code: ForbiddenDomain},
		{Code: AmbiguousPort},
		{Code: PathTaken},
		{Code: NotManaged},
		{Code: NoPods},
		{Code: SniffedProtocol},
		{Code: BadHost},
		{Code: ExternalAlias},
		{Code: PerTryIsTimeout},
	}
}
