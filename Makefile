# The commands that the README and CI know. Each sets up what it needs first.
#
# `make check` times `check-now` below, and so does every verb in VERBS: scripts/timed.sh says the minutes.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PORT ?= 8080
MODEL ?= www/models/iris.tepal
MUTATIONS ?= 1000000
FUZZ_SECONDS ?= 300
FUZZ_SECONDS_OF_TEST := 60
SOAK_MINUTES ?= 5
DIFFERENTIAL_TABLES ?= 100
DIFFERENTIAL_TABLES_OF_LONG := 3000

# What the long ring builds and keeps lies outside the checkout, and CARGO_TARGET_DIR says so to cargo.
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/tepal
TARGET := $(or $(CARGO_TARGET_DIR),target)
TEPAL_SERVER := $(abspath $(TARGET)/debug/tepal-server)
TEPAL_CLI := $(abspath $(TARGET)/debug/tepal)
export TEPAL_SERVER TEPAL_CLI
VENV := $(TARGET)/tests-venv
GOLDEN_VENV := target/golden-venv
ONNX_VENV := target/onnx-venv
SCORING_VENV := target/scoring-venv
TREES_VENV := target/trees-venv

# A fresh clone gains nothing by what the next build could reuse.
ifdef CI
export CARGO_INCREMENTAL := 0
endif

# The binaries as the tests of `check` have built them. `cargo build` may ask for a dependency with fewer features than a
# dev-dependency wants of it, and then builds half of the tree again.
BINARIES := cargo test --quiet --no-run --test integration
TRAIN := cargo run --quiet --release --bin tepal --

VERBS := site pack package check wasm-test page-test package-test test-clients test-python faults deploy-check differential size test \
  fuzz mutations io-faults conformance differential-long clients-full package-long firefox soak coverage test-long \
  setup setup-long shots single bench bench-trees bench-server golden
.PHONY: help demo $(VERBS) $(VERBS:=-now)

help: ## list the commands
	@awk -F ': .*## ' '/^[a-z-]+:.*## / { sub(/-now$$/, "", $$1); printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VERBS):
	@scripts/timed.sh $@ $(MAKE) --no-print-directory $@-now

demo: site ## train iris, build the page and serve it
	cargo run --quiet --release --bin tepal-server -- --model www/models/iris.tepal --www www --port $(PORT)

site-now: ## build what the page is made of into www/pkg and www/models
	scripts/setup.sh
	mkdir -p www/models
	cp tests/golden/wine.csv tests/golden/diabetes.csv tests/golden/mixed/penguins.csv www/data
	cp tests/golden/breast_cancer.csv www/data/breast-cancer.csv
	node scripts/vendor.mjs
	$(TRAIN) train www/data/iris.csv --target species --name iris --test 0.2 --seed 7 -o www/models/iris.tepal
	scripts/build-wasm.sh
	$(MAKE) --no-print-directory pack-now

pack-now: ## pack the page's markup, modules and styles again, after a change of them
	node scripts/pack.mjs
	. scripts/env.sh && node scripts/single.mjs
	node scripts/embed.mjs
	node scripts/precache.mjs
	node scripts/compress.mjs

package-now: site ## make the npm package in target/npm
	node scripts/package.mjs

