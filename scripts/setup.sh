#!/usr/bin/env bash
# Installs what building needs and the machine lacks: with "test" also what `make test` needs, with "bench" what
# `make bench` needs, with "long" what `make test-long` needs. What is there is left alone; what cannot be installed from
# here is named with the command to run.
set -euo pipefail
cd "$(dirname "$0")/.."
mode="${1:-build}"

missing() {
  echo "setup: $1" >&2
  echo "setup: run:  $2" >&2
  exit 1
}

command -v cargo >/dev/null || missing "Rust is missing" "install it with rustup: see https://rustup.rs"
command -v npm >/dev/null || missing "Node.js is missing" "sudo apt-get install nodejs npm"
command -v cc >/dev/null || missing "a C linker is missing" "sudo apt-get install build-essential"
. scripts/env.sh

if [ ! -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" ]; then
  command -v rustup >/dev/null || missing "the wasm32-unknown-unknown target is missing" "rustup target add wasm32-unknown-unknown"
  rustup target add wasm32-unknown-unknown
fi

# Tools run for seconds and are built for minutes: a lower level of optimization than cargo's own.
built=""
install_tool() { # crate, version, program, further options
  local crate="$1" version="$2" program="$3"
  shift 3
  if [ -x "$TOOLS/$program-$version/bin/$program" ]; then return; fi
  if [ "$("$program" --version 2>/dev/null | awk '{print $2; exit}')" = "$version" ]; then return; fi
  built=yes
  echo "setup: building $crate $version (once; some minutes)"
  CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_TARGET_DIR="$TOOLS/build" \
    cargo install "$crate" --version "$version" --root "$TOOLS/$program-$version" --quiet "$@"
}
install_tool wasm-bindgen-cli "$WASM_BINDGEN_VERSION" wasm-bindgen # its own lock file does not build with --locked
install_tool wasm-pack "$WASM_PACK_VERSION" wasm-pack --locked
install_tool zopfli "$ZOPFLI_VERSION" zopfli --locked # packs the page of one file
if [ "$mode" = long ]; then
  install_tool geckodriver "$GECKODRIVER_VERSION" geckodriver --locked
  if has_llvm_tools || { command -v rustup >/dev/null && timeout 300 rustup component add llvm-tools >/dev/null 2>&1; }; then
    install_tool cargo-llvm-cov "$LLVM_COV_VERSION" cargo-llvm-cov --locked
  else
    echo "setup: the toolchain's component llvm-tools cannot be had here; make coverage will measure nothing"
  fi
fi
if [ -n "$built" ]; then rm -rf "$TOOLS/build"; fi

install_node_packages() { # folder
  if cmp -s "$1/package-lock.json" "$1/node_modules/.installed-lock"; then return; fi
  npm ci --prefix "$1" --silent --no-progress
  cp "$1/package-lock.json" "$1/node_modules/.installed-lock"
}
install_node_packages .
if [ "$mode" = bench ]; then install_node_packages benches; fi
if [ "$mode" = test ] || [ "$mode" = long ]; then install_node_packages tests/package; fi
if [ "$mode" = long ]; then install_node_packages tests/package/long; fi

install_packages() { # what they are, packages of Debian
  local what="$1" sudo=""
  shift
  command -v apt-get >/dev/null || missing "$what is missing" "install it with your package manager; Debian calls it $*"
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null && sudo -n true 2>/dev/null || missing "$what is missing" "sudo apt-get install $*"
    sudo="sudo"
  fi
  echo "setup: installing $*"
  { $sudo apt-get update && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y "$@"; } >/dev/null ||
    missing "apt-get could not install $*" "sudo apt-get install $* (Ubuntu: sudo snap install chromium firefox)"
}
if [ "$mode" != build ] && { [ -z "${CHROMIUM:-}" ] || ! command -v chromedriver >/dev/null; }; then
  install_packages "Chromium or its driver" chromium chromium-driver
fi
if [ "$mode" != build ] && ! command -v c++ >/dev/null; then
  install_packages "A C++ compiler" g++
fi
if [ "$mode" = long ] && ! command -v firefox >/dev/null && ! command -v firefox-esr >/dev/null; then
  install_packages Firefox firefox-esr
fi
