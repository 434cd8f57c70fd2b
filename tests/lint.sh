#!/usr/bin/env bash
# ruff, mypy, yamllint, shellcheck, ansible-lint; all of them, then whether one has found something.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
bin=$PWD/.venv/bin
status=0
"$bin/ruff" check --config .config/ruff.toml . || status=1
"$bin/ruff" format --check --config .config/ruff.toml . || status=1
"$bin/mypy" --config-file .config/mypy.ini -p ansible_collections.vya.observability.plugins -p collector || status=1
if command -v shellcheck > /dev/null; then
  git ls-files -z '*.sh' .ci/run | xargs -0 shellcheck --severity=warning || status=1
else
  echo 'shellcheck: SKIPPED, it is not installed'
fi
"$bin/yamllint" -c .config/yamllint.yml . || status=1
# It knows the collection by its name below ansible_collections.
cd .build/ansible_collections/vya/observability || exit 1
PATH=$bin:$PATH ansible-lint -c .config/ansible-lint.yml || status=1
exit "$status"
