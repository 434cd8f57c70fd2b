#!/usr/bin/env bash
# Runs a command of `make test`, and says what it is and how long it took; what it prints comes in one piece.
#   tests/timed.sh NAME COMMAND...
set -uo pipefail
name=$1
shift
echo "== $name"
"$@"
status=$?
echo "== $name: $SECONDS s, exit status $status"
exit "$status"
