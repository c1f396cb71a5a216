#!/usr/bin/env bash
# Writes the root file system of the image for pipelines: a shell, git, curl and jq of Debian (or other packages) with the
# libraries that they need, and nothing that installs or configures anything. It is put together from packages, because the
# image has no base.
set -euo pipefail
root=${1:?the directory to write} arch=${2:?the architecture, as Debian calls it}
shift 2
[ $# -gt 0 ] || set -- git curl jq
here=$(cd "$(dirname "$0")" && pwd)

# Nothing runs maintainer scripts or perl: git needs it only for commands that no pipeline uses.
unused='perl|perl-base|perl-modules-.*|libperl.*|dpkg|tar|debconf|libdb5.*|libgdbm.*|openssl'

mkdir -p "$root"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
options=(-qq -o "APT::Architecture=$arch" -o Dir::State::status=/dev/null -o Debug::NoLocking=1 -o APT::Install-Recommends=false)
closure() { apt-get install -y --print-uris "${options[@]}" busybox-static ca-certificates "$@"; }
uris=$(closure "$@") || { apt-get update -qq; uris=$(closure "$@"); }
packages=$(awk '{print $2}' <<<"$uris" | sed 's/_[^_]*$//; s/_/=/; s/%3a/:/; s/%7e/~/; s/%2b/+/g' | grep -vE "^($unused)=")
(cd "$work" && xargs apt-get download -qq -o "APT::Architecture=$arch" -o APT::Sandbox::User=root <<<"$packages")

# The packages believe that these are links, as on every Debian system of today.
mkdir -p "$root"/usr/{bin,sbin,lib,lib64} "$root"/{etc/ssl/certs,tmp,usr/share/meshfn}
chmod 1777 "$root/tmp"
for name in bin sbin lib lib64; do ln -sfn "usr/$name" "$root/$name"; done
for package in "$work"/*.deb; do dpkg-deb --fsys-tarfile "$package" | tar -x -C "$root" --keep-directory-symlink; done

rm -rf "$root"/usr/share/{doc,man,info,locale,lintian,bash-completion,perl5,gitweb,zsh} "$root"/usr/lib/*/{gconv,perl*} \
  "$root"/var/lib/git "$root"/etc/bash_completion.d
mkdir -p "$root/usr/share/doc" && echo "Debian's packages: https://www.debian.org/legal/licenses/" >"$root/usr/share/doc/README"
cat "$root"/usr/share/ca-certificates/mozilla/*.crt >"$root/etc/ssl/certs/ca-certificates.crt"
cp "$here"/../etc/passwd "$here"/../etc/group "$root/etc/"
for name in $("$root/bin/busybox" --list); do
  [ -e "$root/usr/bin/$name" ] || [ -e "$root/usr/sbin/$name" ] || ln -s busybox "$root/usr/bin/$name"
done
printf '%s\n' "$packages" >"$root/usr/share/meshfn/packages"
