#!/usr/bin/env bash
# Runs a molecule scenario against the collection as it is installed from its own tarball.
#   tests/molecule.sh [test|converge|verify|destroy ...] [molecule's options]
set -euo pipefail
cd "$(dirname "$0")/.."

tests/tarball.sh
export PATH="$PWD/.venv/bin:$PATH" ANSIBLE_COLLECTIONS_PATH="$PWD/.build/installed" ANSIBLE_FORKS=10
export MOLECULE_EPHEMERAL_DIRECTORY=$PWD/.build/molecule
unset ANSIBLE_PIPELINING PYTHONPATH
exec molecule "${@:-test}"
