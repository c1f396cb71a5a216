package istio
import (
 _ "istio.io/istio/pilot/test/xds"
 _ "istio.io/istio/pilot/test/xdstest"
 _ "istio.io/istio/pkg/config/analysis/analyzers"
 _ "istio.io/istio/pkg/config/analysis/local"
 _ "istio.io/istio/pkg/config/crd"
 _ "istio.io/istio/pkg/config/validation"
 _ "google.golang.org/grpc/xds"
 _ "sigs.k8s.io/gateway-api/apis/v1"
)
