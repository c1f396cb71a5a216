module github.com/meshfn/meshfn/tests/vulncheck

go 1.26.0

require (
	golang.org/x/vuln v1.9.0 // indirect
	golang.org/x/vulndb v0.0.0-20261105234957-e22db6528018 // indirect
)
