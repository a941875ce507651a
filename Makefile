# Everything lives in .venv: it is made once and again when the lock or the project file changes.
# It needs Python 3.11 or newer and the network for that; nothing else.
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready

.PHONY: demo test check bench pictures lock clean

demo: $(READY)
	$(VENV)/bin/answerable demo

test: check
	$(VENV)/bin/python -m pytest -n 2 --dist loadfile

check: $(READY)
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

bench: $(READY)
	$(VENV)/bin/python bench/ack.py
	$(VENV)/bin/python bench/home.py
	$(VENV)/bin/python bench/chart.py

pictures: $(READY)
	$(VENV)/bin/python -m tests.pictures pictures

lock: $(READY)
	$(VENV)/bin/python -m pip install --quiet uv
	$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --extra test --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) demo-out pictures dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# The stamp is touched last: an installation that broke off is made again from nothing.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv --clear $(VENV)
	$(VENV)/bin/python -m pip install --quiet --require-hashes -r requirements.lock
	$(VENV)/bin/python -m pip install --quiet --no-deps -e .
	touch $(READY)
