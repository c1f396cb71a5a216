#!/usr/bin/env bash
# Installs podman where it is missing, and writes into a directory the programs docker and podman that tests call: kustomize
# calls docker by name and kpt podman. Rootless and nested environments cannot raise limits, and not every machine can run
# crun, so both names are podman with runc and limits that everyone may have.
set -euo pipefail
out=${1:?the directory to write}
if ! command -v /usr/bin/podman >/dev/null || ! command -v runc >/dev/null; then
  echo 'installing podman and runc' >&2
  apt-get update -qq && apt-get install -y -qq podman runc >/dev/null
fi
mkdir -p "$out"
cat >"$out/containers.conf" <<'CONF'
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "runc"
CONF
for name in podman docker; do
  cat >"$out/$name" <<SHIM
#!/bin/sh
# kpt asks docker for its version before it uses it.
if [ "\$1" = version ]; then echo 24.0.0; exit 0; fi
export CONTAINERS_CONF=$out/containers.conf
exec /usr/bin/podman --runtime runc "\$@"
SHIM
  chmod +x "$out/$name"
done
