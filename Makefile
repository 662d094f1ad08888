PYTHON ?= python3
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
IMAGE_CHECK := ../shared/tools/image_check.sh

OLD := gitscrum-mock needs Python 3.11 or newer, which '$(PYTHON)' is not: name another one, as in make PYTHON=/usr/bin/python3.11
BARE := '$(PYTHON)' cannot make virtual environments: on Debian or Ubuntu, apt-get install python3-venv

.PHONY: serve test lint bench image-test clean

serve: $(VENV)/.installed
	@exec $(BIN)/gitscrum-mock serve $(ARGS)

# All tests and the floor under the coverage; with ARGS="tests/house -k wheel" only those, and no floor.
test: $(VENV)/.installed-for-tests
	$(BIN)/python -m pytest -n 2 $(or $(ARGS),--cov)

lint: $(VENV)/.installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(VENV)/.installed-for-tests
	$(BIN)/python -m benchmarks $(ARGS)

image-test:
	@if [ -e $(IMAGE_CHECK) ]; then bash $(IMAGE_CHECK) .; else echo "image-test skipped: there is no $(IMAGE_CHECK)"; fi

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage .coverage.*

# The code is installed in place: only a change of pyproject.toml makes another installation necessary.
$(VENV)/.installed: pyproject.toml | $(BIN)/pip
	$(PIP) --editable .
	@touch $@

$(VENV)/.installed-for-tests: pyproject.toml | $(BIN)/pip
	$(PIP) --editable '.[test]'
	@touch $(VENV)/.installed $@

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "$(OLD)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "$(BARE)" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
