package joining

import (
	"fmt"
	"slices"
	"strings"

	"github.com/meshfn/meshfn/fn/internal/diag"
	"github.com/meshfn/meshfn/fn/internal/facts"
)

// serverFirst is a protocol in which the server sends the first bytes. A proxy that waits for bytes of the client, to
// recognise the protocol by them, waits for ever.
type serverFirst struct {
	name   string
	ports  []int32  // where it usually is
	words  []string // that names of ports have for it
	images []string // that serve it at one of the ports, or at one of unusual
	other  []int32  // ports where only these images have it
}

// serverFirstProtocols are those of which people run servers. SMTP, POP3 and IMAP over TLS (465, 993, 995) are not among
// them: in TLS the client speaks first. Neither are MongoDB and DNS, whatever Istio assumes of their ports.
// https://istio.io/latest/docs/ops/deployment/application-requirements/#server-first-protocols
func serverFirstProtocols() []serverFirst {
	return []serverFirst{
		{
			name: "SMTP", ports: []int32{25, 587, 2525}, words: []string{"smtp", "submission", "lmtp"},
			images: []string{"mailhog", "mailpit", "maildev", "smtp4dev", "greenmail", "mailcatcher"}, other: []int32{1025, 3025},
		},
		{name: "MySQL", ports: []int32{3306, 6033}, words: []string{"mysql", "mariadb"}, images: []string{"mysql", "mariadb", "percona", "proxysql"}, other: []int32{3307, 33306}},
		{name: "FTP", ports: []int32{21}, words: []string{"ftp"}, images: []string{"vsftpd", "pure-ftpd", "proftpd"}, other: []int32{2121}},
		{name: "SSH", ports: []int32{22}, words: []string{"ssh", "sftp"}, images: []string{"openssh-server", "sftp", "gitea", "forgejo"}, other: []int32{2222}},
		{name: "POP3", ports: []int32{110}, words: []string{"pop3"}, images: []string{"greenmail"}, other: []int32{3110}},
		{name: "IMAP", ports: []int32{143}, words: []string{"imap"}, images: []string{"greenmail"}, other: []int32{3143}},
		{name: "NATS", ports: []int32{4222}, words: []string{"nats"}},
		{name: "Telnet", ports: []int32{23}, words: []string{"telnet"}},
		{name: "NNTP", ports: []int32{119}, words: []string{"nntp"}},
		{name: "rsync", ports: []int32{873}, words: []string{"rsync"}},
		{name: "VNC", ports: []int32{5900}, words: []string{"vnc"}},
		{name: "ManageSieve", ports: []int32{4190}, words: []string{"sieve", "managesieve"}},
	}
}

// besides are words for another port of a server, such as nats-metrics.
func besides() []string {
	return []string{"http", "https", "web", "ui", "admin", "metrics", "monitor", "monitoring", "exporter", "prometheus", "health", "tls", "ssl"}
}

// ServerFirst reports whether a port of a Service carries a protocol in which the server speaks first, and whether that is
// as good as said. It may have no pods in the build.
func ServerFirst(port *facts.Port, workload *facts.Workload) (protocol, why string, said bool) {
	words := strings.Split(strings.ToLower(port.Name), "-")
	target, image := port.Number, ""
	if workload != nil {
		target, _ = workload.Target(port)
		image = workload.ImageAt(target, port.Transport)
	}
	for _, each := range serverFirstProtocols() {
		usual := slices.Contains(each.ports, port.Number) || slices.Contains(each.ports, target)
		named := slices.ContainsFunc(words, func(word string) bool { return slices.Contains(each.words, word) }) &&
			!slices.ContainsFunc(words, func(word string) bool { return slices.Contains(besides(), word) })
		switch {
		case slices.Contains(each.words, strings.ToLower(port.App)):
			return each.name, "appProtocol is " + port.App, true
		case named && (usual || len(words) == 1):
			return each.name, "its name is " + port.Name, true
		case named:
			return each.name, "its name is " + port.Name, false
		case usual:
			return each.name, fmt.Sprintf("%s is usual at port %d", each.name, usualOf(each.ports, port.Number, target)), false
		case slices.Contains(each.images, imageName(image)) && slices.Contains(each.other, target):
			return each.name, fmt.Sprintf("the image %s has it at port %d", imageName(image), target), false
		}
	}
	return "", "", false
}

func usualOf(ports []int32, number, target int32) int32 {
	if slices.Contains(ports, number) {
		return number
	}
	return target
}

// serverFirst finds ports of the Services of the pods on which the first bytes are waited for in vain.
func (a *asker) serverFirst() {
	for _, service := range a.Workload.Services {
		for i := range service.Ports {
			port := &service.Ports[i]
			if port.Protocol != facts.Sniffed && port.Protocol != facts.TCP {
				continue // What it says is what it is.
			}
			protocol, why, said := ServerFirst(port, a.Workload)
			switch {
			case protocol == "":
			case port.Protocol == facts.TCP:
				a.plaintext(service, port, protocol, why)
			default:
				a.report(Sniffed(service, port, protocol, why, said))
			}
		}
	}
}

// Sniffed is the obstacle of a server-first protocol on a port that does not say its protocol.
func Sniffed(service *facts.Service, port *facts.Port, protocol, why string, said bool) Obstacle {
	out := Obstacle{
		Code: diag.ServerFirst, Severity: diag.Warning, At: service.Source(port.Field),
		Message: fmt.Sprintf("port %s of Service %q carries %s, by all appearances, and calls from sidecars to it hang: the port does not say its protocol", port.Key(), service.Name, protocol),
		Because: []string{why, "in " + protocol + " the server speaks first, and a sidecar waits for the first bytes of the client to recognise the protocol"},
		Try:     "appProtocol: tcp, or a name such as tcp-" + strings.ToLower(protocol),
	}
	if said {
		out.Severity = diag.Error
		out.Message = fmt.Sprintf("port %s of Service %q carries %s, and calls from sidecars to it hang: to Istio the port does not say its protocol", port.Key(), service.Name, protocol)
	}
	return out
}

// plaintext is about callers without a sidecar. The sidecar of the pods tells their calls from those with mTLS by the first
// bytes, which they do not send.
// https://istio.io/latest/docs/ops/common-problems/network-issues/
func (a *asker) plaintext(service *facts.Service, port *facts.Port, protocol, why string) {
	target, _ := a.Workload.Target(port)
	if a.skipsInbound(target) {
		return
	}
	a.report(Obstacle{
		Code: diag.ServerFirstPlain, Severity: diag.Warning, At: service.Source(port.Field), While: Plaintext, Port: target,
		Message: fmt.Sprintf("callers without a sidecar hang at port %s of Service %q, which carries %s, as long as %s accepts calls with and without mTLS",
			port.Key(), service.Name, protocol, a.name()),
		Because: []string{why, "in " + protocol + " the server speaks first, and the sidecar waits for the first bytes of the client to recognise mTLS"},
		Try: fmt.Sprintf("proxy: {excludeInboundPorts: [%d]}, or a PeerAuthentication that says STRICT or DISABLE for this port; nothing if all callers have a sidecar",
			target),
	})
}
