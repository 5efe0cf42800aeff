# Every command of this project. Each sets up what it needs first; a second time that takes a moment.
# PYTHON=python3.12 names another Python; ARGS="..." goes on to the program behind the command.
PYTHON ?= python3
ARGS ?=
.DEFAULT_GOAL := help
.PHONY: help setup run test test-all check cover docs bench lock demo-reset

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1 \t/p' $(MAKEFILE_LIST) | expand -t 16

run: ## serve the demonstration at http://localhost:8000/ (PORT=8080 for another); Ctrl-C stops it, data is kept
	@$(if $(PORT),PORT=$(PORT)) exec $(PYTHON) house.py run $(ARGS)

demo-reset: ## take the demonstration away; the next `make run` makes it anew
	@exec $(PYTHON) house.py demo-reset

test: ## every test, on a PostgreSQL and in a browser of its own (ARGS="tests/engine -k names" for some; SEED=1 to repeat)
	@$(if $(SEED),SEED=$(SEED)) exec $(PYTHON) house.py test $(ARGS)

test-all: ## the same tests with every random case, each page looked at at every width
	@$(if $(SEED),SEED=$(SEED)) exec $(PYTHON) house.py test-all $(ARGS)

check: ## format, lint, types, contracts, coverage of the rule book, generated files, links, shipped protocols
	@exec $(PYTHON) house.py check $(ARGS)

cover: ## whether examples reach every line and branch of the rule book (part of check)
	@exec $(PYTHON) house.py cover $(ARGS)

docs: ## docs/ as a site in build/site; a dead link stops it
	@exec $(PYTHON) house.py docs $(ARGS)

bench: ## the measurements, as ratios taken in one run
	@exec $(PYTHON) house.py bench $(ARGS)

setup: ## only what the other commands do first: environment, packages, styles
	@exec $(PYTHON) house.py setup

lock: ## write the lock files anew from pyproject.toml and package.json (needs uv and npm)
	@for set in "run pyproject.toml" "dev --group=dev pyproject.toml" "node requirements/node.in"; do \
	  name=$${set%% *}; \
	  uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header \
	    $${set#* } --output-file requirements/$$name.lock || exit 1; \
	done
	@npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --no-audit --no-fund
