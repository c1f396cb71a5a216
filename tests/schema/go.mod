module github.com/meshfn/meshfn/tests/schema

go 1.26.0

require (
	github.com/meshfn/meshfn v0.0.0
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3
	go.yaml.in/yaml/v3 v3.0.6
)

require golang.org/x/text v0.37.0 // indirect

replace github.com/meshfn/meshfn => ../..
