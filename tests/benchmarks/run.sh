#!/usr/bin/env bash
# All benchmarks, one after the other, into .build/benchmarks.md: about ten minutes.
#   tests/benchmarks/run.sh        after `make demo`, whose containers deploy_unchanged.py needs
# GRAFANA_URL, GRAFANA_USER and GRAFANA_PASSWORD name a throw-away Grafana; without them it is the tests' stand-in.
# One that cannot measure is named in the report, and the exit code is 1.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PYTHONPATH=$PWD/.build:$PWD/roles/image/files/collector ANSIBLE_COLLECTIONS_PATH=$PWD/.build
report=.build/benchmarks.md
failed=0

machine() {
  # shellcheck source=/dev/null
  echo "$(nproc) cores, $(awk '/^MemTotal/ {printf "%.0f GiB", $2 / 2 ^ 20}' /proc/meminfo)," \
    "$(. /etc/os-release && echo "$PRETTY_NAME"), Docker $(docker version -f '{{.Server.Version}}')," \
    "load $(cut -d' ' -f1 /proc/loadavg) at the start; $(date -u +%F), revision $(git describe --always --dirty)"
}

measure() { # title, script, its options
  local title=$1 code=0
  shift
  printf '\n## %s\n\n```text\n$ .venv/bin/python tests/benchmarks/%s\n' "$title" "$*"
  .venv/bin/python "tests/benchmarks/$1" "${@:2}" || code=$?
  [ "$code" = 0 ] || echo "NOT MEASURED (exit code $code)"
  printf '```\n'
  return "$code"
}

mkdir -p .build
printf '# Benchmarks\n\n%s\n' "$(machine)" | tee "$report"
while IFS='|' read -r title command; do
  # shellcheck disable=SC2086  # a script and its options
  measure "$title" $command < /dev/null | tee -a "$report" || failed=1
done <<LIST
Memory of the collector|collector_memory.py
Pings per second on one core|collector_throughput.py
Pings through outages and kills|ping_outages.py
Image, start and stop|collector_start.py
What a client notices of a swap|release_downtime.py
A deploy with nothing to change|deploy_unchanged.py --install-peer
The validation, and its slowest probe|validation.py --install-peer
A Grafana with nothing to change|grafana_bundle.py --install-peer
Alerts from fault to message|alert_drill.py
A host that leaves, killed at ten points|decommission.py
Backups, and a destroyed volume|backup.py
LIST
exit "$failed"
