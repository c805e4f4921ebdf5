# `make run` and `make test` do all the set-up on a fresh machine. `bench` and `soak` are for measuring and for long runs.
.POSIX:
PORT ?= 8000
VENV = .venv
PY = $(VENV)/bin/python

.PHONY: run test bench soak check set-up set-up-test

run: set-up
	@$(VENV)/bin/assessment demo --port $(PORT)

test: set-up-test
	@$(PY) -m pytest -n 2 --dist loadscope --no-loadscope-reorder -m "not soak"

bench: set-up-test
	@$(PY) -m tests.bench

soak: set-up-test
	@$(PY) -m pytest -n 2 -m soak

check: set-up-test
	@$(VENV)/bin/ruff check assessment tests
	@$(VENV)/bin/ruff format --check assessment tests
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports

set-up:
	@sh .ci/set-up run

set-up-test:
	@sh .ci/set-up test
