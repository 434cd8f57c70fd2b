#!/usr/bin/env bash
# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
# What Galaxy and the ecosystem ask of a collection; one table at the end: gate, version, exit code, warnings, seconds. Each gate's
# output is in .build/gates-logs. Fails if a gate fails or warns.
#   tests/gates.sh [GATE...]   e.g. tests/gates.sh galaxy docs; all without
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

bin=$PWD/.build/gates/bin
logs=$PWD/.build/gates-logs
copy=$PWD/.build/gates-copy
mkdir -p "$logs"
status=0
rows=()
# shellcheck disable=SC2206  # one word each
gates=(${*:-galaxy docs site changelog reuse sanity-2.15 sanity-2.16 sanity-2.17 sanity-2.18 sanity-usual sanity-2.21})

collection() { cd "$copy/ansible_collections/vya/observability" && "$@"; }
in_copy() { (export PATH=$bin:$PATH ANSIBLE_COLLECTIONS_PATH=$copy && collection "$@"); }

galaxy() {
  tests/tarball.sh && cd "$logs" &&
    PATH=$bin:$PATH "$bin/python" -m galaxy_importer.main "$OLDPWD"/.build/tarball/*.tar.gz
}
# A release, as `make release` does it, in the copy.
changelog() {
  in_copy antsibull-changelog lint && in_copy antsibull-changelog release && in_copy antsibull-changelog lint-changelog-yaml changelogs/changelog.yaml
}
version() { "$bin/pip" list --format json | "$bin/python" -c 'import json, sys
print(*(e["version"] for e in json.load(sys.stdin) if e["name"].replace("_", "-").lower() == sys.argv[1]))' "$1"; }
# Of ansible-test, without what it says of the machine.
warnings() { grep -E '\bWARNING\b|^\[WARNING\]' "$1" | grep -cvE 'could not be found|Using locale|_protomatter'; }

tests/copy.sh "$copy"
for gate in "${gates[@]}"; do
  began=$SECONDS log=$logs/$gate.log
  case $gate in
  galaxy) tool=galaxy-importer run=galaxy ;;
  docs) tool=antsibull-docs run='in_copy antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs all .' ;;
  site) tool=sphinx run=docs/docsite/build.sh ;;
  changelog) tool=antsibull-changelog run=changelog ;;
  reuse) tool=reuse run='in_copy reuse lint' ;;
  sanity-usual) tool='' run=tests/sanity.sh ;;
  sanity-*) tool='' run="tests/sanity.sh ${gate#sanity-}" ;;
  *) echo "$gate: no such gate" >&2 && exit 2 ;;
  esac
  if [ -n "$tool" ]; then
    name="$tool $(version "$tool")"
  elif [ "$gate" = sanity-usual ]; then
    name="ansible-core $(sed -n 's/^ansible-core==//p' requirements/run.in)"
  else
    name="ansible-core $(sed -n 's/^ansible-core==//p' "requirements/ansible-${gate#sanity-}.in")"
  fi
  ($run) > "$log" 2>&1
  code=$?
  warned=$(warnings "$log")
  if [ "$code" != 0 ] || [ "$warned" != 0 ]; then
    status=1
    tail -n 40 "$log"
  fi
  rows+=("$(printf '| %-13s | %-26s | %4s | %8s | %7s |' "$gate" "$name" "$code" "$warned" "$((SECONDS - began))")")
done
printf '| %-13s | %-26s | %4s | %8s | %7s |\n' gate version exit warnings seconds ------------- -------------------------- ---- -------- -------
printf '%s\n' "${rows[@]}"
echo "ignore lines: $(find tests/sanity -name 'ignore*' -exec cat {} + 2> /dev/null | wc -l)"
exit "$status"
