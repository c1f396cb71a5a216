#!/usr/bin/env bash
# Builds and installs what the host tests run: kustomize, kubectl's and kpt's commands, flux, podman, and the function itself
# as a program and as an image. Everything but the Debian packages goes below .cache/hosts. Running it again is cheap.
set -euo pipefail
cd "$(dirname "$0")"
repo=$(cd ../.. && pwd)
out=$repo/.cache/hosts
mkdir -p "$out/bin"
step() { echo "hosts: $1 (${SECONDS}s)" >&2; }

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

../shims.sh "$out/shims"
step 'building meshfn and its image'
(cd "$repo" && make -s build image VERSION=v0.1 PLATFORMS="linux/$(go env GOARCH)" CONTAINER="$out/shims/podman" >"$out/image.log" 2>&1) ||
  { cat "$out/image.log" >&2; exit 1; }
cp "$repo/bin/meshfn" "$out/bin/meshfn"
step 'ready'
