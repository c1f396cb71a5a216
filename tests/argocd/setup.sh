#!/usr/bin/env bash
# Builds what the tests of Argo CD run: its plugin server, and the image of meshfn that the server runs in. Everything but the
# Debian packages goes below .cache/argocd. Running it again is cheap; the first time takes minutes.
set -euo pipefail
cd "$(dirname "$0")"
repo=$(cd ../.. && pwd)
out=$repo/.cache/argocd
mkdir -p "$out/bin"
step() { echo "argocd: $1 (${SECONDS}s)" >&2; }

if ! command -v /usr/bin/podman >/dev/null || ! command -v runc >/dev/null; then
  step 'installing podman and runc'
  apt-get update -qq && apt-get install -y -qq podman runc >/dev/null
fi

step "building Argo CD's plugin server, which takes minutes the first time"
# The image has no libraries, so the server is static.
CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$out/bin/argocd-cmp-server" ./tools/cmp-server

# Nested environments cannot raise limits, and not every machine can run crun.
cat >"$out/containers.conf" <<'CONF'
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "runc"
CONF
cat >"$out/bin/podman" <<SHIM
#!/bin/sh
export CONTAINERS_CONF=$out/containers.conf
exec /usr/bin/podman --runtime runc "\$@"
SHIM
chmod +x "$out/bin/podman"

step 'building meshfn and its image'
(cd "$repo" && make -s build image IMAGE=localhost/meshfn-argocd VERSION=test PLATFORMS="linux/$(go env GOARCH)" \
  CONTAINER="$out/bin/podman" >"$out/image.log" 2>&1) || { cat "$out/image.log" >&2; exit 1; }
cp "$repo/bin/meshfn" "$out/bin/meshfn"
step 'ready'
