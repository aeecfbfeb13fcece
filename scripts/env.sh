# Where the tools that scripts/setup.sh installs are found: one folder per tool and version, outside the checkout, so
# that a fresh clone finds them again and nothing of the user's own is replaced. Sourced by the other scripts.

locked_version() { # the version of a crate in Cargo.lock
  awk -v name="$1" '$0 == "name = \"" name "\"" { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock
}

has_llvm_tools() { # a component of the toolchain, which coverage needs
  [ -x "$(rustc --print target-libdir)/../bin/llvm-profdata" ]
}

CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/tepal" # also in the Makefile
TOOLS="$CACHE/tools"
WASM_BINDGEN_VERSION="$(locked_version wasm-bindgen)" # the command line tool and the crate must be the same version
WASM_PACK_VERSION=0.15.1
ZOPFLI_VERSION=0.8.4
GECKODRIVER_VERSION=0.36.0
LLVM_COV_VERSION=0.9.1
for tool in "wasm-bindgen-$WASM_BINDGEN_VERSION" "wasm-pack-$WASM_PACK_VERSION" "zopfli-$ZOPFLI_VERSION" "geckodriver-$GECKODRIVER_VERSION" \
  "cargo-llvm-cov-$LLVM_COV_VERSION"; do
  PATH="$TOOLS/$tool/bin:$PATH"
done
export PATH

# Debian names the browser chromium; other systems have other names for the same thing.
for browser in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$browser" >/dev/null; then
    export CHROMIUM="${CHROMIUM:-$(command -v "$browser")}"
    break
  fi
done
