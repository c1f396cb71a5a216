package routing

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	networking "istio.io/api/networking/v1"
)

func sameStream(a, b proto.Message) bool { return proto.Equal(a, b) }

// coversTLS reports whether every connection that the second match takes is taken by the first.
func coversTLS(a, b *networking.TLSMatchAttributes) bool {
	for _, name := range b.GetSniHosts() {
		if !slices.ContainsFunc(a.GetSniHosts(), func(of string) bool { return sniCovers(of, name) }) {
			return false
		}
	}
	return (a.GetPort() == 0 || a.GetPort() == b.GetPort()) && subnetsCover(a.GetDestinationSubnets(), b.GetDestinationSubnets()) && sourceCovers(a, b)
}

func sniCovers(wide, name string) bool {
	suffix, wild := strings.CutPrefix(wide, "*")
	return wide == name || wild && strings.HasSuffix(name, suffix)
}

// coversTCP is the same for connections without a server name.
func coversTCP(a, b *networking.L4MatchAttributes) bool {
	return (a.GetPort() == 0 || a.GetPort() == b.GetPort()) && subnetsCover(a.GetDestinationSubnets(), b.GetDestinationSubnets()) && sourceCovers(a, b)
}

func subnetsCover(a, b []string) bool { return len(a) == 0 || len(b) > 0 && allIn(b, a) }
