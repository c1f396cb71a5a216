package diag

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

func readingEntries() []Entry {
	return []Entry{
		{Code: NotYAML},
		{Code: TooLarge},
		{Code: TooDeep},
		{Code: DuplicateKey},
		{Code: UnknownField},
		{Code: WrongType},
		{Code: BadValue},
		{Code: UnknownKind},
		{Code: UnknownVersion},
		{Code: MissingField},
		{Code: NoInput},
		{Code: DuplicateObject},
		{Code: SeveralProfiles},
		{Code: BadFunction},
		{Code: ForeignFunction},
		{Code: BuildFailed},
		{Code: UnreadableObject},
		{Code: RemoteSource},
		{Code: NoFunction},
	}
}
