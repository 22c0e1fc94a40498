# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Everything happens in .venv and .cache of this checkout. A Python in another place: make PYTHON=/path/to/python ...

SHELL := /bin/sh
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
READY := $(VENV)/ready
# What runs the gates has an environment of its own; so has each gate, in .cache/nox.
GATES := .cache/gates
NOX := $(GATES)/bin/nox
# The collection laid out where Ansible looks for it.
TREE := $(CURDIR)/.cache/tree/ansible_collections/mongodb_atlas/admin
LAY_OUT := $(BIN)/python tests/tools/lay_out.py

.PHONY: help format demo test bench check docs release clean
.DELETE_ON_ERROR:

help:
	@echo 'make demo     read keys from an emulated Atlas, by digest and by service account'
	@echo 'make test     run all tests'
	@echo 'make bench    measure, beside what else one could write'
	@echo 'make format   format the Python code and correct what ruff can correct'
	@echo 'make check    all that must hold before a change lands'
	@echo 'make docs     the documentation as HTML'
	@echo 'make release  prepare a release: make release VERSION=1.2.3'
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

# The table comes last, however the gates end, and says whether all is well. A gate that is asked for by its name must
# not be passed over for want of a Python.
check: $(GATES)/ready
	@rm -f .cache/report.json
	-@$(NOX) --report .cache/report.json $(if $(ONLY),--error-on-missing-interpreters --sessions $(foreach gate,$(ONLY),'$(gate)'))
	@$(GATES)/bin/python tests/tools/table.py .cache/report.json

docs: $(GATES)/ready
	@$(NOX) --sessions docs

release: $(GATES)/ready
	@test -n '$(VERSION)' || { echo 'Which one? make release VERSION=1.2.3' >&2; exit 2; }
	@$(NOX) --sessions release -- '$(VERSION)'

$(READY): tests/requirements/test.txt tests/emulator/pyproject.toml
	@python=$$(tests/tools/find-python $(PYTHON)) && \
	echo "Making $(VENV) with $$python. This takes a minute, once." && \
	rm -rf $(VENV) && "$$python" -m venv $(VENV) && \
	$(BIN)/pip install --quiet --disable-pip-version-check -r tests/requirements/test.txt -e tests/emulator && \
	touch $@

$(GATES)/ready: tests/requirements/nox.txt
	@python=$$(tests/tools/find-python $(PYTHON)) && \
	rm -rf $(GATES) && "$$python" -m venv $(GATES) && \
	$(GATES)/bin/pip install --quiet --disable-pip-version-check -r tests/requirements/nox.txt && \
	touch $@

clean:
	rm -rf $(VENV) .cache
