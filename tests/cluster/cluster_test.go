package cluster

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientapi "k8s.io/client-go/tools/clientcmd/api"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// cluster is a Kubernetes API server, its etcd, and an istiod that it asks. There are no controllers and no nodes: what is
// applied is stored, and nothing else happens to it.
type cluster struct {
	dir     string
	running []*server
	config  *rest.Config
	client  client.Client
}

// addresses of the servers; all are on loopback.
type addresses struct {
	etcd, peer, kube, http, https, grpc, monitoring, control string
}

// newCluster starts everything and waits until it answers. What it returns has to be stopped, also after an error.
func newCluster(dir string) (*cluster, error) {
	c := &cluster{dir: dir}
	ports, err := freePorts(8)
	if err != nil {
		return c, err
	}
	at := addresses{ports[0], ports[1], ports[2], ports[3], ports[4], ports[5], ports[6], ports[7]}
	signer, err := newAuthority(dir)
	if err != nil {
		return c, err
	}
	for serial, name := range []string{"accounts", "kube-apiserver", "istiod"} {
		if err := signer.issue(name, int64(serial)+2); err != nil {
			return c, err
		}
	}
	for _, step := range []func(addresses) error{c.startEtcd, c.startAPIServer, c.define, c.startIstiod, c.askIstiod} {
		if err := step(at); err != nil {
			return c, err
		}
	}
	return c, nil
}

func (c *cluster) stop() {
	for i := range c.running {
		c.running[len(c.running)-1-i].stop()
	}
}

func (c *cluster) start(name string, environment []string, args ...string) (*server, error) {
	s, err := start(c.dir, name, environment, args...)
	if err == nil {
		c.running = append(c.running, s)
	}
	return s, err
}

func (c *cluster) file(name string) string { return filepath.Join(c.dir, name) }

func (c *cluster) startEtcd(at addresses) error {
	etcd, err := c.start("etcd", nil,
		"--data-dir", c.file("etcd"), "--unsafe-no-fsync", "--log-level", "error",
		"--listen-client-urls", "http://"+at.etcd, "--advertise-client-urls", "http://"+at.etcd,
		"--listen-peer-urls", "http://"+at.peer, "--initial-advertise-peer-urls", "http://"+at.peer,
		"--initial-cluster", "default=http://"+at.peer)
	if err != nil {
		return err
	}
	return etcd.ready(func() error { return answers(http.DefaultClient, "http://"+at.etcd+"/health") })
}

func (c *cluster) startAPIServer(at addresses) error {
	token := rand.Text()
	if err := os.WriteFile(c.file("tokens.csv"), []byte(token+",admin,admin,system:masters\n"), 0o600); err != nil {
		return err
	}
	if err := c.connect("https://"+at.kube, token); err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(at.kube)
	if err != nil {
		return err
	}
	kube, err := c.start("kube-apiserver", nil,
		"--bind-address", host, "--advertise-address", host, "--secure-port", port, "--etcd-servers", "http://"+at.etcd,
		"--tls-cert-file", c.file("kube-apiserver.crt"), "--tls-private-key-file", c.file("kube-apiserver.key"),
		"--cert-dir", c.dir, "--token-auth-file", c.file("tokens.csv"), "--authorization-mode", "RBAC",
		"--service-account-issuer", "https://kubernetes.default.svc", "--service-cluster-ip-range", "10.96.0.0/16",
		"--service-account-key-file", c.file("accounts.key"), "--service-account-signing-key-file", c.file("accounts.key"),
		// Nothing but a controller would make the accounts that pods ask for, and the addresses of other servers.
		"--disable-admission-plugins", "ServiceAccount", "--endpoint-reconciler-type", "none",
		"--enable-priority-and-fairness=false")
	if err != nil {
		return err
	}
	web, err := rest.HTTPClientFor(c.config)
	if err != nil {
		return err
	}
	return kube.ready(func() error { return answers(web, "https://"+at.kube+"/readyz") })
}

// connect writes the kubeconfig for istiod, and sets what the tests and the two engines connect with.
func (c *cluster) connect(address, token string) error {
	file := clientapi.NewConfig()
	file.Clusters["tests"] = &clientapi.Cluster{Server: address, CertificateAuthority: c.file("ca.crt")}
	file.AuthInfos["admin"] = &clientapi.AuthInfo{Token: token}
	file.Contexts["tests"] = &clientapi.Context{Cluster: "tests", AuthInfo: "admin"}
	file.CurrentContext = "tests"
	if err := clientcmd.WriteToFile(*file, c.file("kubeconfig")); err != nil {
		return err
	}
	config, err := clientcmd.BuildConfigFromFlags("", c.file("kubeconfig"))
	if err != nil {
		return err
	}
	config.QPS, config.Burst = 1000, 2000
	// Istio's warnings are compared with the program's own in tests/istio.
	config.WarningHandler = rest.NoWarnings{}
	c.config = config
	return nil
}

// startIstiod runs istiod with nothing but what the webhook needs: no certificates of its own, no injection.
func (c *cluster) startIstiod(at addresses) error {
	mesh := fmt.Sprintf("ingressControllerMode: \"OFF\"\ndefaultConfig: {discoveryAddress: %q}\n", at.grpc)
	if err := os.WriteFile(c.file("mesh.yaml"), []byte(mesh), 0o600); err != nil {
		return err
	}
	_, control, err := net.SplitHostPort(at.control)
	if err != nil {
		return err
	}
	istiod, err := c.start("istiod",
		[]string{
			"PILOT_CERT_PROVIDER=none", "ENABLE_CA_SERVER=false", "VALIDATION_WEBHOOK_CONFIG_NAME=", "INJECTION_WEBHOOK_CONFIG_NAME=",
			"POD_NAME=istiod-0", "POD_NAMESPACE=istio-system", "CLUSTER_ID=Kubernetes",
		},
		"discovery", "--kubeconfig", c.file("kubeconfig"), "--meshConfig", c.file("mesh.yaml"), "--networksConfig", "none",
		"--httpAddr", at.http, "--httpsAddr", at.https, "--grpcAddr", at.grpc, "--secureGRPCAddr", "",
		"--monitoringAddr", at.monitoring, "--ctrlz_address", "127.0.0.1", "--ctrlz_port", control,
		"--tlsCertFile", c.file("istiod.crt"), "--tlsKeyFile", c.file("istiod.key"), "--caCertFile", c.file("ca.crt"))
	if err != nil {
		return err
	}
	return istiod.ready(func() error { return answers(http.DefaultClient, "http://"+at.http+"/ready") })
}

// answers is nil when the address answers with success.
func answers(web *http.Client, address string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := web.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", address, response.Status)
	}
	return nil
}
