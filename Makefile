# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Everything is installed and written in .venv and .cache of this checkout. With a Python that is not on the PATH:
# make PYTHON=/path/to/python ...

SHELL := /bin/sh
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
READY := $(VENV)/ready
# nox has an environment of its own; so has each gate, in .cache/nox.
GATES := .cache/gates
NOX := $(GATES)/bin/nox
# The collection, laid out where Ansible looks for it.
TREE := $(CURDIR)/.cache/tree/ansible_collections/mongodb_atlas/admin
LAY_OUT := $(BIN)/python tests/tools/lay_out.py
PIP_INSTALL := pip install --quiet --disable-pip-version-check
# Nothing but what a lock file has, with its hash.
LOCKED := --require-hashes -r tests/requirements

# Containers often set it. Then each worker of pytest, and each command, would compile the tests and the emulator again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test coverage bench acceptance format check vulnerabilities guide docs lock build sbom release clean
.DELETE_ON_ERROR:

help:
	@echo 'make setup           install all that the other commands need, and list missing Pythons'
	@echo 'make demo            read keys from an emulated Atlas, with digest and with a service account'
	@echo 'make test            run the tests, except those that are marked as slow'
	@echo 'make coverage        run all tests, and print the lines of plugins that they do not reach'
	@echo 'make bench           measure the modules, and alternatives to them'
	@echo 'make acceptance      ask a real organization what is not known; see tests/acceptance/README.md'
	@echo 'make format          format the Python code'
	@echo 'make check           run all gates: what must pass before a change is merged'
	@echo 'make vulnerabilities list the known vulnerabilities of what tests and gates install'
	@echo 'make guide           write what the code of the audit determines: the table of rules, the schema'
	@echo 'make docs            build the documentation as HTML'
	@echo 'make lock            write the lock files with the newest versions'
	@echo 'make build           build the artifact, mongodb_atlas-admin-VERSION.tar.gz'
	@echo 'make sbom            build the artifact and its software bill of materials'
	@echo 'make release         prepare a release: make release VERSION=1.2.3 REPOSITORY=https://...'
	@echo 'make clean           remove what these commands have made'

# What a contributor needs, but for other Pythons: they are listed with a command that installs them.
setup: $(READY) $(GATES)/ready
	@$(GATES)/bin/python tests/tools/gates.py --install-only

demo: $(READY)
	@$(LAY_OUT) >/dev/null
	@PATH="$(BIN):$$PATH" tests/demo/run "$(TREE)"

# Without the tests that are marked `full`, unless some are named. The gate `full` runs those.
SELECTED = $(or $(ONLY),-m 'not full')

# With few generated inputs. One process more than the two processors of a small machine: many tests wait.
test: export HYPOTHESIS_PROFILE ?= quick
test: $(READY)
	@$(LAY_OUT) >/dev/null
	@cd "$(TREE)" && PATH="$(BIN):$$PATH" pytest -n 3 --dist worksteal --durations=10 $(COVERAGE) $(SELECTED)

# Apart from the tests, because it doubles the time of those that start no process.
coverage: SELECTED = $(ONLY)
coverage: COVERAGE := --cov=plugins --cov-report=term
coverage: test

# About ten minutes; ROUNDS=3 is faster and less exact.
bench: $(READY)
	@$(LAY_OUT) >/dev/null
	@PATH="$(BIN):$$PATH" PYTHONPATH="$(CURDIR)/.cache/tree" $(BIN)/python "$(TREE)/tests/benchmark/bench.py" \
	    --rounds $(or $(ROUNDS),9) --table "$(CURDIR)/.cache/benchmark.rst"

# With credentials in the environment, and never in CI. THROWAWAY is the name of an organization for part W.
acceptance: $(READY)
	@$(BIN)/python tests/acceptance $(if $(THROWAWAY),--throwaway '$(THROWAWAY)')

format: $(GATES)/ready
	@$(NOX) --sessions format

check: $(GATES)/ready
	@$(GATES)/bin/python tests/tools/gates.py $(foreach gate,$(ONLY),'$(gate)')

vulnerabilities docs sbom: $(GATES)/ready
	@$(NOX) --sessions $@

guide: $(READY)
	@$(LAY_OUT) >/dev/null
	@PYTHONPATH="$(CURDIR)/.cache/tree" $(BIN)/python tests/tools/audit_guide.py

lock: $(GATES)/ready
	@$(GATES)/bin/python tests/tools/lock.py $(ONLY)

# Only of files that git tracks.
build: $(READY)
	@rm -rf .cache/build mongodb_atlas-admin-*.tar.gz mongodb_atlas-admin-*.cdx.json
	@tree=$$($(LAY_OUT) --tracked .cache/build) && \
	$(BIN)/ansible-galaxy collection build --output-path "$(CURDIR)" "$$tree"

# REPOSITORY is the address of the published source code. DOCUMENTATION and ISSUES are addresses as well; by default
# REPOSITORY and REPOSITORY/issues.
release: $(GATES)/ready
	@test -n '$(VERSION)' && test -n '$(REPOSITORY)' || \
	    { echo 'Usage: make release VERSION=1.2.3 REPOSITORY=https://... [DOCUMENTATION=https://...] [ISSUES=https://...]' >&2; exit 2; }
	@$(NOX) --sessions release -- '$(VERSION)' --repository '$(REPOSITORY)' \
	    $(if $(DOCUMENTATION),--documentation '$(DOCUMENTATION)') $(if $(ISSUES),--issues '$(ISSUES)')

$(READY): $(addprefix tests/requirements/,base.txt suite.txt test.txt) tests/emulator/pyproject.toml
	@python=$$(tests/tools/find-python $(PYTHON)) && \
	echo "Making $(VENV) with $$python. This takes a minute, once." && \
	rm -rf $(VENV) && "$$python" -m venv $(VENV) && \
	$(BIN)/$(PIP_INSTALL) $(LOCKED)/test.txt && \
	$(BIN)/$(PIP_INSTALL) --no-deps --no-build-isolation -e tests/emulator && \
	touch $@

$(GATES)/ready: tests/requirements/nox.txt
	@python=$$(tests/tools/find-python $(PYTHON)) && \
	rm -rf $(GATES) && "$$python" -m venv $(GATES) && \
	$(GATES)/bin/$(PIP_INSTALL) $(LOCKED)/nox.txt && \
	touch $@

clean:
	rm -rf $(VENV) .cache
