package v1alpha1

// Switch is how a block of settings is written when it is not a mapping: `true` turns it on with its defaults, `false`
// clears what a lower layer set, and a word names a preset. Which forms a block takes is in the tag of the embedded
// field: meshfn:"true,false,preset".
type Switch struct {
	// Enabled is the boolean form, nil when the block was not written as a boolean.
	Enabled *bool `json:"-"`
	// Preset is the word form.
	Preset string `json:"-"`
}

// Off reports whether the block was written as `false`.
func (s Switch) Off() bool { return s.Enabled != nil && !*s.Enabled }

// On reports whether the block was written as `true`.
func (s Switch) On() bool { return s.Enabled != nil && *s.Enabled }
