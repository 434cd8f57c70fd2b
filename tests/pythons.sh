#!/usr/bin/env bash
# Prints the interpreters of the given versions that are here, one "version path" a line.
#   tests/pythons.sh 3.9 3.12
# A name on PATH may be a version manager's stub that does not run: each is tried.
set -euo pipefail

works() { "$1" -c 'import sys, ensurepip, venv; sys.exit("%d.%d" % sys.version_info[:2] != sys.argv[1])' "$2" 2>/dev/null; }

for version in "$@"; do
  {
    type -ap "python$version" || true
    if command -v pyenv >/dev/null; then printf '%s\n' "$(pyenv root)/versions/$version".*/bin/python; fi
    if command -v uv >/dev/null; then uv python find --offline --no-project "$version" 2>/dev/null || true; fi
  } | while read -r python; do
    if works "$python" "$version"; then
      echo "$version $("$python" -c 'import os, sys; print(os.path.realpath(sys.executable))')"
      break
    fi
  done
done
