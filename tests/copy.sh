#!/usr/bin/env bash
# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
# A clean copy of the collection, as git has it or would add it, below DIRECTORY/ansible_collections, at the root of a git tree.
#   tests/copy.sh DIRECTORY
set -euo pipefail
cd "$(dirname "$0")/.."

copy=$1/ansible_collections/vya/observability
rm -rf "${copy:?}"
mkdir -p "$copy"
git ls-files -z --cached --others --exclude-standard |
  while IFS= read -rd '' path; do [ ! -e "$path" ] || printf '%s\0' "$path"; done |
  tar -c --null -T - | tar -x -C "$copy"
git init -q "$copy"
