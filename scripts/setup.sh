#!/usr/bin/env bash
# Installs what building (and, with "test", testing) needs and the machine lacks. What is there is left alone; what
# cannot be installed from here is named with the command to run.
set -euo pipefail
cd "$(dirname "$0")/.."

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

install_tool() { # crate, version, program, further options
  local crate="$1" version="$2" program="$3"
  shift 3
  if [ "$("$program" --version 2>/dev/null | awk '{print $2}')" = "$version" ]; then return; fi
  echo "setup: building $crate $version (once; some minutes)"
  cargo install "$crate" --version "$version" --root "$TOOLS/$program-$version" --quiet "$@"
}
install_tool wasm-bindgen-cli "$WASM_BINDGEN_VERSION" wasm-bindgen # its own lock file does not build with --locked
install_tool wasm-pack "$WASM_PACK_VERSION" wasm-pack --locked

if ! cmp -s package-lock.json node_modules/.installed-lock; then
  npm ci --silent --no-progress
  cp package-lock.json node_modules/.installed-lock
fi

if [ "${1:-}" = test ] && { [ -z "${CHROMIUM:-}" ] || ! command -v chromedriver >/dev/null; }; then
  command -v apt-get >/dev/null || missing "Chromium or its driver is missing" "install chromium and chromedriver with your package manager"
  packages="chromium chromium-driver"
  if [ "$(id -u)" = 0 ]; then
    sudo=""
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    sudo="sudo"
  else
    missing "Chromium or its driver is missing" "sudo apt-get install $packages"
  fi
  echo "setup: installing $packages"
  { $sudo apt-get update && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y $packages; } >/dev/null ||
    missing "apt-get could not install $packages" "sudo apt-get install $packages (Ubuntu: sudo snap install chromium)"
fi
