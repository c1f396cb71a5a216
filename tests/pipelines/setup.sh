#!/usr/bin/env bash
# Builds and installs what the tests of pipelines run: act (which runs workflows of GitHub), actionlint, gitlab-ci-local
# (which runs pipelines of GitLab), pre-commit, podman, and the images. Everything but the Debian packages goes below
# .cache/pipelines. Running it again is cheap.
set -euo pipefail
cd "$(dirname "$0")"
repo=$(cd ../.. && pwd)
out=$repo/.cache/pipelines
mkdir -p "$out/bin"
step() { echo "pipelines: $1 (${SECONDS}s)" >&2; }

for program in git npm rsync pre-commit; do
  command -v "$program" >/dev/null && continue
  step "installing $program"
  apt-get update -qq && apt-get install -y -qq "$program" >/dev/null
done
../shims.sh "$out/shims"

# program NAME PACKAGE@VERSION builds a program once.
program() {
  [ -x "$out/bin/$1-${2##*@}" ] || {
    step "building $1"
    GOBIN=$out/bin go install "$2" && mv "$out/bin/$1" "$out/bin/$1-${2##*@}"
  }
  ln -sfn "$1-${2##*@}" "$out/bin/$1"
}
program actionlint github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
program act github.com/nektos/act@v0.2.89

step 'installing gitlab-ci-local'
mkdir -p "$out/gitlab-ci-local"
cp tools/gitlab-ci-local/package*.json "$out/gitlab-ci-local/"
(cd "$out/gitlab-ci-local" && npm ci --silent --no-audit --no-fund)

step 'building the images'
export PATH=$out/shims:$PATH
(cd "$repo" && make -s image image-ci VERSION=v0.1 PLATFORMS="linux/$(go env GOARCH)" CONTAINER="$out/shims/podman" >"$out/image.log" 2>&1) ||
  { cat "$out/image.log" >&2; exit 1; }

# gitlab-ci-local moves files with a container of its own, from an image that has rsync.
helper=localhost/meshfn-pipelines-helper:1
if ! podman image exists "$helper"; then
  step 'building the image with rsync'
  rm -rf "$out/helper"
  "$repo/image/ci/rootfs.sh" "$out/helper/root" "$(dpkg --print-architecture)" bash coreutils rsync findutils
  printf 'FROM scratch\nCOPY root/ /\nENV PATH=/usr/sbin:/usr/bin\n' >"$out/helper/Dockerfile"
  podman build -q -t "$helper" "$out/helper" >/dev/null
fi
step 'ready'
