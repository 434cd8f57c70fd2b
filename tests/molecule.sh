#!/usr/bin/env bash
# Runs a molecule scenario against the collection as it is installed from its own tarball. The inventory is the one that the playbook init
# writes, with the lines edited that a user edits.
#   tests/molecule.sh [test|converge|verify|destroy ...] [molecule's options]
set -euo pipefail
cd "$(dirname "$0")/.."

tests/tarball.sh
export PATH="$PWD/.venv/bin:$PATH" ANSIBLE_COLLECTIONS_PATH="$PWD/.build/installed" ANSIBLE_FORKS=10
export MOLECULE_EPHEMERAL_DIRECTORY=$PWD/.build/molecule MOLECULE_FLEET=$PWD/.build/fleet
unset ANSIBLE_PIPELINING PYTHONPATH

[ "${1:-test}" != test ] || rm -rf "$MOLECULE_FLEET"
if [ ! -e "$MOLECULE_FLEET" ]; then
  ansible-playbook -i localhost, vya.observability.init -e "inventory_directory=$MOLECULE_FLEET"
  sed -i "$MOLECULE_FLEET/hosts.yml" \
    -e 's/ansible_user: FILL-IN/ansible_user: deploy/' -e 's/observability_domain: FILL-IN/observability_domain: observability.test/' \
    -e 's/wf001: {ansible_host: FILL-IN/wf001: {ansible_host: 172.30.57.11/' -e 's/wf008: {ansible_host: FILL-IN/wf008: {ansible_host: 172.30.57.18/' \
    -e 's/wfdb01: {ansible_host: FILL-IN/wfdb01: {ansible_host: 172.30.57.21/' -e 's/wfdb02: {ansible_host: FILL-IN/wfdb02: {ansible_host: 172.30.57.22/'
fi
exec molecule "${@:-test}"
