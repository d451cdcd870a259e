# Every check of the project is defined here, once; people, hooks and CI call these targets.
# On a fresh machine with Python 3.11 and git: `make demo`, `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= auto
PORT ?= 8000
# Settings of the machine that would reach into Python or Daicho from outside.
CLEAN := env -u PYTHONPATH -u PYTHONHOME -u DJANGO_SETTINGS_MODULE -u DAICHO_WORKSPACE -u DAICHO_AS -u DAICHO_AT \
	-u DAICHO_LANG -u DAICHO_KEK -u DAICHO_DATABASE_URL

.DEFAULT_GOAL := help
.PHONY: help demo serve test check style types imports unused quick bench load docs lock clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.demo  ## Install what the demo needs and tell the whole story in demo/
	@$(CLEAN) $(BIN)/python examples/staffing-group/demo.py

serve: $(VENV)/.demo  ## Open the desk on the screen, on the demo's data (PORT=8000)
	@$(CLEAN) $(BIN)/python examples/staffing-group/serve.py --port $(PORT)

test: check  ## Install everything and run all checks and all tests
	@$(CLEAN) $(BIN)/pytest -q -n $(WORKERS) -m slow

check: style types imports unused quick  ## The quick part: style, types, imports, unused code, quick tests

style: $(VENV)/.dev
	@$(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet .

types: $(VENV)/.dev
	@DAICHO_TESTING=1 $(BIN)/mypy --no-error-summary

imports: $(VENV)/.dev
	@$(BIN)/lint-imports --no-logo > $(VENV)/imports.txt || { cat $(VENV)/imports.txt; exit 1; }

unused: $(VENV)/.dev
	@$(BIN)/deptry . > $(VENV)/deptry.txt 2>&1 || { cat $(VENV)/deptry.txt; exit 1; }

quick: $(VENV)/.dev
	@$(CLEAN) $(BIN)/pytest -q -n $(WORKERS) -m "not slow"

load: $(VENV)/.demo  ## Measure pages with 100,000 requests and 20 people; writes benchmarks/LOAD.md
	@$(CLEAN) $(BIN)/python benchmarks/load.py --write

bench: $(VENV)/.demo  ## Measure the thread beside hand-written SQL; writes benchmarks/RESULTS.md
	@$(CLEAN) $(BIN)/python benchmarks/run.py --write

docs: $(VENV)/.dev  ## Write the generated pages of docs/ anew
	@DAICHO_TESTING=1 $(BIN)/python docs/generate.py

lock: $(VENV)/.dev  ## Pin every dependency anew, with hashes and without addresses
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile pyproject.toml --extra demo --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet -o requirements/demo.txt
	@$(BIN)/uv pip compile pyproject.toml --extra dev --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet -o requirements/dev.txt

clean:  ## Remove what the targets made
	rm -rf $(VENV) demo build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Daicho needs Python 3.11 or newer: make PYTHON=python3.11 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: requirements/demo.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the demo needs (once) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/demo.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.demo
	@echo "Installing what the tests need (once) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@
