# The commands that the README and CI know. Each sets up what it needs first.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PORT ?= 8080
MODEL ?= www/models/iris.tepal
VENV := target/golden-venv

.PHONY: help demo test check site shots single firefox size bench bench-server golden setup wasm-test page-test test-clients faults deploy-check

help: ## list the commands
	@awk -F ': .*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: site ## train iris, build the page and serve it
	cargo run --quiet --release --bin tepal-server -- --model www/models/iris.tepal --www www --port $(PORT)

site: ## build what the page is made of into www/pkg and www/models
	scripts/setup.sh
	mkdir -p www/models
	cp tests/golden/wine.csv tests/golden/diabetes.csv tests/golden/mixed/penguins.csv www/data
	cp tests/golden/breast_cancer.csv www/data/breast-cancer.csv
	node scripts/vendor.mjs
	cargo run --quiet --release --bin tepal -- train www/data/iris.csv --target species --name iris \
	  --test 0.2 --seed 7 -o www/models/iris.tepal
	scripts/build-wasm.sh

check: ## format, lints, native tests and docs: the everyday loop
	cargo fmt --check
	cargo clippy --all-targets --quiet -- --deny warnings
	cargo test --quiet
	RUSTDOCFLAGS="--deny warnings" cargo doc --no-deps --quiet
	cargo check --lib --no-default-features --quiet
	cargo check --lib --no-default-features --features train --quiet

wasm-test: ## the library in headless Chromium, and what must not be in its tree
	scripts/setup.sh test
	scripts/test-wasm.sh

page-test: site ## the page in headless Chromium, and its types
	scripts/setup.sh test
	cargo build --quiet --bins
	node_modules/.bin/tsc --project tests/types/tsconfig.json
	node_modules/.bin/tsc --project tests/types/tsconfig.page.json
	node_modules/.bin/playwright test --config tests/e2e/playwright.config.js

shots: site ## pictures of every view of the page into target/shots
	scripts/setup.sh test
	cargo build --quiet --bins
	node scripts/shots.mjs

single: site ## one HTML file that predicts with MODEL, by default iris, anywhere and without a network
	cargo run --quiet --release --bin tepal -- page $(MODEL) -o $(basename $(notdir $(MODEL))).html

firefox: site ## the page's main flows in Firefox, where it and geckodriver are installed
	cargo build --quiet --bins
	node tests/firefox.mjs

test-clients: ## the server by clients of others: tritonclient, MLServer, MLflow, schemathesis
	cargo build --quiet --bins
	scripts/venv.sh target/clients-venv tests/clients/requirements.txt
	PYTHONDONTWRITEBYTECODE=1 target/clients-venv/bin/pytest -q tests/clients

faults: ## the server at its limits: 10,000 slow clients, 100,000 malformed requests, bodies of a gigabyte
	cargo build --quiet --bins
	python3 tests/server_faults.py target/debug/tepal-server

deploy-check: ## the files of deploy/ against the schemas of those who read them
	scripts/venv.sh target/deploy-venv deploy/requirements.txt --no-deps
	target/deploy-venv/bin/python deploy/check.py --mutants

size: ## bytes of each WebAssembly build; fails above scripts/size-budget.json
	test -f www/pkg/train/tepal_bg.wasm || $(MAKE) site
	node scripts/size.mjs

test: ## everything
	scripts/setup.sh test
	$(MAKE) check
	$(MAKE) test-clients
	$(MAKE) faults
	$(MAKE) deploy-check
	$(MAKE) wasm-test
	$(MAKE) page-test
	$(MAKE) size

bench: site ## time fits in Chromium against scikit-learn, plain JavaScript, linfa and native code (10 minutes)
	scripts/setup.sh test
	scripts/venv.sh $(VENV) tests/golden/requirements.txt
	mkdir -p target/bench
	$(VENV)/bin/python benches/tables.py target/bench
	$(VENV)/bin/python benches/sklearn_times.py target/bench
	cargo bench --quiet --bench kernels
	cargo bench --quiet --bench native -- $(CURDIR)/target/bench
	cargo bench --quiet --bench scoring -- $(CURDIR)/target/bench
	node benches/browser.mjs target/bench
	cargo build --quiet --release --bin tepal
	node benches/first-prediction.mjs
	node benches/report.mjs target/bench

bench-server: ## load on the server beside a bare axum handler, Flask and FastAPI (6 minutes; needs wrk)
	cargo build --quiet --release --bin tepal-server --example bare-axum
	scripts/venv.sh target/bench-venv benches/server/requirements.txt
	PYTHONDONTWRITEBYTECODE=1 target/bench-venv/bin/python benches/server/load.py \
	  --tepal target/release/tepal-server --bare target/release/examples/bare-axum --out target/bench/server.json

golden: ## write the scikit-learn references again
	scripts/venv.sh $(VENV) tests/golden/requirements.txt
	cargo run --quiet --release --example write-tables -- target/tables
	$(VENV)/bin/python tests/golden/generate.py target/tables
	$(VENV)/bin/python tests/golden/generate_mixed.py
