# Every target does its own set-up. `make demo` and `make test` are all that a
# newcomer needs.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

INTAKE := target/release/intake
DEMO_DATA := target/demo

.PHONY: help
help: ## Show these lines
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.PHONY: setup
setup: ## Install what the system lacks (Debian; as root or through sudo)
	@deploy/setup.sh

.PHONY: setup-tests
setup-tests:
	@deploy/setup.sh --tests

.PHONY: build
build: setup ## Build the release binary
	cargo build --release --locked

.PHONY: demo
demo: build ## Watch the service work on sample faxes
	@rm -rf $(DEMO_DATA)
	@$(INTAKE) demo --data $(DEMO_DATA) --received-at 2026-03-09T15:00:00Z fixtures/samples

.PHONY: run
run: build ## Start the service for real use, with ./intake.toml if it is there
	$(INTAKE) serve

.PHONY: test
test: setup-tests ## Check format, lints, tests and docs
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	deploy/test.sh
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items

.PHONY: fuzz
fuzz: setup-tests ## Fuzz the decoders and the parsing of replies (FUZZ_SECONDS each)
	deploy/fuzz.sh

.PHONY: fixtures
fixtures: setup-tests ## Draw the committed sample packets anew
	cargo run --release --locked --example generate -- --samples --out fixtures/samples

.PHONY: train
train: ## Train the line reader from nothing (TRAIN_MINUTES; see models/ocr/train)
	@deploy/setup.sh --train
	models/ocr/train/all.sh

.PHONY: bench
bench: build ## Measure reading beside other programs on freshly drawn faxes
	@deploy/setup.sh --bench
	deploy/bench.sh

.PHONY: bench-cases
bench-cases: setup-tests ## Measure finding a document's case among 100,000
	cargo test --locked --test register -- --ignored --nocapture

.PHONY: month
month: setup-tests ## Decide a simulated month through a store (SEED, DOCUMENTS, LAYOUTS)
	cargo test --locked --test month -- --ignored --nocapture a_month

.PHONY: month-images
month-images: setup-tests ## The same with a hundred drawn faxes, read as images (SEED, FAXES)
	cargo test --locked --test month -- --ignored --nocapture a_hundred

.PHONY: eval
eval: build setup-tests ## Score findings on freshly drawn packets against their truth
	@deploy/eval.sh
