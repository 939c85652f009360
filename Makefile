# The targets that people and CI run. Nothing here is needed to build or to test:
# `go run ./cmd/wsdissect` and `go test ./...` are enough.

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0

# ./... leaves testdata out; the programs in it are ours too.
PACKAGES := ./... ./testdata/gen/...
SYSTEMS  := linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 freebsd/amd64
FUZZTIME ?= 3s

# Without cgo everywhere; only the race detector needs it.
export CGO_ENABLED := 0
export TZ := UTC

.PHONY: build test race test-386 fmt lint cross fuzz-short vuln bench update

# Static and without the tables of a debugger: 8.5 MB instead of 12.3. Stack traces need none.
build:
	go build -trimpath -ldflags '-s -w' -o wsdissect ./cmd/wsdissect

test:
	go test $(PACKAGES)

race:
	CGO_ENABLED=1 go test -short -race -shuffle=on ./...

test-386:
	scripts/test-386

fmt:
	gofmt -w .

lint:
	@files=$$(gofmt -l .); test -z "$$files" || { echo "make fmt formats $$files" >&2; exit 1; }
	go vet $(PACKAGES)
	go run $(STATICCHECK) $(PACKAGES)
	go mod tidy -diff

# vet compiles the tests too.
cross:
	@set -e; for system in $(SYSTEMS); do \
		echo "$$system"; \
		GOOS=$${system%/*} GOARCH=$${system#*/} go build ./...; \
		GOOS=$${system%/*} GOARCH=$${system#*/} go vet ./...; \
	done

fuzz-short:
	scripts/fuzz $(FUZZTIME)

vuln:
	scripts/vuln $(GOVULNCHECK)

# BENCH passes flags on: make bench BENCH='-size 4G -runs 3'
bench:
	go run ./scripts/bench $(BENCH)

# Writes goldens and the README's outputs anew, in each package that has some.
update:
	go test -update $(sort $(dir $(shell grep -rlE 'wstest\.Golden\(|Bool\("update"' --include='*_test.go' .)))
