package diag

// The output (MF03xx).
const (
	InvalidOutput Code = "MF0302"
	PatchNoTarget Code = "MF0303"
	PatchInvalid  Code = "MF0304"
	Patched       Code = "MF0305"
	IstioWarning  Code = "MF0306"
	NameTaken     Code = "MF0307"
	NameLost      Code = "MF0308"
	InvalidObject Code = "MF0309"
)

func outputEntries() []Entry {
	return []Entry{
		{Code: InvalidOutput},
		{Code: PatchNoTarget},
		{Code: PatchInvalid},
		{Code: Patched},
		{Code: IstioWarning, Also: []string{"IST0133"}},
		{Code: NameTaken},
		{Code: NameLost},
		{Code: InvalidObject, Also: []string{"IST0106"}},
	}
}
