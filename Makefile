# The two commands: `make digest` runs the main job, `make test` the tests. Each installs what it needs into .venv.

PYTHON ?= python3
BIN := .venv/bin
UV_VERSION = $(shell awk '/^name = "uv"$$/ { getline; gsub(/[^0-9.]/, ""); print }' uv.lock)

.PHONY: digest test check format models-test clean

digest: .venv/.run
	$(BIN)/chorok run --or-sample

test: .venv/.dev
	$(BIN)/python -m pytest

check: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: .venv/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Real Portuguese weights as a models folder, for CHOROK_MODELS: the whole path offline, really translated.
models-test: .venv/.dev
	$(BIN)/python -m tests.models models

clean:
	rm -rf .venv cdk.out

.venv/.uv: uv.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "chorok needs Python 3.11 or newer: make PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	touch $@

# --inexact leaves what the other target has installed.
.venv/.run: .venv/.uv pyproject.toml
	$(BIN)/uv sync --quiet --frozen --inexact --extra cli --no-dev
	touch $@

.venv/.dev: .venv/.uv pyproject.toml
	$(BIN)/uv sync --quiet --frozen --inexact --extra cli
	touch $@
