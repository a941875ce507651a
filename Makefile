# Everything lives in .venv: it is made once and again when a lock or the project file changes.
# It needs Python 3.11 or newer and the network for that; nothing else.
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready
TESTS_READY := $(VENV)/.ready-tests
COMPILE := pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml

# What is compiled is kept: each of some hundred processes of the tests would do it anew.
test: export PYTHONDONTWRITEBYTECODE =

.PHONY: demo test check bench pictures lock clean

demo: $(READY)
	$(VENV)/bin/answerable demo

test: check
	$(VENV)/bin/python -m pytest -n 3 --dist loadfile

check: $(TESTS_READY)
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

bench: $(TESTS_READY)
	$(VENV)/bin/python bench/all.py

pictures: $(TESTS_READY)
	$(VENV)/bin/python -m tests.pictures pictures

lock: $(READY)
	$(VENV)/bin/python -m pip install --quiet uv
	$(VENV)/bin/uv $(COMPILE) -o requirements.lock
	$(VENV)/bin/uv $(COMPILE) --extra test --constraint requirements.lock -o requirements-tests.lock

clean:
	rm -rf $(VENV) demo-out pictures dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# A stamp is touched last: an installation that broke off is made again.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv --clear $(VENV)
	$(VENV)/bin/python -m pip install --quiet --require-hashes -r requirements.lock
	$(VENV)/bin/python -m pip install --quiet --no-deps -e .
	touch $(READY)

$(TESTS_READY): $(READY) requirements-tests.lock
	$(VENV)/bin/python -m pip install --quiet --require-hashes -r requirements-tests.lock
	touch $(TESTS_READY)
