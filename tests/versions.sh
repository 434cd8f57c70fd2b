#!/usr/bin/env bash
# The collection, as it is installed from its tarball, with the oldest, the usual and the newest
# ansible-core: documentation, imports, playbooks' syntax, and each module as far as its arguments.
set -euo pipefail
cd "$(dirname "$0")/.."

check() { # what it is called, its bin directory
  local bin=$2 modules playbook=.build/versions/modules.yml
  export PYTHONPATH=$PWD/.build/installed ANSIBLE_COLLECTIONS_PATH=$PWD/.build/installed
  export ANSIBLE_HOME=$PWD/.build/versions/home ANSIBLE_INVENTORY_UNPARSED_WARNING=false
  local imports='import importlib, pathlib, sys
root = pathlib.Path(sys.argv[1])
for path in sorted(root.glob("ansible_collections/vya/observability/plugins/*/*.py")):
    importlib.import_module(".".join(path.relative_to(root).with_suffix("").parts))'
  "$bin/python" -W error::SyntaxWarning -c "$imports" "$PWD/.build/installed"

  modules=$("$bin/ansible-doc" -l -j vya.observability |
    "$bin/python" -c 'import json, sys; print(*json.load(sys.stdin))')
  # shellcheck disable=SC2086  # one word each
  "$bin/ansible-doc" -j $modules > /dev/null
  "$bin/ansible-doc" -t lookup -j vya.observability.fleet > /dev/null

  for inventory in local production; do
    "$bin/ansible-inventory" -i "inventories/$inventory" --list > /dev/null
  done
  "$bin/ansible-playbook" --syntax-check -i inventories/local \
    vya.observability.{deploy,validate,rollback,drill} > /dev/null

  # Wrong options are refused by AnsibleModule itself: all that a module imports was packed and loaded.
  # shellcheck disable=SC2086
  "$bin/python" - $modules > "$playbook" <<'PYTHON'
import json, sys
tasks = []
for name in sys.argv[1:]:
    tasks += [
        {"name": name, name: {"no_such_option": 1}, "register": "answer", "ignore_errors": True},
        {"assert": {"that": ["answer is failed", "answer.msg is search('no_such_option|missing')"]}},
    ]
print(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
PYTHON
  "$bin/ansible-playbook" -i localhost, -c local -e "ansible_python_interpreter=$bin/python" "$playbook" > "$playbook.log" ||
    { cat "$playbook.log"; return 1; }
  echo "$1: $(wc -w <<< "$modules") modules, documentation, playbooks: ok"
}

tests/tarball.sh
check "ansible-core of requirements/run.txt" "$PWD/.venv/bin"

checked=0
for wanted in '2.15 3.9 3.10 3.11' '2.21 3.13 3.12'; do # of the Pythons, the first that is here
  core=${wanted%% *}
  # shellcheck disable=SC2086
  if ! read -r version python < <(tests/pythons.sh ${wanted#* }); then
    echo "ansible-core $core: skipped, none of its Pythons (${wanted#* }) is here"
    continue
  fi
  venv=$PWD/.build/versions/$core-$version
  if [ ! -f "$venv/.done" ] || [ "requirements/ansible-$core.txt" -nt "$venv/.done" ]; then
    rm -rf "$venv"
    "$python" -m venv "$venv"
    "$venv/bin/pip" install -q --disable-pip-version-check -r "requirements/ansible-$core.txt"
    touch "$venv/.done"
  fi
  check "ansible-core $core, Python $version" "$venv/bin"
  checked=$((checked + 1))
done
[ "$checked" -gt 0 ] || { echo 'Expected one of Python 3.9 to 3.13 with its venv module.' >&2; exit 1; }
