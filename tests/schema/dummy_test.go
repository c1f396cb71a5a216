package schema

import (
	_ "github.com/meshfn/meshfn/schemas"
	_ "github.com/santhosh-tekuri/jsonschema/v6"
	_ "go.yaml.in/yaml/v3"
)
