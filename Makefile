SHELL := /bin/bash
.DEFAULT_GOAL := help
# Python 3.11 under its own name, or as python3; both are checked before anything is made with them.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PORT ?= 3999

.PHONY: help demo test check format faults bench lock clean env

help: ## Show this help
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The stamp is newer than the lock: nothing to install. A broken install leaves no stamp behind.
.venv/.ready: requirements/dev.txt pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Upgrade Desk needs Python 3.11 or newer, and none was found. Name it: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Setting up .venv (once, about a minute) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip --quiet --disable-pip-version-check install --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip --quiet --disable-pip-version-check install --no-deps --no-build-isolation -e .
	@touch $@

env: .venv/.ready ## Make the environment (.venv), if it is missing or out of date

demo: .venv/.ready ## Start everything on this machine and print the page's address (PORT=3999)
	@exec $(BIN)/upgrade-desk demo --port $(PORT)

test: .venv/.ready ## Run every test, on SQLite and on a real PostgreSQL
	@$(BIN)/python -m tests.run

check: .venv/.ready ## Lint, types, layers, languages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bot.locales.check

format: .venv/.ready ## Format and mend what can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

faults: .venv/.ready ## Kill and stop the processes at every step, on both engines; print what held
	@$(BIN)/python -m tests.faults

bench: .venv/.ready ## Measure, ratios from one run (needs a quiet machine)
	$(BIN)/python -m bench

lock: .venv/.ready ## Lock the versions anew, with hashes and without addresses
	$(BIN)/uv pip compile pyproject.toml --group dev --generate-hashes --no-annotate --no-header --universal -p 3.11 -o requirements/dev.txt
	$(BIN)/uv pip compile pyproject.toml --generate-hashes --no-annotate --no-header --universal -p 3.11 -c requirements/dev.txt -o requirements/run.txt

clean: ## Remove the environment, caches and the demo's data
	rm -rf .venv .demo .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
