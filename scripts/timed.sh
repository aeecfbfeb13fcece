#!/usr/bin/env bash
# Runs a command and says its minutes: timed.sh VERB COMMAND... The exit code is the command's. Where MINUTES_FILE names a
# file, a line with verb, minutes and exit code is added to it; what the command itself times adds none.
set -euo pipefail

verb="$1"
shift
table="${MINUTES_FILE:-}"
unset MINUTES_FILE
code=0
"$@" || code=$?
minutes="$(awk -v seconds="$SECONDS" 'BEGIN { printf "%.1f", seconds / 60 }')"
[ "$code" = 0 ] && outcome="" || outcome=", failed"
echo "make $verb: $minutes minutes$outcome"
if [ -n "$table" ]; then echo "$verb $minutes $code" >>"$table"; fi
exit "$code"
