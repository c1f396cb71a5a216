//go:build tools

// Package tools pins the istiod that the tests run.
package tools

import _ "istio.io/istio/pilot/cmd/pilot-discovery"
