#!/usr/bin/env bash
# Builds what the tests of Argo CD run: its plugin server, and the image of meshfn that the server runs in. Everything but the
# Debian packages goes below .cache/argocd. Running it again is cheap; the first time takes minutes.
set -euo pipefail
cd "$(dirname "$0")"
repo=$(cd ../.. && pwd)
out=$repo/.cache/argocd
mkdir -p "$out/bin"
step() { echo "argocd: $1 (${SECONDS}s)" >&2; }

../shims.sh "$out/bin"

step "building Argo CD's plugin server, which takes minutes the first time"
# The image has no libraries, so the server is static.
CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$out/bin/argocd-cmp-server" ./tools/cmp-server

step 'building meshfn and its image'
(cd "$repo" && make -s build image IMAGE=localhost/meshfn-argocd VERSION=test PLATFORMS="linux/$(go env GOARCH)" \
  CONTAINER="$out/bin/podman" >"$out/image.log" 2>&1) || { cat "$out/image.log" >&2; exit 1; }
cp "$repo/bin/meshfn" "$out/bin/meshfn"
step 'ready'
