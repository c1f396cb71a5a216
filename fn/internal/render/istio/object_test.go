package istio

import (
	"strings"
	"testing"

	networking "istio.io/api/networking/v1"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/manifest"
)

// TestAddUnwritable holds that an object that cannot be written is a finding, and not a gap in the output. Protobuf writes
// no text that is not UTF-8.
func TestAddUnwritable(t *testing.T) {
	r := &renderer{out: &manifest.Set{}}
	at := diag.Source{Field: "spec.services.web"}
	r.add(header{kind: "VirtualService", name: "web", owner: "shop", from: at}, &networking.VirtualService{Hosts: []string{"\xff"}})
	if len(r.out.Objects) != 0 || len(r.findings) != 1 {
		t.Fatalf("%d objects and the findings %v, want none and one", len(r.out.Objects), r.findings)
	}
	found := r.findings[0]
	if found.Code != diag.InvalidOutput || found.Source != at || !strings.Contains(found.Message, "UTF-8") {
		t.Errorf("the finding is %+v", found)
	}
}

// TestAsIntegers reads numbers wherever they are, and does not lose one that is none.
func TestAsIntegers(t *testing.T) {
	inList := func(number string) map[string]any {
		return map[string]any{"portLevelSettings": []any{
			map[string]any{"loadBalancer": map[string]any{"consistentHash": map[string]any{"minimumRingSize": number}}},
		}}
	}
	policy := (&networking.TrafficPolicy{}).ProtoReflect().Descriptor()
	fields := inList("4096")
	if err := asIntegers(fields, policy); err != nil {
		t.Fatal(err)
	}
	port := fields["portLevelSettings"].([]any)[0].(map[string]any)
	hash := port["loadBalancer"].(map[string]any)["consistentHash"].(map[string]any)
	if hash["minimumRingSize"] != int64(4096) {
		t.Errorf("the number is %T %v", hash["minimumRingSize"], hash["minimumRingSize"])
	}
	if err := asIntegers(inList("many"), policy); err == nil {
		t.Error("a number that is none is no error")
	}
}
