package joining

import (
	"testing"

	"github.com/meshfn/meshfn/fn/internal/facts"
)

// TestServerFirst holds that a protocol is seen by the name of a port, its number, or the image behind it, and that ports
// beside it are left alone.
func TestServerFirst(t *testing.T) {
	pods := func(image string) *facts.Workload {
		return &facts.Workload{Containers: []facts.Container{{Image: image}}}
	}
	tests := map[string]struct {
		port     facts.Port
		workload *facts.Workload
		protocol string
		said     bool
	}{
		"by its name":                        {facts.Port{Name: "smtp", Number: 9000}, nil, "SMTP", true},
		"by its name and its number":         {facts.Port{Name: "ssh-git", Number: 22}, nil, "SSH", true},
		"by a word of its name":              {facts.Port{Name: "git-ssh", Number: 9000}, nil, "SSH", false},
		"whatever the case":                  {facts.Port{Name: "NATS", Number: 9000}, nil, "NATS", true},
		"by its appProtocol":                 {facts.Port{Name: "web", App: "imap", Number: 9000}, nil, "IMAP", true},
		"by its number":                      {facts.Port{Number: 21}, nil, "FTP", false},
		"by its number in the pod":           {facts.Port{Number: 9000, TargetPort: "873"}, pods("example.com/rsync"), "rsync", false},
		"by an image and its port":           {facts.Port{Number: 25000, TargetPort: "1025"}, pods("mailhog/mailhog:v1.0.1"), "SMTP", false},
		"an image at a port of something":    {facts.Port{Number: 8025}, pods("mailhog/mailhog"), "", false},
		"a port of an image it has not":      {facts.Port{Number: 1025}, pods("example.com/web"), "", false},
		"metrics beside it":                  {facts.Port{Name: "nats-metrics", Number: 7777}, nil, "", false},
		"TLS, where the client speaks first": {facts.Port{Name: "smtp-tls", Number: 465}, nil, "", false},
		"a word that only begins like it":    {facts.Port{Name: "ftpd", Number: 9000}, nil, "", false},
		"a database that waits":              {facts.Port{Name: "postgres", Number: 5432}, pods("postgres:18"), "", false},
		"nothing at all":                     {facts.Port{Number: 8080}, nil, "", false},
	}
	for name, test := range tests {
		protocol, why, said := ServerFirst(&test.port, test.workload)
		if protocol != test.protocol || said != test.said || (why == "") != (protocol == "") {
			t.Errorf("%s: %q, said %t, because %q; want %q, %t", name, protocol, said, why, test.protocol, test.said)
		}
	}
}

// TestCallsIn holds what is taken for a sign that a command calls others.
func TestCallsIn(t *testing.T) {
	for text, want := range map[string]string{
		"until nc -z db 5432; do sleep 1; done": "nc",
		"/usr/bin/curl -fsS web":                "curl",
		"(wget -q x||true)":                     "wget",
		`sh -c "psql -c 'select 1'"`:            "psql",
		"--from=https://example.com/a":          "--from=https://example.com/a",
		"redis-cli":                             "redis-cli",
		"chown -R 1000:1000 /data":              "",
		"cp /nc/file /data/curl.txt":            "",
		"cat file:///etc/hosts":                 "",
		"sync":                                  "",
		"://":                                   "",
		"":                                      "",
	} {
		if got, found := callsIn(text); got != want || found != (want != "") {
			t.Errorf("%q: %q, %t; want %q", text, got, found, want)
		}
	}
}
