#!/usr/bin/env bash
# ansible-test sanity, nothing ignored, on a clean copy of the collection.
#   tests/sanity.sh [ansible-test's options, e.g. --test import]
# ansible-test wants the collection below ansible_collections/ and at the root of a git tree.
set -euo pipefail
cd "$(dirname "$0")/.."

# The pip that ansible-test of requirements/run.txt's ansible-core puts into its environments.
pip=24.2

bin=$PWD/.venv/bin
work=$PWD/.build/sanity
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

rm -rf "${copy:?}" "${work:?}/bin"
mkdir -p "$copy" "$work/bin"
# The oldest, the usual and the newest: what these take, those between take.
tests/pythons.sh 3.9 3.11 3.13 |
  while read -r version python; do ln -s "$python" "$work/bin/python$version"; done
ln -s "$(command -v git)" "$work/bin/git"
git ls-files -z --cached --others --exclude-standard |
  while IFS= read -rd '' path; do [ ! -e "$path" ] || printf '%s\0' "$path"; done |
  tar -c --null -T - | tar -x -C "$copy"
cd "$copy"
git init -q

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
