module github.com/meshfn/meshfn/tests/substitution

go 1.26.0

require (
	github.com/fluxcd/pkg/envsubst v1.8.0
	github.com/google/go-cmp v0.7.0
	github.com/rogpeppe/go-internal v1.16.0
	sigs.k8s.io/yaml v1.6.0
)

require (
	go.yaml.in/yaml/v2 v2.4.2 // indirect
	golang.org/x/tools v0.26.0 // indirect
)
