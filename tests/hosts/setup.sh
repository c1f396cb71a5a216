#!/usr/bin/env bash
# Builds and installs what the host tests run: kustomize, kubectl's and kpt's commands, flux, podman, and the function itself
# as a program and as an image. Everything but the Debian packages goes below .cache/hosts. Running it again is cheap.
set -euo pipefail
cd "$(dirname "$0")"
repo=$(cd ../.. && pwd)
out=$repo/.cache/hosts
mkdir -p "$out/bin" "$out/shims"
step() { echo "hosts: $1 (${SECONDS}s)" >&2; }

if ! command -v /usr/bin/podman >/dev/null || ! command -v runc >/dev/null; then
  step 'installing podman and runc'
  apt-get update -qq && apt-get install -y -qq podman runc >/dev/null
fi
command -v git >/dev/null || { echo 'hosts: git is needed' >&2; exit 1; }

step 'building kustomize'
(cd tools/kustomize && go build -trimpath -o "$out/bin/kustomize" sigs.k8s.io/kustomize/kustomize/v5)
step 'building kubectl kustomize'
(cd tools/kubectl && go build -trimpath -o "$out/bin/kubectl" .)
step 'building kpt fn'
(cd tools/kpt && go build -trimpath -o "$out/bin/kpt" . 2>&1 | grep -v 'ld: ' >&2 || test "${PIPESTATUS[0]}" = 0)
step 'building flux, which takes minutes the first time'
tools/flux/cli.sh "$out/bin/flux"
(cd tools/flux && go build -trimpath -ldflags '-s -w' -o "$out/bin/flux-controllers" .)

# kustomize calls docker and kpt calls podman by name. Rootless and nested environments cannot raise limits, and not every
# machine can run crun, so both names are podman with runc and limits that everyone may have.
cat >"$out/shims/containers.conf" <<'CONF'
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "runc"
CONF
for name in podman docker; do
  cat >"$out/shims/$name" <<SHIM
#!/bin/sh
# kpt asks docker for its version before it uses it.
if [ "\$1" = version ]; then echo 24.0.0; exit 0; fi
export CONTAINERS_CONF=$out/shims/containers.conf
exec /usr/bin/podman --runtime runc "\$@"
SHIM
  chmod +x "$out/shims/$name"
done

step 'building meshfn and its image'
(cd "$repo" && make -s build image VERSION=v0.1 PLATFORMS="linux/$(go env GOARCH)" CONTAINER="$out/shims/podman" >"$out/image.log" 2>&1) ||
  { cat "$out/image.log" >&2; exit 1; }
cp "$repo/bin/meshfn" "$out/bin/meshfn"
step 'ready'
