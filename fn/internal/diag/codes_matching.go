package diag

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

func matchingEntries() []Entry {
	return []Entry{
		{Code: UnknownName},
		{Code: AmbiguousName},
		{Code: AmbiguousNamespace},
		{Code: ClaimedTwice},
		{Code: NotCovered},
		{Code: BehindService},
		{Code: UnknownPreset},
		{Code: UnsupportedIstio},
		{Code: NoMesh},
		{Code: CoversNothing},
	}
}
