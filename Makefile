# The two main commands:  make demo  (deploys everything on this machine and validates it)  and  make test.
# Copyright (c) 2026, Vya Digital — GPL-3.0-or-later

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := pip install -q --disable-pip-version-check --require-hashes -r

# Ansible finds the checkout as the collection vya.observability through a link in .build.
LINK := .build/ansible_collections/vya/observability
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.build
export ANSIBLE_HOME := $(CURDIR)/.build/ansible
export ANSIBLE_PIPELINING := true
export ANSIBLE_DISPLAY_SKIPPED_HOSTS := false
export ANSIBLE_CALLBACK_RESULT_FORMAT := yaml
export ANSIBLE_INJECT_FACT_VARS := false
export PYTHONPATH := $(CURDIR)/.build

LOCAL := $(BIN)/ansible-playbook -i inventories/local

.PHONY: demo check validate drill chaos quiet drill-production-versions rollback clean generate test checks installed lint unit sanity versions versions-both versions-all integration molecule benchmarks images \
  fast long site gates ecosystem release requirements sbom help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 28

demo: $(VENV)/.run $(LINK) ## deploy everything on this machine, validate it, print the URLs
	$(LOCAL) vya.observability.deploy $(ARGS)

check: $(VENV)/.run $(LINK) ## show what the deploy would change (--check --diff)
	$(LOCAL) vya.observability.deploy --check --diff $(ARGS)

validate: $(VENV)/.run $(LINK) ## validate again that data flows
	$(LOCAL) vya.observability.validate $(ARGS)

drill: $(VENV)/.run $(LINK) ## trigger an alert, follow it until it arrives and clears, leave nothing behind
	$(LOCAL) vya.observability.drill $(ARGS)

ROUNDS ?= 10
chaos: $(VENV)/.test $(LINK) ## break the stack of make demo at random (ROUNDS=n SEED=s), see whether the validation tells what is broken, restore it
	$(BIN)/python -m tests.chaos --rounds $(ROUNDS) $(if $(SEED),--seed $(SEED)) $(ARGS)

RUNS ?= 20
quiet: $(VENV)/.test $(LINK) ## validate the stack of make demo (RUNS=n SEED=s) while things happen that are no faults
	$(BIN)/python -m tests.chaos --quiet $(RUNS) $(if $(SEED),--seed $(SEED)) $(ARGS)

rollback: $(VENV)/.run $(LINK) ## roll the collectors back to the previous release
	$(LOCAL) vya.observability.rollback $(ARGS)

clean: ## remove everything that demo and test created: containers, images, volumes, state, virtual environment
	@if [ -x $(BIN)/ansible-playbook ]; then $(LOCAL) tests/clean.yml; \
	else echo 'No $(VENV): what demo and test created in Docker and on disk stays. To remove it, run make $(VENV)/.run first.'; fi
	rm -rf $(VENV) .build .local .cache tests/output .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Three rows run side by side, the targets of a row one after the other, each with its output in one piece: what installs the
# tarball is in one row. The images are built before, once.
test: $(VENV)/.test $(LINK) images ## run all tests but the long ones (make long)
	@$(MAKE) --no-print-directory --jobs=3 --keep-going --old-file=images integration checks installed

ROW = env -u MAKEFLAGS -u MFLAGS $(MAKE) --no-print-directory --keep-going --output-sync=target --old-file=images
checks: ## run the linters, the unit tests and ansible-test sanity
	@$(ROW) lint unit sanity

installed: ## run what tests the tarball
	@$(ROW) ecosystem versions molecule

generate: $(VENV)/.test $(LINK) ## regenerate files that are made from others (the unit tests check that they are up to date)
	$(BIN)/python -m tests.generate.dashboards
	$(BIN)/python -m tests.generate.alerts
	cd roles/image/files/collector && $(CURDIR)/$(BIN)/python -m collector catalogue --markdown > $(CURDIR)/docs/metrics.md
	$(BIN)/python -m tests.generate.codes
	$(BIN)/python -m tests.generate.roles
	$(BIN)/python -m ansible_collections.vya.observability.tests.unit.incidents.page

lint: $(VENV)/.test $(LINK) ## run ruff, mypy, yamllint and ansible-lint
	@tests/timed.sh $@ tests/lint.sh

unit: $(VENV)/.test $(LINK) ## run the tests that need no server
	@tests/timed.sh $@ $(BIN)/pytest -c .config/pytest.ini --rootdir . tests/unit

fast: $(VENV)/.test $(LINK) ## run the linters and the unit tests, on all cores, in about a minute
	@$(BIN)/ruff check --config .config/ruff.toml . && $(BIN)/ruff format --check --config .config/ruff.toml .
	@$(BIN)/yamllint -c .config/yamllint.yml .
	@$(BIN)/pytest -c .config/pytest.ini --rootdir . -n auto tests/unit

