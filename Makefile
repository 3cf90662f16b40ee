# Needs make and Python 3.11 or newer; everything else is installed into .venv, pinned by hash in constraints.txt.

# The first of these that is new enough; `make PYTHON=… test` takes another.
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
IN := .venv/bin
PIP := $(IN)/python -m pip --disable-pip-version-check install --quiet --quiet
# One worker a core, and a file's tests together, because they share what they built.
PYTEST := $(IN)/python -m pytest --numprocesses auto --dist loadfile
ON_SQLITE := HEXMARK_TEST_DATABASE_URL= $(PYTEST)
NEEDS_NOTHING := not browser and not foreign and not slow and not long

.DEFAULT_GOAL := help
.PHONY: help demo test test-more test-postgresql test-all check quality clean

help:
	@echo "make demo      build the demo world in demo-data/, sign and verify its badges, and serve it"
	@echo "make test      the tests, without services and without network"
	@echo "make check     style, types, the picture of the house, templates, migrations"
	@echo "make test-all  the slow tests, the browser, verifiers written by others, and PostgreSQL if HEXMARK_TEST_DATABASE_URL names one"
	@echo "make quality   the long runs: mutations, fuzzing, every property tried on many more examples"
	@echo "make clean     remove what these made, except demo-data/"

.venv/installed: constraints.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Hexmark needs Python 3.11 or newer. Name it: make PYTHON=/path/to/python3"; exit 1; }
	@echo "Installing into .venv (once, up to a minute) …"
	@test -x $(IN)/python || $(PYTHON) -m venv .venv || { rm -rf .venv; echo "On Debian: apt install python3-venv"; exit 1; }
	@$(PIP) --require-hashes --requirement constraints.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

tests/foreign/node_modules/.package-lock.json: tests/foreign/package-lock.json
	cd tests/foreign && npm ci --no-audit --no-fund
	@touch $@

demo: .venv/installed
	$(IN)/hexmark demo

test: .venv/installed
	$(ON_SQLITE) -m "$(NEEDS_NOTHING)"

# The browser by itself: what drives it leaves a loop running in its process, in which the database must not be asked.
test-more: .venv/installed tests/foreign/node_modules/.package-lock.json
	$(ON_SQLITE) -m "browser"
	$(ON_SQLITE) -m "(foreign or slow) and not browser and not long"

# Whatever touches the database, once more on PostgreSQL, but for who is answered at each address and in which words: that is
# decided above the database, and some 1,500 tests ask through the same queries as others. What ends its transactions goes one by one:
# an open transaction of another test would hold back the event log's readers, as any open transaction in the same cluster does.
test-postgresql: .venv/installed
	@if [ -n "$$HEXMARK_TEST_DATABASE_URL" ]; then \
		$(PYTEST) --ignore tests/test_tenancy.py --ignore tests/scenarios/test_words.py -m "database and not commits and $(NEEDS_NOTHING)" && \
		$(PYTEST) --numprocesses 0 -m "database and commits and $(NEEDS_NOTHING)"; \
	elif [ "$$CI" = true ]; then echo "HEXMARK_TEST_DATABASE_URL must name a PostgreSQL database here."; exit 1; \
	else echo "PostgreSQL was not tried: HEXMARK_TEST_DATABASE_URL names no database."; fi

test-all: test test-more test-postgresql

check: .venv/installed
	$(IN)/ruff check
	$(IN)/ruff format --check
	$(IN)/mypy
	$(IN)/lint-imports
	HEXMARK_TEST_DATABASE_URL= DJANGO_SETTINGS_MODULE=tests.settings $(IN)/python -m django makemigrations --check --dry-run
	$(IN)/python -m pytest --quiet tests/test_architecture.py tests/test_templates.py tests/api/test_openapi.py

# The fuzzer is installed here alone: it is built for few systems, and nothing else needs it.
quality: .venv/installed
	$(IN)/python -m tests.quality.mutations
	@$(PIP) --require-hashes --requirement tests/quality/requirements.txt
	$(IN)/python -m tests.quality.fuzz
	$(ON_SQLITE) --hypothesis-profile long -m "not browser and not foreign"

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis tests/foreign/node_modules dist
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
