#!/usr/bin/env bash
# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
# Renews the files in requirements/ that have hashes: each .txt from its .in. Packages that a .in does not name move to their newest.
set -euo pipefail
cd "$(dirname "$0")/../requirements"

uv=$PWD/../.build/uv
[ -x "$uv/bin/uv" ] || { python3 -m venv "$uv" && "$uv/bin/pip" install -q uv; }
for file in *.in; do
  "$uv/bin/uv" pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url \
    --custom-compile-command 'make requirements' "$file" -o "${file%.in}.txt"
done
