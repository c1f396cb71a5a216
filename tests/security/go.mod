module github.com/meshfn/meshfn/tests/security

go 1.26
