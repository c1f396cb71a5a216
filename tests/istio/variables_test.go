package istio

import (
	"strings"
	"testing"

	"github.com/fluxcd/pkg/envsubst"
)

// filledIn is a stream in which the variables are filled in, as Flux does it before it applies. None of the values is the
// sample by which it was validated.
func filledIn(t *testing.T, stream string) string {
	t.Helper()
	if !strings.Contains(stream, "${") {
		return stream
	}
	values := map[string]string{
		"DOMAIN": "eu.example.com", "SHOP_HOST": "shop.example.net", "PAY_HOST": "pay.eu.example.net", "REGION": "us",
		"CLUSTER": "ap-1", "REPLICAS": "3", "REVISION": "canary", "TAG": "1", "OWNER": "web", "HOME": "never",
	}
	text, err := envsubst.Eval(stream, func(name string) (string, bool) {
		if value, ok := values[name]; ok {
			return value, true
		}
		return "${" + name + "}", true // It only looks like a variable.
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}
