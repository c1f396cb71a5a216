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
)
