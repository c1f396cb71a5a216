# What a contributor needs. Everything a target needs beyond Go, it installs itself, below .cache.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

GOLANGCI := .cache/bin/golangci-lint-2.15.0
# Tests whose dependencies are too heavy, or too particular about versions, for the main module.
TEST_MODULES := tests/schema tests/security tests/vulncheck tests/substitution tests/releases tests/istio tests/hosts tests/pipelines tests/argocd tests/cluster
VERSION  ?= dev

IMAGE     ?= ghcr.io/meshfn/meshfn
PLATFORMS ?= linux/amd64 linux/arm64
CONTAINER ?= $(firstword $(shell command -v podman docker))
REVISION  := $(shell git rev-parse HEAD 2>/dev/null || echo unknown)
LDFLAGS   := -s -w
ARCH      := $(shell go env GOARCH)

.PHONY: help build image image-ci test vulncheck lint fuzz mutants golden generate verify

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-10s %s\n", $$1, $$2}'

build: ## Build the static binary into bin/
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/meshfn ./fn/cmd/meshfn

image: ## Build the image for every platform: IMAGE:VERSION-ARCH, and IMAGE:VERSION for this machine
	mkdir -p bin/root/tmp && chmod 1777 bin/root/tmp
	@set -e; for platform in $(PLATFORMS); do \
	  os=$${platform%/*}; arch=$${platform#*/}; \
	  CGO_ENABLED=0 GOOS=$$os GOARCH=$$arch go build -trimpath -ldflags '$(LDFLAGS)' -o bin/$$os-$$arch/meshfn ./fn/cmd/meshfn; \
	  $(CONTAINER) build --platform $$platform --build-arg TARGETOS=$$os --build-arg TARGETARCH=$$arch \
	    --build-arg VERSION=$(VERSION) --build-arg REVISION=$(REVISION) -t $(IMAGE):$(VERSION)-$$arch .; \
	done; \
	$(CONTAINER) tag $(IMAGE):$(VERSION)-$$(go env GOARCH) $(IMAGE):$(VERSION)

image-ci: bin/ci-$(ARCH).made ## Build the image for pipelines, with a shell, git, curl and jq: IMAGE:VERSION-ci
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/linux-$(ARCH)/meshfn ./fn/cmd/meshfn
	$(CONTAINER) build -f image/ci/Dockerfile --build-arg TARGETARCH=$(ARCH) \
	  --build-arg VERSION=$(VERSION) --build-arg REVISION=$(REVISION) -t $(IMAGE):$(VERSION)-ci .

bin/ci-$(ARCH).made: image/ci/rootfs.sh
	rm -rf $(@:.made=) && mkdir -p $(@D)
	image/ci/rootfs.sh $(@:.made=) $$(dpkg --print-architecture)
	touch $@

test: ## Run every test; what a test needs beyond Go, its own setup.sh installs or builds below .cache
	go vet ./...
	go test ./...
	@set -e; for module in $(TEST_MODULES); do echo "$$module:"; \
	  (cd $$module && go vet ./... && go test -count=1 -timeout 40m ./...); \
	done

vulncheck: ## Look for known vulnerabilities that the program reaches (VULNDB=https://vuln.go.dev for the newest database)
	cd tests/vulncheck && go build -o $(CURDIR)/.cache/bin/vulncheck .
	.cache/bin/vulncheck -db "$(VULNDB)" ./fn/...

lint: $(GOLANGCI) ## Check style and the rules in .golangci.yml
	$(GOLANGCI) run
	@set -e; for module in $(TEST_MODULES); do echo "$$module:"; \
	  (cd $$module && $(CURDIR)/$(GOLANGCI) run -c $(CURDIR)/.golangci.yml); \
	done

$(GOLANGCI):
	mkdir -p $(@D)
	GOBIN=$(CURDIR)/$(@D) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
	mv $(@D)/golangci-lint $@

fuzz: ## Fuzz reading and expanding, a minute per target (FUZZTIME=10m for more)
	@set -e; for target in $$(cd fn/internal/item && go test -list '^Fuzz' . | grep '^Fuzz'); do echo "$$target:"; \
	  go test ./fn/internal/item -run '^$$' -fuzz "^$$target\$$" -fuzztime $${FUZZTIME:-1m}; \
	done
	go test ./tests -run '^$$' -fuzz '^FuzzRender$$' -fuzztime $${FUZZTIME:-1m}

mutants: ## Take every assignment out of the renderer in turn and expect that a test fails (ARGS='-only retries.go')
	go run ./tests/mutate $(ARGS)

golden: ## Rewrite every expectation from what the program does now; read the difference as a product change
	go test ./tests -update
	go test ./fn/internal/facts -update
	cd tests/istio && go test . -update

generate: ## Regenerate the schemas and the reference from the API types, and the findings from the catalogue and the tests
	go generate ./...

verify: generate ## Fail when something generated is not up to date
	go mod tidy
	git diff --exit-code
