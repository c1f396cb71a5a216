package hosts

import (
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-containerregistry/pkg/registry"
)

// registryOf starts a registry on loopback that ends with the test, and returns its address. With a name it asks for that
// name and password.
func registryOf(t *testing.T, name, password string) string {
	t.Helper()
	handler := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if given, secret, _ := r.BasicAuth(); name != "" && (given != name || secret != password) {
			w.Header().Set("WWW-Authenticate", `Basic realm="test"`)
			http.Error(w, "who is there?", http.StatusUnauthorized)
			return
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// pushed is what a registry says of an artifact.
type pushed struct {
	MediaType string
	Config    struct{ MediaType string }
	Layers    []struct {
		MediaType string
		Size      int
	}
	Annotations map[string]string
}

// manifestOf asks a registry for the manifest of an artifact, as any client may.
func manifestOf(t *testing.T, address, name, tag string) (pushed, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+"/v2/"+name+"/manifests/"+tag, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var manifest pushed
	if err := json.NewDecoder(answer.Body).Decode(&manifest); err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %v", answer.Status, err)
	}
	return manifest, answer.Header.Get("Docker-Content-Digest")
}
