#!/usr/bin/env bash
# Prints "Python bin-directory" of an environment with one of the supported versions of ansible-core, which it makes once; nothing if
# none of its Pythons is here.
#   tests/core.sh 2.21
set -euo pipefail
cd "$(dirname "$0")/.."

case $1 in
2.15) pythons='3.9 3.10 3.11' ;;
2.16 | 2.17) pythons='3.11 3.12' ;;
2.18) pythons='3.13 3.12 3.11' ;;
*) pythons='3.13 3.12' ;;
esac
# shellcheck disable=SC2086  # one word each
read -r version python < <(tests/pythons.sh $pythons) || exit 0

requirements=requirements/ansible-$1.txt
venv=$PWD/.build/cores/$1-$version
mkdir -p "$PWD/.build/cores"
exec 9> "$venv.lock"
flock 9
if [ ! -f "$venv/.done" ] || [ "$requirements" -nt "$venv/.done" ]; then
  rm -rf "$venv"
  "$python" -m venv "$venv"
  "$venv/bin/pip" install -q --disable-pip-version-check --require-hashes -r "$requirements" >&2
  touch "$venv/.done"
fi
echo "$version $venv/bin"
