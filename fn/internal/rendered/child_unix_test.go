//go:build unix && !linux

package rendered

func child() {}
