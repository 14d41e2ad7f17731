#!/bin/sh
# Every check, in the order in which they fail fastest. Called by `make test`, which CI calls.
set -e
ruff format --check -q .
ruff check -q .
mypy
exec python -m pytest -q -n 2 --dist loadgroup "$@"
