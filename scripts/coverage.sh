#!/usr/bin/env bash
# Which lines of src the native tests reach: a table of files, and pages with the lines in ~/.cache/tepal/coverage. Where the
# toolchain's component llvm-tools cannot be had, it measures nothing and says so.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh long
. scripts/env.sh

if ! has_llvm_tools; then
  echo "coverage: nothing was measured; run:  rustup component add llvm-tools"
  exit 0
fi
export CARGO_TARGET_DIR="$CACHE/coverage"
eval "$(cargo llvm-cov show-env --sh)"
cargo llvm-cov clean --workspace
# Not by `cargo llvm-cov` itself: it leaves out the programs of examples/, which the tests run.
cargo build --quiet --examples
# Every fit of the witness would take an hour here, and reaches no line that other tests do not.
cargo test --quiet --lib --bins --tests -- --skip witness
cargo llvm-cov report --html --output-dir "$CACHE/coverage"
cargo llvm-cov report --summary-only
echo "coverage: the lines are in $CACHE/coverage/html/index.html"
