#!/usr/bin/env bash
# Builds the collection's tarball, compares it with what git knows, and installs it into .build/installed.
set -euo pipefail
cd "$(dirname "$0")/.."

galaxy=$PWD/.venv/bin/ansible-galaxy
tarball=$PWD/.build/tarball
installed=$PWD/.build/installed

rm -rf "$tarball" "$installed"
"$galaxy" collection build --output-path "$tarball" > /dev/null

# What belongs in: all that git has or would add, but for what only serves to develop here.
expected=$(git ls-files --cached --others --exclude-standard |
  while read -r path; do [ ! -e "$path" ] || echo "$path"; done |
  grep -vE '^(\.|(galaxy\.yml|Makefile)$|(docs/docsite|molecule|requirements|tests)/)' | sort)
if ! difference=$(diff <(echo "$expected") \
  <(tar -tzf "$tarball"/*.tar.gz | grep -vE '/$|^(FILES|MANIFEST)\.json$' | sort)); then
  echo "Expected the tarball to hold what git has (>: junk, see build_ignore in galaxy.yml; <: missing):"
  echo "$difference"
  exit 1
fi >&2

ANSIBLE_COLLECTIONS_PATH=$installed "$galaxy" collection install --force --offline -p "$installed" "$tarball"/*.tar.gz > /dev/null
echo "$(basename "$tarball"/*.tar.gz): $(echo "$expected" | wc -l) files"
