#!/usr/bin/env bash
# Runs verbs of make one after the other, up to the first that fails, and then prints a table of their minutes:
# ring.sh NAME VERB...
set -euo pipefail
cd "$(dirname "$0")/.."

ring="$1"
shift
MINUTES_FILE="$(mktemp)"
export MINUTES_FILE

print_table() {
  local code=$?
  printf '\n%-14s %8s\n' "make $ring" minutes
  awk '{ printf "%-14s %8s%s\n", $1, $2, $3 == 0 ? "" : "  failed"; sum += $2 } END { printf "%-14s %8.1f\n", "all", sum }' \
    "$MINUTES_FILE"
  rm -f "$MINUTES_FILE"
  exit "$code"
}
trap print_table EXIT

for verb in "$@"; do
  "${MAKE:-make}" --no-print-directory "$verb"
done
