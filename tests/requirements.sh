#!/usr/bin/env bash
# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
# Renews the files in requirements/ that have hashes: each .txt from its .in, whose first lines name the oldest Python. Each file is
# for all systems: it has the hashes of every wheel. Packages that a .in does not name move to their newest.
#   tests/requirements.sh [NAME...]   e.g. tests/requirements.sh run test; all without
set -euo pipefail
cd "$(dirname "$0")/../requirements"

uv=$PWD/../.build/uv
[ -x "$uv/bin/uv" ] || { python3 -m venv "$uv" && "$uv/bin/pip" install -q uv; }
# run comes before test, which takes its versions.
# shellcheck disable=SC2046  # one word each
[ $# -gt 0 ] || set -- run test gates $(basename -s .in ansible-*.in)
for name in "$@"; do
  python=$(grep -oE 'Python 3\.[0-9.]*[0-9]' "$name.in" | head -n 1)
  "$uv/bin/uv" pip compile --quiet --upgrade --universal --python-version "${python#Python }" --generate-hashes --no-annotate \
    --no-emit-index-url --custom-compile-command 'make requirements' "$name.in" -o "$name.txt"
done
