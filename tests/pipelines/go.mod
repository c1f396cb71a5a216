module github.com/meshfn/meshfn/tests/pipelines

go 1.26.0
