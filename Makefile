# Everything a newcomer types. `make` alone prints the list.
# May not enter: anything that a script under infra/ or a setting in pyproject.toml
# could say; a recipe is a line or two.

BIN := .venv/bin

.PHONY: help setup web demo test torture sabotage bench check static format words export lock clean

help: ## Print this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

setup: .venv/ready ## Set up .venv (the others do it themselves when needed)

.venv/ready: requirements.lock package-lock.json pyproject.toml infra/setup
	@PYTHON="$(PYTHON)" sh infra/setup

web: .venv/ready ## Build tablet app and console, if what they are made of changed
	@$(BIN)/python -m infra.web_apps

demo: .venv/ready web ## Tell a month of repairs with two tablets and a bad network
	@$(BIN)/python -m infra.demo $(ARGS)

test: .venv/ready static web ## Every check and every test (ARGS="-k arrival" for some)
	@$(BIN)/python -m pytest $(or $(ARGS),-n auto --maxprocesses 4 --dist loadfile -m "not browser")
	@$(if $(ARGS),,$(BIN)/python -m pytest -n auto --maxprocesses 2 --dist loadfile -m browser)

torture: .venv/ready ## Every cut, kill and power cut, and seeds for MINUTES=60
	MINUTES=$${MINUTES:-60} $(BIN)/python -m tests.simulation.torture
	CUTS_STRIDE=1 KILLS=100 CRASH_POINTS=1000 POWER_CUTS=20000 RESTORES=100 \
	  TAMPERINGS=1000 HOURS=48 TORTURE_SEEDS=200 DEVICE_DAYS=10000 FEED_EXAMPLES=100 TWIN_FACTS=100000 \
	  $(BIN)/python -m pytest tests/together tests/faults tests/others tests/twins \
	  tests/sync/test_clock_court.py tests/server/test_feed.py $(ARGS)

sabotage: .venv/ready ## Break the product on purpose, see whether the audit notices
	@$(BIN)/python -m tests.simulation.sabotage $(ARGS)

bench: .venv/ready ## Measure what the exchange costs here, beside the floor (ARGS="push")
	@$(BIN)/python -m infra.bench $(ARGS)

check: .venv/ready static web ## Before a push: every static check and the quick tests
	@$(BIN)/python -m pytest -m "not slow and not postgres and not s3real and not browser" $(ARGS)

static: .venv/ready ## Format, lint, types and import contracts
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy --no-error-summary
	@$(BIN)/python -m infra.web_apps --check
	@$(BIN)/lint-imports --no-logo

format: .venv/ready ## Let ruff put the code into its form
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

words: .venv/ready ## Bring new sentences into the catalogues of sync/words/
	@$(BIN)/python -m infra.words
	@$(BIN)/python -m infra.export

export: .venv/ready ## Write the tables of sync/ down for TypeScript
	@$(BIN)/python -m infra.export

lock: .venv/ready ## Renew requirements.lock from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes \
	  --no-header --no-annotate --quiet --upgrade --output-file requirements.lock

clean: ## Remove the environment and every cache
	rm -rf server/built .venv node_modules .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
