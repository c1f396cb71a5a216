# The function and nothing else: no shell, no libraries, no writable file. `make image` builds the binaries first, because
# a static Go program is cross-compiled faster than it is built in an emulated container.
FROM scratch

ARG TARGETOS=linux
ARG TARGETARCH=amd64
ARG VERSION=dev
ARG REVISION=unknown

LABEL org.opencontainers.image.title="meshfn" \
      org.opencontainers.image.description="Expands compact mesh specs into checked Istio configuration, as a KRM function" \
      org.opencontainers.image.source="https://github.com/meshfn/meshfn" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# kustomize and kpt run functions with --user nobody, which a container engine looks up here.
COPY image/etc/passwd image/etc/group /etc/
# As a sidecar of Argo CD's repo server, the image is told here what to run. See docs/hosts/argocd.md.
COPY image/home/ /home/
# Here a build keeps its own files while it runs, whoever runs it. A function needs none.
COPY bin/root/ /
COPY --chmod=0555 bin/${TARGETOS}-${TARGETARCH}/meshfn /meshfn

USER 65534:65534

# Both hosts pass no arguments: the bare entrypoint has to be the function.
ENTRYPOINT ["/meshfn"]
