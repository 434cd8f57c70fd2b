#!/usr/bin/env bash
# ansible-test sanity of one ansible-core, nothing ignored, on a clean copy of the collection.
#   tests/sanity.sh [VERSION] [ansible-test's options, e.g. --test import]
# VERSION is one of requirements/ansible-VERSION.txt; without it, that of requirements/run.txt.
# ansible-test wants the collection below ansible_collections/ and at the root of a git tree.
set -euo pipefail
cd "$(dirname "$0")/.."

core=usual
bin=$PWD/.venv/bin
if [[ ${1:-} == [0-9]* ]]; then
  core=$1
  shift
  if ! read -r _ bin < <(tests/core.sh "$core"); then
    echo "ansible-core $core: none of its Pythons is here; that of requirements/run.txt instead"
    core=usual bin=$PWD/.venv/bin
  fi
fi
# The pip that this ansible-test puts into its environments.
pip=$("$bin/python" -c '
import types
from ansible_test._internal import python_requirements as requirements
print(requirements.get_venv_packages(types.SimpleNamespace(version="3.11"))["pip"])')

work=$PWD/.build/sanity/$core
copy=$work/ansible_collections/vya/observability
cache=$work/home/.ansible/test/cache
get_pip=$cache/get_pip_${pip//./_}.py

if find tests/sanity -name 'ignore*' -size +0 2>/dev/null | grep .; then
  echo 'Expected no ignored findings: fix what the test found and delete the file.' >&2
  exit 1
fi

# One run at a time: they share the copy.
mkdir -p "$work"
exec 9> "$work/lock"
flock 9

# ansible-test would download this script from a host of its own. A package index has the same pip.
if [ ! -f "$get_pip" ]; then
  mkdir -p "$cache"
  "$bin/pip" download -q --disable-pip-version-check --no-deps -d "$cache" "pip==$pip"
  cat > "$get_pip.new" <<PYTHON
import sys
sys.path.insert(0, "$cache/pip-$pip-py3-none-any.whl")
from pip._internal.cli.main import main
given = [a for a in sys.argv[1:] if a not in ("--no-setuptools", "--no-wheel")]
sys.exit(main(["install", "--upgrade", "--force-reinstall", *given]))
PYTHON
  mv "$get_pip.new" "$get_pip"
fi

rm -rf "${work:?}/bin"
mkdir -p "$work/bin"
# The oldest, the usual and the newest: what these take, those between take.
tests/pythons.sh 3.9 3.11 3.13 |
  while read -r version python; do ln -s "$python" "$work/bin/python$version"; done
ln -s "$(command -v git)" "$work/bin/git"
tests/copy.sh "$work"
cd "$copy"

# A home of its own: the environments stay in .build, and no setting of the user's is read but
# pip's, written down there because ansible-test passes no environment variable on to pip.
mkdir -p "$work/home/.config/pip"
(umask 077 && "$bin/pip" config list | "$bin/python" -c '
import ast, os, re, sys
known = {"quiet": "1"}
if proxy := os.environ.get("https_proxy") or os.environ.get("HTTPS_PROXY"):
    known["proxy"] = proxy
for line in sys.stdin:
    if found := re.match(r"(?:global|install|:env:)\.([\w-]+)=(.*)", line):
        known[found[1].replace("_", "-")] = ast.literal_eval(found[2])
print("[global]", *(f"{name} = {value}" for name, value in known.items()), sep="\n")
' > "$work/home/.config/pip/pip.conf")
unset ANSIBLE_COLLECTIONS_PATH ANSIBLE_HOME PYTHONPATH
HOME=$work/home
PATH=$work/bin:$bin:$(getconf PATH)
export HOME PATH
# What the tarball holds; ruff and shellcheck look at the tests, in a fraction of the time.
exec "$bin/ansible-test" sanity --color no --exclude tests/ "$@"
