#!/usr/bin/env bash
# Prometheus 3.2.1 and Alertmanager 0.28.1, as production runs them, built from their Go modules into images that the
# tests take by TEST_IMAGE_PROMETHEUS and TEST_IMAGE_ALERTMANAGER. For a machine that reaches no registry of images.
# Prints the two settings; what is built already is not built again. Needs Go; takes some minutes the first time.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly prometheus=v0.302.1 # the module's version of Prometheus 3.2.1
readonly alertmanager=v0.28.1
readonly directory=$PWD/.cache/production
export GOFLAGS=-buildvcs=false CGO_ENABLED=0
mkdir -p "$directory/bin" "$directory/prometheus"

if [ ! -x "$directory/bin/amtool" ]; then
  GOBIN="$directory/bin" nice -n 10 go install \
    "github.com/prometheus/alertmanager/cmd/alertmanager@$alertmanager" \
    "github.com/prometheus/alertmanager/cmd/amtool@$alertmanager" >&2
fi
# Its go.mod has replace directives, with which `go install` refuses it; as the dependency of a module it builds.
if [ ! -x "$directory/bin/promtool" ]; then
  (
    cd "$directory/prometheus"
    printf 'module production\n\ngo 1.23\n' > go.mod
    nice -n 10 go get "github.com/prometheus/prometheus/cmd/prometheus@$prometheus" \
      "github.com/prometheus/prometheus/cmd/promtool@$prometheus" >&2
    nice -n 10 go build -o "$directory/bin/" github.com/prometheus/prometheus/cmd/{prometheus,promtool} >&2
  )
fi

image() { # service, version, its directory, programs
  local context=$directory/$1-image
  mkdir -p "$context"
  cp "${@:4}" "$context/"
  {
    echo 'FROM vya-observability/base:packages'
    echo "COPY $(basename -a "${@:4}" | xargs) /bin/"
    echo "RUN install -d -o 65534 -g 65534 $3"
    echo 'USER 65534:65534'
    echo "ENTRYPOINT [\"/bin/$1\"]"
  } > "$context/Dockerfile"
  DOCKER_BUILDKIT=0 docker build -q -t "vya-test/$1:$2" "$context" >&2
  echo "TEST_IMAGE_${1^^}=vya-test/$1:$2"
}

image prometheus 3.2.1 /prometheus "$directory/bin/prometheus" "$directory/bin/promtool"
image alertmanager 0.28.1 /alertmanager "$directory/bin/alertmanager" "$directory/bin/amtool"
