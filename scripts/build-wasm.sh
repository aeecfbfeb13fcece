#!/usr/bin/env bash
# Builds the WebAssembly packages of the page: www/pkg/predict, www/pkg/graphs for models that are graphs, www/pkg/train,
# www/pkg/shares for tables that are too large for memory, and www/pkg/import for models of other tools.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

# The names of source files end up in panic messages: shortened, they are the same on every machine.
remaps="'--remap-path-prefix=$PWD/='"
for sources in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/; do
  remaps="$remaps, '--remap-path-prefix=$sources='"
done

# Vectors of two numbers: every browser has them since 2023 (see docs/browser.md).
# Without sinking of stores, which comes before stack slots become registers: where it meets the layout of a vector that is
# freed, each place of that kind has the layout in memory (shares 78 KB more, by chance).
# Nor are copies made of code: of loops whose length is not known, of their first rounds, of what some paths have computed,
# and of cold functions where they are called. Fits are as quick without (train 14 KB smaller).
flags="'-Ctarget-feature=+simd128', $remaps"
for option in sink-common-insts=false unroll-runtime=false unroll-full-max-count=8 unroll-peel-max-count=0 enable-pre=false \
  inlinecold-threshold=0; do
  flags="$flags, '-Cllvm-args=-$option'"
done

build() { # folder, rustc's level of optimization, the largest function that is inlined, wasm-opt's level, cargo's options
  local out="www/pkg/$1" level="profile.wasm.opt-level = $2" inlined="'-Cllvm-args=-inline-threshold=$3'" finish="$4"
  shift 4
  wasm-pack --log-level warn build --mode no-install --target web --profile wasm --no-pack \
    --out-dir "$out" --out-name tepal -- --config "target.wasm32-unknown-unknown.rustflags = [$flags, $inlined]" \
    --config "$level" --quiet "$@"
  node scripts/drop-panic-text.mjs "$out/tepal_bg.wasm"
  # Functions in the order of their names, hence beside those like them, compress better; so do calls than large functions
  # that were inlined where they are called once. Offsets go into loads and stores, since nothing lies below 1024: the stack
  # ends there. wasm-opt restructures control flow, into fewer blocks than LLVM's.
  node node_modules/binaryen/bin/wasm-opt --flatten --rereloop "$finish" --converge --low-memory-unused --one-caller-inline-max-function-size=30 \
    --reorder-functions-by-name \
    --strip-debug --strip-producers --strip-target-features "$out/tepal_bg.wasm" -o "$out/tepal_bg.wasm"
  # One file of glue: comments are in the declarations too, and a module of ours that it imports would be a file more.
  node_modules/.bin/esbuild "$out/tepal.js" --bundle --minify --format=esm --target=es2022 --charset=utf8 \
    --log-level=warning --allow-overwrite --outfile="$out/tepal.js"
  rm -rf "$out/snippets" "$out/.gitignore"
}

# One row takes microseconds either way, and everybody waits for this build. A fit would take half as long again. Its loops
# are inlined by hand: with LLVM's own limit, 225, it is no quicker, and the build 14 KB larger.
build predict '"z"' 8 -Oz --no-default-features
build graphs '"z"' 8 -Oz --no-default-features --features graph
build train 2 50 -O3 --no-default-features --features train
build shares 2 50 -O3 --no-default-features --features shares
# A file is waited for while it is read: twice as quick for a tenth more to fetch.
build import '"s"' 50 -Os --no-default-features --features import
