# `make check` is CI: if it passes here and CI does not, that is a bug in this file.
# `make acceptance` runs the long measurements, of which `make test` runs a seeded sample.

PYTHON ?= $(shell command -v python3.13 || command -v python3.12 || command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: check test lint types docs acceptance clean

check: lint types test

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev -e .
	touch $@

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed
	$(BIN)/mypy

test: $(VENV)/.installed
	$(BIN)/pytest -n auto

clean:
	rm -rf $(VENV) .client .work dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
