# `make help` explains the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TYPES := build/types/soundings
SECONDS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test check lint types imports unit bench lock dashboards wheel clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(READY) ## a virtual environment in .venv, from the lock file

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Soundings needs Python 3.11 or newer, this is " + sys.version) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup ## the whole service on made-up posts: alert in the terminal, digest, everything; SECONDS=60 stops by itself
	$(BIN)/soundings demo $(if $(SECONDS),--seconds $(SECONDS))

test: check ## every test, real Kafka and Elasticsearch included
	$(BIN)/python -m pytest tests --ignore=tests/unit --ignore=tests/properties --numprocesses 2 --dist loadfile

check: lint types imports unit ## the quick loop: lint, types, import contracts, unit tests and laws

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup $(TYPES)
	$(BIN)/mypy -p soundings.services -p soundings.streams -p soundings.dashboards -p soundings.deploy
	$(BIN)/mypy tests benchmarks

$(TYPES):
	mkdir -p $@
	for part in services streams dashboards deploy; do ln -sfn ../../../$$part $@/$$part; done

imports: setup
	$(BIN)/lint-imports

unit: setup
	$(BIN)/python -m pytest tests/unit tests/properties --numprocesses 2

bench: setup ## the pipeline and the readers of sources on this machine: JSON, a document each
	$(BIN)/soundings bench
	$(BIN)/python benchmarks/sources.py

lock: ## resolve requirements.lock anew (needs uv)
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --output-file requirements.lock --quiet

dashboards: setup ## write the Grafana dashboards as JSON
	$(BIN)/soundings dashboards build

wheel: setup ## the wheel, in dist/
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

clean: ## remove what was built (not the data of `soundings up`)
	rm -rf build dist $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
