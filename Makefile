# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Everything happens in .venv and .cache of this checkout. A Python in another place: make PYTHON=/path/to/python ...

SHELL := /bin/sh
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
READY := $(VENV)/ready
# The collection laid out where Ansible looks for it.
TREE := $(CURDIR)/.cache/tree/ansible_collections/mongodb_atlas/admin
LAY_OUT := $(BIN)/python tests/tools/lay_out.py

.PHONY: help demo test bench check clean
.DELETE_ON_ERROR:

help:
	@echo 'make demo     read keys from an emulated Atlas, by digest and by service account'
	@echo 'make test     run all tests'
	@echo 'make bench    measure, beside what else one could write'
	@echo 'make check    all that must hold before a change lands'
	@echo 'make clean    remove what the others have made'

demo: $(READY)
	@$(LAY_OUT) >/dev/null
	@PATH="$(BIN):$$PATH" tests/demo/run "$(TREE)"

test: $(READY)
	@$(LAY_OUT) >/dev/null
	@cd "$(TREE)" && PATH="$(BIN):$$PATH" pytest -n 2 --cov=plugins --cov-report=term $(ONLY)

# About ten minutes; ROUNDS=3 is faster and rougher.
bench: $(READY)
	@$(LAY_OUT) >/dev/null
	@PATH="$(BIN):$$PATH" PYTHONPATH="$(CURDIR)/.cache/tree" $(BIN)/python "$(TREE)/tests/benchmark/bench.py" \
	    --rounds $(or $(ROUNDS),9) --table "$(CURDIR)/.cache/benchmark.rst"

check: $(READY)
	@$(BIN)/pip install --quiet --disable-pip-version-check nox
	@$(BIN)/nox --error-on-missing-interpreters

$(READY): tests/requirements.txt tests/emulator/pyproject.toml
	@python=$$(tests/tools/find-python $(PYTHON)) && \
	echo "Making $(VENV) with $$python. This takes a minute, once." && \
	rm -rf $(VENV) && "$$python" -m venv $(VENV) && \
	$(BIN)/pip install --quiet --disable-pip-version-check -r tests/requirements.txt -e tests/emulator && \
	touch $@

clean:
	rm -rf $(VENV) .cache