check-now: ## format, lints, native tests, docs and the page's logic: the everyday loop
	cargo fmt --check
	rustfmt --check --edition 2021 fuzz/src/*.rs fuzz/src/bin/*.rs fuzz/fuzz_targets/*.rs
	cargo clippy --workspace --all-targets --quiet -- --deny warnings
	cargo test --quiet
	cargo test --quiet --package tepal-kernels
	RUSTDOCFLAGS="--deny warnings" cargo doc --workspace --no-deps --quiet
	cargo check --lib --no-default-features --quiet
	cargo check --lib --no-default-features --features train --quiet
	scripts/setup.sh
	node scripts/vendor.mjs
	node --test tests/www/*.test.js

wasm-test-now: ## the library in headless Chromium, and what must not be in its tree
	scripts/setup.sh test
	scripts/test-wasm.sh chrome

page-test-now: ## the page in headless Chromium, and its types
	scripts/setup.sh test
	$(BINARIES)
	$(MAKE) site TRAIN=$(TEPAL_CLI)
	node_modules/.bin/tsc --project tests/types/tsconfig.json
	node_modules/.bin/tsc --project tests/types/tsconfig.page.json
	node_modules/.bin/playwright test --config tests/e2e/playwright.config.js

package-test-now: ## the npm package under Vite, webpack, Rollup, esbuild, Node.js and workerd, and its types
	scripts/setup.sh test
	test -f www/pkg/import/tepal_bg.wasm -a -f www/models/iris.tepal || $(MAKE) site
	node scripts/package.mjs
	node_modules/.bin/tsc --project tests/types/tsconfig.package.json
	node --test tests/package/*.test.js

test-clients-now: ## the server by clients of others: tritonclient, MLServer, MLflow, schemathesis
	$(BINARIES)
	scripts/venv.sh $(VENV) tests/requirements.txt --no-deps
	PYTHONDONTWRITEBYTECODE=1 $(VENV)/bin/pytest -q tests/clients

test-python-now: ## the Python package: random pipelines of scikit-learn, exported, imported and predicted with
	$(BINARIES)
	scripts/venv.sh $(GOLDEN_VENV) tests/golden/requirements.txt
	TEPAL=$(TEPAL_CLI) OMP_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1 $(GOLDEN_VENV)/bin/python -m pytest -q -p no:cacheprovider python/tests

faults-now: ## the server in 64 MiB: 100,000 hostile requests, 10,000 slow clients, 30 of 20,000 rows
	$(BINARIES)
	scripts/venv.sh $(VENV) tests/requirements.txt --no-deps
	$(VENV)/bin/python tests/server_faults.py $(TEPAL_SERVER) --tepal $(TEPAL_CLI)

differential-now: ## DIFFERENTIAL_TABLES random tables (100) beside scikit-learn and statsmodels
	$(BINARIES)
	scripts/venv.sh $(GOLDEN_VENV) tests/golden/requirements.txt
	PYTHONDONTWRITEBYTECODE=1 $(GOLDEN_VENV)/bin/python tests/differential/compare.py $(TEPAL_CLI) --tables $(DIFFERENTIAL_TABLES)

differential-long-now: ## 3000 of them
	$(MAKE) differential DIFFERENTIAL_TABLES=$(DIFFERENTIAL_TABLES_OF_LONG)

deploy-check-now: ## the files of deploy/ against the schemas of those who read them
	scripts/venv.sh $(VENV) tests/requirements.txt --no-deps
	$(VENV)/bin/python deploy/check.py --mutants

size-now: ## bytes of each WebAssembly build; fails above scripts/size-budget.json
	test -f www/pkg/train/tepal_bg.wasm || $(MAKE) site
	node scripts/size.mjs

test-now: ## what CI runs and every change has to pass (at most 30 minutes on two cores, 22 with the tools there)
	FUZZ_SECONDS=$(FUZZ_SECONDS_OF_TEST) FUZZ_TARGETS="decode import parse roundtrip" MAKE=$(MAKE) \
	  scripts/ring.sh test setup check fuzz differential test-python test-clients faults deploy-check wasm-test page-test package-test size

fuzz-now: ## the five targets of fuzz/ by libFuzzer, side by side for FUZZ_SECONDS (300; in make test four for 60)
	scripts/fuzz.sh targets $(FUZZ_SECONDS)

conformance-now: ## ONNX: the tests of the package onnx, onnx.reference and onnxruntime beside tepal import
	$(BINARIES)
	scripts/venv.sh $(ONNX_VENV) tests/interop/onnx/requirements-conformance.txt --no-deps
	PYTHONDONTWRITEBYTECODE=1 $(ONNX_VENV)/bin/python tests/interop/onnx/conformance.py $(TEPAL_CLI)

mutations-now: ## MUTATIONS damaged model files, tables and models of other tools (1000000), seeded and counted
	scripts/fuzz.sh mutations $(MUTATIONS)

io-faults-now: ## every file operation of a model's swap fails once, and the process is killed after each
	$(BINARIES)
	python3 tests/io_faults.py $(TEPAL_CLI) $(TEPAL_SERVER)

package-long-now: ## the npm package under Deno, Bun and Next.js
	scripts/setup.sh long
	test -f www/pkg/import/tepal_bg.wasm -a -f www/models/iris.tepal || $(MAKE) site
	node scripts/package.mjs
	node --test tests/package/long/*.test.js

clients-full-now: ## test-clients with ten times the examples of schemathesis
	TEPAL_EXAMPLES=10 $(MAKE) test-clients

firefox-now: ## the library's tests and the page's main flows in headless Firefox
	scripts/setup.sh long
	scripts/test-wasm.sh firefox
	$(BINARIES)
	$(MAKE) site TRAIN=$(TEPAL_CLI)
	. scripts/env.sh && node tests/firefox.mjs

soak-now: ## the server under load for SOAK_MINUTES (5), in which its memory must not grow
	$(BINARIES)
	scripts/venv.sh $(VENV) tests/requirements.txt --no-deps
	$(VENV)/bin/python tests/server_faults.py $(TEPAL_SERVER) --soak $(SOAK_MINUTES)

coverage-now: ## which lines the native tests reach, where the toolchain has llvm-tools
	scripts/coverage.sh

test-long-now: ## what is run by hand before a release, beside `test` (about an hour and a half; caches in ~/.cache/tepal)
	CARGO_TARGET_DIR=$(CACHE)/target MAKE=$(MAKE) \
	  scripts/ring.sh test-long setup-long mutations fuzz io-faults conformance differential-long clients-full package-long soak firefox coverage

setup-now: ## install what `test` needs and the machine lacks
	scripts/setup.sh test

setup-long-now: ## install what `test-long` needs and the machine lacks
	scripts/setup.sh long

shots-now: ## pictures of every view of the page into target/shots
	scripts/setup.sh test
	$(BINARIES)
	$(MAKE) site TRAIN=$(TEPAL_CLI)
	node scripts/shots.mjs

single-now: site ## one HTML file that predicts with MODEL, by default iris, anywhere and without a network
	cargo run --quiet --release --bin tepal -- page $(MODEL) -o $(basename $(notdir $(MODEL))).html

bench-now: site ## time fits and predictions in Chromium against scikit-learn, plain JavaScript and others (20 minutes)
	scripts/setup.sh bench
	scripts/venv.sh $(GOLDEN_VENV) tests/golden/requirements.txt
	mkdir -p target/bench
	$(GOLDEN_VENV)/bin/python benches/tables.py target/bench
	$(GOLDEN_VENV)/bin/python benches/sklearn_times.py target/bench
	cargo build --quiet --release --bin tepal
	scripts/venv.sh $(SCORING_VENV) benches/requirements.txt
	PYTHONDONTWRITEBYTECODE=1 $(SCORING_VENV)/bin/python benches/scoring_models.py target/bench/scoring target/release/tepal
	PYTHONDONTWRITEBYTECODE=1 $(SCORING_VENV)/bin/python benches/sklearn_scoring.py target/bench
	cargo bench --quiet --bench kernels
	cargo bench --quiet --bench native -- $(CURDIR)/target/bench
	cargo bench --quiet --bench scoring -- $(CURDIR)/target/bench
	cargo bench --quiet --bench predict_many -- $(CURDIR)/target/bench
	node benches/browser.mjs target/bench
	node benches/scoring-browser.mjs target/bench
	node benches/first-prediction.mjs
	node benches/slider.mjs
	node benches/report.mjs target/bench

bench-trees-now: ## time and judge trees beside LightGBM, XGBoost and scikit-learn (an hour)
	mkdir -p target/bench
	cargo build --quiet --release --bin tepal
	scripts/venv.sh $(TREES_VENV) benches/trees-requirements.txt
	PYTHONDONTWRITEBYTECODE=1 $(TREES_VENV)/bin/python benches/trees_speed.py target/bench
	for loss in absolute-error quantile poisson gamma; do \
	  PYTHONDONTWRITEBYTECODE=1 $(TREES_VENV)/bin/python benches/trees_quality.py target/bench/quality target/release/tepal \
	    --loss $$loss || exit 1; \
	done
	for learner in boosting forest extra-trees; do \
	  PYTHONDONTWRITEBYTECODE=1 $(TREES_VENV)/bin/python benches/trees_quality.py target/bench/quality target/release/tepal \
	    --learner $$learner || exit 1; \
	done

bench-server-now: ## load on the server beside a bare axum handler, Flask and FastAPI (6 minutes; needs wrk)
	cargo build --quiet --release --bin tepal-server --example bare-axum
	scripts/venv.sh target/bench-venv benches/server/requirements.txt
	PYTHONDONTWRITEBYTECODE=1 target/bench-venv/bin/python benches/server/load.py \
	  --tepal target/release/tepal-server --bare target/release/examples/bare-axum --out target/bench/server.json

golden-now: ## write the scikit-learn references again
	scripts/venv.sh $(GOLDEN_VENV) tests/golden/requirements.txt
	cargo run --quiet --release --example write-tables -- target/tables
	$(GOLDEN_VENV)/bin/python tests/golden/generate.py target/tables
	$(GOLDEN_VENV)/bin/python tests/golden/generate_mixed.py
