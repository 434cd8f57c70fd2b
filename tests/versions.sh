#!/usr/bin/env bash
# The collection, as it is installed from its tarball, with the oldest and the newest ansible-core: documentation, imports,
# playbooks' syntax, an inventory of init and its plan, each module as far as its arguments. The oldest also deploys from nothing,
# again without changes, and validates. With `both`, it goes on in check mode, to another release and back, and the newest deploys
# and validates, too; with `all`, so does each core between.
#   tests/versions.sh [both|all]
set -euo pipefail
cd "$(dirname "$0")/.."

export PYTHONPATH=$PWD/.build/installed ANSIBLE_COLLECTIONS_PATH=$PWD/.build/installed
export ANSIBLE_HOME=$PWD/.build/versions/home ANSIBLE_INVENTORY_UNPARSED_WARNING=false
export ANSIBLE_PIPELINING=true ANSIBLE_INJECT_FACT_VARS=false ANSIBLE_NOCOLOR=1
deployed=$PWD/.build/versions/deployed

check() { # what it is called, its bin directory
  local bin=$2 modules playbook=.build/versions/modules.yml
  local imports='import importlib, pathlib, sys
root = pathlib.Path(sys.argv[1])
for path in sorted(root.glob("ansible_collections/vya/observability/plugins/*/*.py")):
    importlib.import_module(".".join(path.relative_to(root).with_suffix("").parts))'
  "$bin/python" -W error::SyntaxWarning -c "$imports" "$PWD/.build/installed"

  modules=$("$bin/ansible-doc" -l -j vya.observability |
    "$bin/python" -c 'import json, sys; print(*json.load(sys.stdin))')
  # shellcheck disable=SC2086  # one word each
  "$bin/ansible-doc" -j $modules > /dev/null
  for lookup in plugins/lookup/[a-z]*.py; do
    "$bin/ansible-doc" -t lookup -j "vya.observability.$(basename "$lookup" .py)" > /dev/null
  done

  for inventory in local production; do
    "$bin/ansible-inventory" -i "inventories/$inventory" --list > /dev/null
  done
  "$bin/ansible-playbook" --syntax-check -i inventories/local \
    vya.observability.{deploy,validate,rollback,drill} > /dev/null

  local fleet=.build/versions/fleet
  rm -rf "$fleet"
  "$bin/ansible-playbook" -i localhost, vya.observability.init -e "inventory_directory=$fleet" > "$fleet.log" 2>&1 ||
    { cat "$fleet.log"; return 1; }
  perl -pi -e 's/ansible_host: FILL-IN/"ansible_host: 192.0.2." . ++$n/e; s/: FILL-IN/: example.com/' "$fleet/hosts.yml"
  "$bin/ansible-playbook" -i "$fleet" --vault-password-file "$fleet/.vault_password" vya.observability.plan > "$fleet.log" 2>&1 ||
    { cat "$fleet.log"; return 1; }

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

remove_deployed() {
  local name='--filter name=^vyatest-versions' said
  said=$("$PWD/.venv/bin/ansible" localhost -i localhost, -c local -b -e ansible_python_interpreter=/usr/bin/python3 \
    -m ansible.builtin.shell -a "set -e
    docker ps -aq $name | xargs -r docker rm -fv
    docker volume ls -q $name | xargs -r docker volume rm
    docker network ls -q $name | xargs -r docker network rm
    rm -rf '$deployed'" 2>&1) || { echo "$said"; return 1; } >&2
}

play() { # what its result is to be (changed, unchanged, any), bin directory, playbook, further arguments
  local wanted=$1 bin=$2 playbook=$3 log=.build/versions/play.log began=$SECONDS seen=unchanged
  shift 3
  "$bin/ansible-playbook" -i inventories/local -e @tests/versions.yml -e "versions_directory=$deployed" \
    "vya.observability.$playbook" "$@" > "$log" 2>&1 || { cat "$log"; echo "Expected to succeed: $playbook $*"; return 1; } >&2
  if grep -qE '^wf.* changed=[1-9]' "$log"; then seen=changed; fi
  if [ "$wanted" != any ] && [ "$wanted" != "$seen" ]; then
    { cat "$log"; echo "Expected $wanted, seen $seen: $playbook $*"; return 1; } >&2
  fi
  echo "  $playbook${*:+ $*}: $seen, $((SECONDS - began)) s"
}

containers() { docker ps -q --no-trunc --filter name=^vyatest-versions | sort; }

deploy_first() { # bin directory
  local other='{"collector_settings": {"log_level": "debug"}}' before
  # One host after the other: they are one machine, and its package manager serves one at a time.
  /usr/bin/python3 -c 'import docker, requests, yaml, cryptography' 2> /dev/null ||
    play any "$1" deploy --tags docker --forks 1
  play changed "$1" deploy
  play unchanged "$1" deploy --skip-tags proof
  [ -n "$more" ] || return 0
  before=$(containers)
  play changed "$1" deploy --check --diff --skip-tags proof -e "$other"
  [ "$before" = "$(containers)" ] || { echo 'Expected check mode to leave all containers alone.' >&2; return 1; }
  play changed "$1" deploy --limit wf001 --tags collector -e "$other"
  [ "$before" != "$(containers)" ] || { echo 'Expected another release.' >&2; return 1; }
  play changed "$1" rollback --limit wf001
  [ "$before" = "$(containers)" ] || { echo 'Expected the release before.' >&2; return 1; }
  play changed "$1" deploy --limit wf001 --tags collector # it proves the release that is back, and notes that
  [ "$before" = "$(containers)" ] || { echo 'Expected no other release.' >&2; return 1; }
  play any "$1" validate
}

deploy_again() { # bin directory
  play unchanged "$1" deploy --skip-tags proof
  play any "$1" validate
}

mkdir -p .build/versions
tests/tarball.sh
remove_deployed
trap remove_deployed EXIT

# The oldest comes first and must be checked; of its Pythons, the first that is here. That of requirements/run.txt, which
# molecule deploys with, is not among them.
oldest=2.15
more=${1:-}
cores=("$oldest" 2.21)
[ "$more" != all ] || cores+=(2.16 2.17 2.18 2.20)
for core in "${cores[@]}"; do
  if ! read -r version bin < <(tests/core.sh "$core"); then
    echo "ansible-core $core: SKIPPED, none of its Pythons is here"
    [ "$core" != "$oldest" ] || { echo 'Expected one for the oldest, with its venv module.' >&2; exit 1; }
    continue
  fi
  check "ansible-core $core, Python $version" "$bin"
  if [ "$core" = "$oldest" ]; then
    deploy_first "$bin"
  elif [ -n "$more" ]; then
    deploy_again "$bin"
  fi
done
check "ansible-core of requirements/run.txt" "$PWD/.venv/bin"
