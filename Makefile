# Everything a developer does, by name. Needs python3.11+ with venv, make and a package registry.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check
INSTALLED := $(VENV)/installed-run
INSTALLED_DEV := $(VENV)/installed-dev

.PHONY: help setup run test lint format lock clean
.DELETE_ON_ERROR:

help:  ## say what there is
	@sed -n 's/^\([a-z]*\):.*## /make \1|/p' Makefile | column -t -s '|' 2>/dev/null \
		|| sed -n 's/^\([a-z]*\):.*## /make \1: /p' Makefile

setup: $(INSTALLED_DEV)  ## make .venv with everything in it
	@:

run: $(INSTALLED)  ## serve the chat panel with the demo clinic on http://127.0.0.1:8000
	@$(BIN)/slotwright serve

test: setup  ## lint, types, import layers, tests
	@scripts/check

lint: setup  ## the checks that run no test
	@scripts/check --no-tests

format: setup  ## put imports and layout right
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .

lock:  ## choose versions anew and write them down with their hashes
	@scripts/lock $(PYTHON)

clean:  ## remove .venv and what the checks left
	rm -rf $(VENV) build *.egg-info .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit( \
		"Slotwright needs Python 3.11 or newer, and $(PYTHON) is %d.%d. " % sys.version_info[:2] \
		+ "Maybe another is installed: make PYTHON=python3.12 setup")'
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

# The development lock holds every runtime pin too, so one install makes both marks.
$(INSTALLED_DEV): requirements-dev.lock requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing the locked packages, development tools included (a few minutes the first time) ..."
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(INSTALLED) $(INSTALLED_DEV)
	@echo "Ready. Next: make run, or make test"

$(INSTALLED): requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing the locked packages (a minute or two the first time) ..."
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(INSTALLED)
