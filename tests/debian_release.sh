#!/usr/bin/env bash
# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
# The services of another Debian release (trixie is 13), built as the role `image` builds those of this machine's, into images
# that the tests take by TEST_IMAGE_*. Prints these settings; what is built already is not built again.
#   env $(tests/debian_release.sh trixie) .venv/bin/pytest ... tests/integration/checks
set -euo pipefail
cd "$(dirname "$0")/.."
release=${1:?which release, such as trixie}
export DOCKER_BUILDKIT=0

docker build -q -t "vya-test/base:$release" --build-arg "RELEASE=$release" - >&2 << 'DOCKERFILE'
FROM vya-observability/base:packages
ARG RELEASE
RUN . /etc/os-release \
 && sed -i "s/${VERSION_CODENAME}/${RELEASE}/g" /etc/apt/sources.list $(find /etc/apt/sources.list.d -type f) \
 && apt-get update && DEBIAN_FRONTEND=noninteractive apt-get full-upgrade -y --no-install-recommends \
 && rm -rf /var/cache/apt/* /var/lib/apt/lists/*
DOCKERFILE

for service in pushgateway prometheus victoriametrics alertmanager postgresql mariadb registry; do
  docker build -q -t "vya-test/$service:$release" --build-arg "BASE_IMAGE=vya-test/base:$release" "roles/image/files/$service" >&2
  echo "TEST_IMAGE_${service^^}=vya-test/$service:$release"
done
