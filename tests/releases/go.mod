module github.com/meshfn/meshfn/tests/releases

go 1.26.0

require (
	github.com/bufbuild/protocompile v0.14.1
	go.yaml.in/yaml/v3 v3.0.6
	google.golang.org/protobuf v1.34.2
)

require golang.org/x/sync v0.8.0 // indirect
