#!/usr/bin/env bash
# A Python environment with pinned packages: venv.sh FOLDER REQUIREMENTS [OPTIONS OF PIP]. What is there is left alone.
set -euo pipefail

folder="$1" requirements="$2"
shift 2
if cmp -s "$requirements" "$folder/.installed"; then exit; fi
command -v python3 >/dev/null || {
  echo "venv: Python is missing; run:  sudo apt-get install python3 python3-venv" >&2
  exit 1
}
test -x "$folder/bin/pip" || python3 -m venv "$folder" || {
  echo "venv: python3 cannot make environments; run:  sudo apt-get install python3-venv" >&2
  exit 1
}
"$folder/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements" "$@"
cp "$requirements" "$folder/.installed"
