#!/usr/bin/env bash
# Runs the tests of the library, with every feature that compiles for WebAssembly, linfa among them, in a headless browser:
# test-wasm.sh chrome|firefox. The runner is content with no tests at all, so they are counted; and the crates that only the
# server needs must not be in the tree.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
AT_LEAST=30
browser="${1:-chrome}"
# Seconds for all tests of a binary; the runner's own 20 are few for a slow machine.
export WASM_BINDGEN_TEST_TIMEOUT=180

if cargo tree --target wasm32-unknown-unknown --edges normal --prefix none | grep -E '^(tokio|axum|hyper|mio|clap) '; then
  echo "test-wasm: a crate of the server is in the WebAssembly tree" >&2
  exit 1
fi
cargo clippy --lib --target wasm32-unknown-unknown --quiet -- --deny warnings
cargo clippy --lib --target wasm32-unknown-unknown --quiet --no-default-features -- --deny warnings

log="$(mktemp)"
trap 'rm -f "$log"' EXIT
wasm-pack test --mode no-install --headless "--$browser" 2>&1 | tee "$log"
passed="$(awk '/^test result: ok\./ { sum += $4 } END { print sum + 0 }' "$log")"
echo "test-wasm: $passed tests passed in $browser"
if [ "$passed" -lt "$AT_LEAST" ]; then
  echo "test-wasm: expected at least $AT_LEAST" >&2
  exit 1
fi
