package diag

// Code is the stable name of a kind of finding. A code is never reused for another meaning.
type Code string

// Reading the input (MF00xx).
const (
	NotYAML          Code = "MF0001"
	TooLarge         Code = "MF0002"
	TooDeep          Code = "MF0003"
	DuplicateKey     Code = "MF0004"
	UnknownField     Code = "MF0005"
	WrongType        Code = "MF0006"
	BadValue         Code = "MF0007"
	UnknownKind      Code = "MF0008"
	UnknownVersion   Code = "MF0009"
	MissingField     Code = "MF0010"
	NoInput          Code = "MF0011"
	DuplicateObject  Code = "MF0012"
	SeveralProfiles  Code = "MF0013"
	BadFunction      Code = "MF0014"
	ForeignFunction  Code = "MF0015"
	BuildFailed      Code = "MF0016"
	UnreadableObject Code = "MF0017"
	RemoteSource     Code = "MF0018"
	NoFunction       Code = "MF0019"
)

// Matching names with the build (MF01xx).
const (
	UnknownName        Code = "MF0101"
	AmbiguousName      Code = "MF0102"
	AmbiguousNamespace Code = "MF0103"
	ClaimedTwice       Code = "MF0104"
	NotCovered         Code = "MF0105"
	BehindService      Code = "MF0106"
	UnknownPreset      Code = "MF0107"
	UnsupportedIstio   Code = "MF0108"
	NoMesh             Code = "MF0109"
	CoversNothing      Code = "MF0110"
)

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

// The output (MF03xx).
const (
	ForeignObject Code = "MF0301"
	InvalidOutput Code = "MF0302"
	PatchNoTarget Code = "MF0303"
	PatchInvalid  Code = "MF0304"
	Patched       Code = "MF0305"
	IstioWarning  Code = "MF0306"
	NameTaken     Code = "MF0307"
	NameLost      Code = "MF0308"
)