sanity: $(VENV)/.test ## run ansible-test sanity of the newest ansible-core on a clean copy of the collection
	@tests/timed.sh $@ tests/sanity.sh 2.21

ecosystem: $(VENV)/.test .build/gates/.done ## run what Galaxy asks: galaxy-importer, antsibull-docs, the site, the changelog, REUSE
	@tests/timed.sh $@ tests/gates.sh galaxy docs site changelog reuse

gates: $(VENV)/.test .build/gates/.done ## the same and ansible-test sanity on each ansible-core; one table
	@tests/gates.sh

site: .build/gates/.done ## build the documentation as a site, in .build/site/html
	docs/docsite/build.sh

release: .build/gates/.done ## write CHANGELOG.md from the fragments, for the version of galaxy.yml
	PATH=$(CURDIR)/.build/gates/bin:$$PATH antsibull-changelog release

IMAGE := adminvyadigital/n8n-collector-api:0.1.0
sbom: images .build/gates/.done ## write what the collector's image holds, as CycloneDX, to .build/sbom.cdx.json
	.build/gates/bin/python tests/sbom.py $(IMAGE) > .build/sbom.cdx.json

requirements: ## renew the versions and hashes in requirements/, each .txt from its .in
	tests/requirements.sh

versions: $(VENV)/.test images ## load the tarball with the oldest and the newest ansible-core, deploy and validate it with the oldest
	@tests/timed.sh $@ tests/versions.sh

versions-both: $(VENV)/.test images ## deploy and validate with both, check mode and a rollback among it
	@tests/timed.sh $@ tests/versions.sh both

versions-all: $(VENV)/.test images ## the same with each ansible-core between, too
	@tests/timed.sh $@ tests/versions.sh all

# These take minutes each, so they start first. A folder that contains another one would come in its own order.
LONG := $(addprefix tests/integration/,n8n playbooks roles image_build alerting grafana incidents)
OTHERS := $(filter-out $(LONG) %__pycache__,$(patsubst %/,%,$(wildcard tests/integration/*/)))

SIDE_BY_SIDE := $(BIN)/pytest -c .config/pytest.ini --rootdir . -n 3 --dist loadfile --no-loadscope-reorder
integration: $(VENV)/.test $(LINK) images ## run the tests against real Docker, Prometheus, Pushgateway, ...
	@tests/timed.sh $@ $(SIDE_BY_SIDE) -m 'not long' $(LONG) $(OTHERS)

long: $(VENV)/.test $(LINK) images ## run the tests that deploy again and again, which make test leaves out; with versions-both, an hour
	@tests/timed.sh $@ $(SIDE_BY_SIDE) -m long tests/integration

drill-production-versions: $(VENV)/.test $(LINK) images ## test rules, routes and drills on Prometheus 3.2.1 and Alertmanager 0.28.1; needs Go
	settings=$$(tests/production_versions.sh) && env $$settings $(BIN)/pytest -c .config/pytest.ini --rootdir . -s \
	  tests/integration/alerting tests/integration/rules tests/integration/config/test_alertmanager_config.py \
	  tests/integration/roles/test_alertmanager.py tests/integration/roles/test_alertmanager_existing.py

images: $(VENV)/.test $(LINK)
	@tests/timed.sh $@ $(LOCAL) tests/images.yml

molecule: $(VENV)/.test images ## deploy, test idempotence and verify on hosts with their own Docker daemon
	@tests/timed.sh $@ tests/molecule.sh

benchmarks: $(VENV)/.test $(LINK) images ## measure the figures of docs/benchmarks.md
	tests/benchmarks/run.sh

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'Python 3.11 or newer is needed: make PYTHON=python3.12 ...'; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo 'The venv module is missing: apt-get install python3-venv'; rm -rf $(VENV); exit 1; }

$(VENV)/.run: $(VENV)/bin/python requirements/run.txt
	@echo 'Installing Ansible and the libraries into $(VENV) (once, about half a minute)'
	$(BIN)/$(INSTALL) requirements/run.txt
	@touch $@

$(VENV)/.test: $(VENV)/.run requirements/test.txt roles/image/files/collector/requirements.txt
	@echo 'Installing the test tools into $(VENV) (once, about a minute)'
	$(BIN)/$(INSTALL) requirements/test.txt
	$(BIN)/$(INSTALL) roles/image/files/collector/requirements.txt
	@touch $@

.build/gates/.done: requirements/gates.txt $(VENV)/bin/python
	@echo 'Installing the tools of the gates into .build/gates (once, about a minute)'
	rm -rf $(@D)
	$(BIN)/python -m venv $(@D)
	$(@D)/bin/$(INSTALL) requirements/gates.txt
	@touch $@

$(LINK):
	mkdir -p $(@D)
	ln -sfn ../../.. $@
