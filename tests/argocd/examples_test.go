package argocd

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/cmpserver/apiclient"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/app/discovery"
	argocmp "github.com/argoproj/argo-cd/v3/util/cmp"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/emptypb"
	"sigs.k8s.io/yaml"
)

// TestExamples builds every kustomization of the examples as an Application of one repository: it comes to what `meshfn build`
// makes of it for the namespace of the destination, or fails with the same finding.
func TestExamples(t *testing.T) {
	examples := filepath.Join(repository, "examples")
	built := 0
	for _, path := range kustomizations(t, examples) {
		t.Run(path, func(t *testing.T) {
			got, err := named.generate(t, examples, application(path, "destination"))
			want, said, wrong := meshfn(t, "build", filepath.Join(examples, path), "--namespace", "destination")
			if wrong != nil {
				if err == nil {
					t.Fatalf("meshfn build fails, and the plugin does not:\n%s", said)
				}
				code := regexp.MustCompile(`\[MF\d{4}.*\]`).FindString(said)
				if !strings.Contains(err.Error(), code) || strings.Contains(err.Error(), "_cmp_server") {
					t.Errorf("the plugin has to say %s and nothing of its own paths:\n%v", code, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			built++
			if diff := cmp.Diff(asArgo(t, want), got); diff != "" {
				t.Errorf("(- meshfn build, + plugin):\n%s", diff)
			}
		})
	}
	if built < 8 {
		t.Errorf("only %d examples were built", built)
	}
}

// TestDiscovery holds that exactly the applications are found which have a document of meshfn or run it.
func TestDiscovery(t *testing.T) {
	examples := filepath.Join(repository, "examples")
	found := 0
	for _, path := range kustomizations(t, examples) {
		t.Run(path, func(t *testing.T) {
			_, said, err := meshfn(t, "build", filepath.Join(examples, path))
			want := path != "shop/app" // plain manifests, before somebody wrote a Mesh
			if want != discovering.discovers(t, examples, path) {
				t.Errorf("found: %t (the build said: %v %s)", !want, err, said)
			}
			if want {
				found++
			}
		})
	}
	if found < 8 {
		t.Errorf("only %d examples were found", found)
	}
}

// discovers asks as Argo CD does for an Application without a plugin.
func (s *sidecar) discovers(t *testing.T, checkout, path string) bool {
	t.Helper()
	t.Setenv("ARGOCD_PLUGINSOCKFILEPATH", s.plugins)
	closer, _, err := discovery.DetectConfigManagementPlugin(t.Context(), filepath.Join(checkout, path), checkout, "", nil, nil)
	if err != nil {
		if !strings.Contains(err.Error(), "could not find plugin supporting the given repository") || strings.Contains(err.Error(), ": ") {
			t.Fatal(err)
		}
		return false
	}
	if err := closer.Close(); err != nil {
		t.Error(err)
	}
	return true
}

// TestFoundApplication builds an Application that names no plugin: the one that finds it is used.
func TestFoundApplication(t *testing.T) {
	app := application("quickstart", "destination")
	app.Spec.Source.Plugin = nil
	got, err := discovering.generate(t, filepath.Join(repository, "examples"), app)
	if err != nil {
		t.Fatal(err)
	}
	want, _, err := meshfn(t, "build", filepath.Join(repository, "examples", "quickstart"), "--namespace", "destination")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(asArgo(t, want), got); diff != "" {
		t.Errorf("(- meshfn build, + plugin):\n%s", diff)
	}
	if got, err := named.generate(t, filepath.Join(repository, "examples"), app); err == nil && cmp.Equal(asArgo(t, want), got) {
		t.Error("the plugin without discovery was found too")
	}
}

// client is Argo CD's own, of one plugin.
func (s *sidecar) client(t *testing.T) apiclient.ConfigManagementPluginServiceClient {
	t.Helper()
	closer, client, err := apiclient.NewConfigManagementPluginClientSet(filepath.Join(s.plugins, "meshfn.sock")).NewConfigManagementPluginClient()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = closer.Close() })
	return client
}

// TestPluginConfiguration asks the servers what their plugin.yaml says.
func TestPluginConfiguration(t *testing.T) {
	for server, discovers := range map[*sidecar]bool{named: false, discovering: true} {
		got, err := server.client(t).CheckPluginConfiguration(t.Context(), &emptypb.Empty{})
		if err != nil {
			t.Fatal(err)
		}
		if got.IsDiscoveryConfigured != discovers || got.ProvideGitCreds {
			t.Errorf("discovery is to be %t, and nobody needs credentials: %v", discovers, got)
		}
	}
}

// TestParameters holds that what is announced names the overlays that are there, and that the defaults are what a build does.
func TestParameters(t *testing.T) {
	examples := filepath.Join(repository, "examples")
	stream, err := named.client(t).GetParametersAnnouncement(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := argocmp.SendRepoStream(t.Context(), filepath.Join(examples, "platform", "stock"), examples, stream, nil, nil); err != nil {
		t.Fatal(err)
	}
	announced, err := stream.CloseAndRecv()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	var defaults v1alpha1.ApplicationSourcePluginParameters
	for _, parameter := range announced.ParameterAnnouncements {
		names = append(names, parameter.Name)
		if parameter.Title == "" || parameter.Tooltip == "" || parameter.CollectionType != "" {
			t.Errorf("people cannot tell what it is: %v", parameter)
		}
		if parameter.Name == "overlay" && (!strings.Contains(parameter.Tooltip, "base, eu, us") || !parameter.Required) {
			t.Errorf("it does not say which overlays there are: %v", parameter)
		}
		defaults = append(defaults, text(parameter.Name, parameter.String_))
	}
	if diff := cmp.Diff([]string{"overlay", "fail-on"}, names); diff != "" {
		t.Error(diff)
	}
	without, err := named.generate(t, examples, application("quickstart", ""))
	if err != nil {
		t.Fatal(err)
	}
	with, err := named.generate(t, examples, application("quickstart", "", defaults...))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(without, with); diff != "" {
		t.Errorf("the announced defaults do something (- without, + with them):\n%s", diff)
	}
}

// TestApplications builds the example Applications from the repositories that they are meant for.
func TestApplications(t *testing.T) {
	for name, repo := range map[string]string{"shop": "quickstart", "stock": "platform"} {
		t.Run(name, func(t *testing.T) {
			manifest, err := os.ReadFile(filepath.Join(repository, "examples", "argocd", "applications", name+".yaml"))
			if err != nil {
				t.Fatal(err)
			}
			app := &v1alpha1.Application{}
			if err := yaml.UnmarshalStrict(manifest, app); err != nil {
				t.Fatal(err)
			}
			checkout, from := t.TempDir(), filepath.Join(repository, "examples", repo)
			built := filepath.Join(from, "stock", "eu")
			at := checkout
			if name == "shop" {
				built, at = from, filepath.Join(checkout, app.Spec.Source.Path)
			}
			if err := os.CopyFS(at, os.DirFS(from)); err != nil {
				t.Fatal(err)
			}
			got, err := named.generate(t, checkout, app)
			if err != nil {
				t.Fatal(err)
			}
			want, said, err := meshfn(t, "build", built, "--namespace", app.Spec.Destination.Namespace)
			if err != nil {
				t.Fatal(said)
			}
			if diff := cmp.Diff(asArgo(t, want), got); diff != "" {
				t.Errorf("(- meshfn build, + plugin):\n%s", diff)
			}
		})
	}
}
