#!/usr/bin/env bash
# Builds what the cluster tests run: etcd, kube-apiserver, istiod, the definitions of Istio's and the Gateway API's kinds,
# and the program itself. Everything goes below .cache/cluster. Running it again is cheap.
set -euo pipefail
cd "$(dirname "$0")"
repo=$(cd ../.. && pwd)
out=$repo/.cache/cluster
mkdir -p "$out/bin" "$out/crds"
step() { echo "cluster: $1 (${SECONDS}s)" >&2; }

# Debian's package is unpacked, not installed, so that it cannot start a service.
if [ ! -x "$out/bin/etcd" ]; then
  step 'fetching etcd'
  rm -rf "$out/etcd" && mkdir "$out/etcd"
  (cd "$out/etcd" && { apt-get download -qq etcd-server 2>/dev/null || { apt-get update -qq && apt-get download -qq etcd-server; }; } &&
    dpkg-deb -x etcd-server_*.deb . && mv usr/bin/etcd "$out/bin/etcd")
  rm -rf "$out/etcd"
fi

# Without its version the server would call itself v0.0.0.
version=$(cd tools/kube-apiserver && go list -m -f '{{.Version}}' k8s.io/kubernetes)
minor=${version#v1.}
flags="-s -w -X k8s.io/component-base/version.gitVersion=$version -X k8s.io/component-base/version.gitMajor=1"
step "building kube-apiserver $version, which takes minutes the first time"
(cd tools/kube-apiserver && go build -ldflags "$flags -X k8s.io/component-base/version.gitMinor=${minor%%.*}" \
  -o "$out/bin/kube-apiserver" k8s.io/kubernetes/cmd/kube-apiserver)

step 'building istiod'
(cd tools/istiod && go build -ldflags '-s -w' -o "$out/bin/istiod" istio.io/istio/pilot/cmd/pilot-discovery)

step 'copying the definitions'
module() { (cd tools/istiod && go mod download "$1" && go list -m -f '{{.Dir}}' "$1"); }
rm -f "$out"/crds/*
cp "$(module istio.io/api)/kubernetes/customresourcedefinitions.gen.yaml" "$out/crds/istio.yaml"
cp "$(module sigs.k8s.io/gateway-api)"/config/crd/standard/*.yaml "$out/crds"

# The modules of Flux's controllers have their definitions, and everything else that nobody needs here: they are only read.
published() { # module version sum
  local said sum
  said=$(cd / && go mod download -json "$1@$2")
  sum=$(sed -n 's/^[[:space:]]*"Sum": "\(.*\)",\{0,1\}$/\1/p' <<<"$said")
  test "$sum" = "$3" || { echo "cluster: $1 $2 is not what it was: $sum" >&2; return 1; }
  sed -n 's/^[[:space:]]*"Dir": "\(.*\)",\{0,1\}$/\1/p' <<<"$said"
}
for controller in source:h1:MFPyCodUi9hZIMaKDsC/rYbNoyzpvrAdrPVixj7W9F0= kustomize:h1:/XY2zy3K7fntyppEXIHG7oRMzmfgIt50eJzUfaPX1Kc=; do
  dir=$(published "github.com/fluxcd/${controller%%:*}-controller" v1.9.5 "${controller#*:}")
  cp "$dir"/config/crd/bases/*.yaml "$out/crds"
done
chmod u+w "$out"/crds/*

step "building what Flux's controllers do with files"
(cd ../hosts/tools/flux && go build -trimpath -ldflags '-s -w' -o "$out/bin/flux-controllers" .)

step 'building meshfn'
(cd "$repo" && go build -o "$out/bin/meshfn" ./fn/cmd/meshfn)
step 'ready'
