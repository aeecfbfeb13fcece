#!/usr/bin/env bash
# What fuzz/ has: `fuzz.sh mutations COUNT` damages so many model files, tables and models of other tools by a seed and counts
# what becomes of them,
# `fuzz.sh targets SECONDS` gives each target to libFuzzer for so long. Builds, corpora and findings are in
# ~/.cache/tepal/fuzz.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
what="$1" amount="$2"
# Requests need a server, which takes a minute more to build: make test leaves them to make fuzz.
read -r -a targets <<<"${FUZZ_TARGETS:-decode import parse request roundtrip}"
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
features=()
case " ${targets[*]} " in *" request "*) features=(--features server) ;; esac
RUSTFLAGS="$flags" cargo build --quiet --release --manifest-path fuzz/Cargo.toml --target "$host" "${features[@]}" \
  "${targets[@]/#/--bin=}"

seeds="$(mktemp -d)"
trap 'rm -rf "$seeds"' EXIT
mkdir "$seeds"/{decode,import,parse,request,roundtrip}
cp tests/models/*.tepal "$seeds/decode"
for table in www/data/iris.csv tests/golden/mixed/*.csv; do
  head -n 20 "$table" >"$seeds/parse/$(basename "$table")"
done
head -c 192 tests/golden/wine.csv >"$seeds/roundtrip/wine"
# The first byte is the protocol, the second the length of binary tensors.
seed() { printf "$2" >"$seeds/request/$1"; }
seed rows '\000\000{"rows":[{"x":1,"c":"u"},{"x":NaN,"c":null}]}'
seed data '\000\000{"data":[1,"u"]}'
seed csv '\001\000x,c,id\n1,u,7\n2,"v",8\n'
seed lines '\002\000{"x":1,"c":"u"}\n[1,"w"]\n'
seed instances '\003\000{"signature_name":"predict_proba","instances":[[1,"u"],{"x":[2],"c":"v"}]}'
seed columns '\004\000{"inputs":{"x":[1,2],"c":["u","v"]}}'
seed tensor '\005\000{"id":"1","inputs":[{"name":"x","shape":[1,1],"datatype":"FP64","data":[[1]]},{"name":"c","shape":[1],"datatype":"BYTES","data":["u"]}],"outputs":[{"name":"contributions","parameters":{"binary_data":true}}]}'
seed binary '\005\015{"inputs":[{"name":"x","shape":[1],"datatype":"FP64","parameters":{"binary_data_size":8}},{"name":"c","shape":[1],"datatype":"BYTES","parameters":{"binary_data_size":5}}]}\000\000\000\000\000\000\360\077\001\000\000\000u'
seed split '\006\000{"dataframe_split":{"index":[0],"columns":["x","c"],"data":[[1,"u"]]},"params":{"predict_method":"predict"}}'
seed mlflow-csv '\007\000x,c\n1,u\n'
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
for target in "${targets[@]}"; do
  fuzz "$target" &
  runs+=("$!")
done
failed=0
for run in "${runs[@]}"; do wait "$run" || failed=1; done
exit "$failed"
