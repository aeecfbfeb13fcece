#!/usr/bin/env bash
# What fuzz/ has: `fuzz.sh mutations COUNT` damages so many model files, tables and models of other tools by a seed and counts
# what becomes of them,
# `fuzz.sh targets SECONDS` gives each target to libFuzzer for so long. Builds, corpora and findings are in
# ~/.cache/tepal/fuzz.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
what="$1" amount="$2"
export CARGO_TARGET_DIR="$CACHE/fuzz"
[ fuzz/Cargo.lock -nt Cargo.lock ] || cp Cargo.lock fuzz/Cargo.lock

if [ "$what" = mutations ]; then
  cargo run --quiet --release --manifest-path fuzz/Cargo.toml --no-default-features --bin mutate -- --count "$amount"
  exit
fi

command -v c++ >/dev/null || {
  echo "fuzz: a C++ compiler is missing; run:  sudo apt-get install build-essential" >&2
  exit 1
}
# The branches reached are counted by a pass that stable Rust has, so neither cargo-fuzz nor a nightly compiler is needed.
# Those add sanitizers, which look for what safe code cannot do. With --target the flags are not for macros and build
# scripts.
flags="-Ccodegen-units=1 -Cpasses=sancov-module"
for option in level=4 inline-8bit-counters pc-table trace-compares; do
  flags="$flags -Cllvm-args=-sanitizer-coverage-$option"
done
host="$(rustc -vV | sed -n 's/^host: //p')"
RUSTFLAGS="$flags" cargo build --quiet --release --manifest-path fuzz/Cargo.toml --target "$host" \
  --bin decode --bin import --bin parse --bin roundtrip

seeds="$(mktemp -d)"
trap 'rm -rf "$seeds"' EXIT
mkdir "$seeds/decode" "$seeds/import" "$seeds/parse" "$seeds/roundtrip"
cp tests/models/*.tepal "$seeds/decode"
for table in www/data/iris.csv tests/golden/mixed/*.csv; do
  head -n 20 "$table" >"$seeds/parse/$(basename "$table")"
done
head -c 192 tests/golden/wine.csv >"$seeds/roundtrip/wine"
find tests/interop -type f ! -name '*.csv' ! -name '*.py' ! -name '*.md' -size -8k | while read -r file; do
  cp "$file" "$seeds/import/$(echo "$file" | tr / -)"
done

fuzz() { # target
  local corpus="$CACHE/fuzz/corpus/$1" found="$CACHE/fuzz/found/$1" log="$CACHE/fuzz/$1.log"
  mkdir -p "$corpus" "$found"
  if ! "$CARGO_TARGET_DIR/$host/release/$1" "$corpus" "$seeds/$1" -max_total_time="$amount" -max_len=4096 \
    -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$found/" >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    echo "fuzz: $1 failed; the bytes are in $found" >&2
    return 1
  fi
  echo "fuzz: $1 held for $(awk '/number_of_executed_units/ { print $2 }' "$log") inputs in $amount seconds"
}

# Side by side: each takes one core.
runs=()
for target in decode import parse roundtrip; do
  fuzz "$target" &
  runs+=("$!")
done
failed=0
for run in "${runs[@]}"; do wait "$run" || failed=1; done
exit "$failed"
