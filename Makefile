# What a contributor needs. Everything a target needs beyond Go, it installs itself, below .cache.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

GOLANGCI := .cache/bin/golangci-lint-2.15.0
VERSION  ?= dev

.PHONY: help build test lint fuzz bench golden generate verify

help: ## Show the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-10s %s\n", $$1, $$2}'

build: ## Build the static binary into bin/
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o bin/meshfn ./fn/cmd/meshfn

test: ## Run every test
	go vet ./...
	go test ./...
	cd tests/schema && go test ./...

lint: $(GOLANGCI) ## Check style and the rules in .golangci.yml
	$(GOLANGCI) run

$(GOLANGCI):
	mkdir -p $(@D)
	GOBIN=$(CURDIR)/$(@D) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
	mv $(@D)/golangci-lint $@

fuzz: ## Fuzz reading and expanding, a minute per target (FUZZTIME=10m for more)
	go test ./fn/internal/item -run '^$$' -fuzz '^FuzzIdentity$$' -fuzztime $${FUZZTIME:-1m}
	go test ./fn/internal/item -run '^$$' -fuzz '^FuzzSetString$$' -fuzztime $${FUZZTIME:-1m}
	go test ./tests -run '^$$' -fuzz '^FuzzRender$$' -fuzztime $${FUZZTIME:-1m}

golden: ## Rewrite every expectation from what the program does now; read the difference as a product change
	go test ./tests -update

generate: ## Regenerate schemas and the reference from the API types
	go generate ./...

verify: generate ## Fail when something generated is not up to date
	go mod tidy
	git diff --exit-code
