# Two commands to begin with: `make demo` and `make test`.
PYTHON ?= python3
PORT ?= 8501
BROWSER ?= 1
VENV := .venv
BIN := $(VENV)/bin
CHROMIUM := /usr/bin/chromium
APT := $(shell command -v apt-get 2>/dev/null)
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo 2>/dev/null)

.PHONY: demo test test-slow lint fix app bench bench-models clean

demo: $(VENV)/.installed  ## make the sample archive, ingest it, open the app
	@[ -d sample ] || $(BIN)/archive-search sample sample
	$(BIN)/archive-search ingest folder sample/pictures --metadata sample/records.csv --embedder demo --tiles --archive demo-archive
	$(BIN)/archive-search app --archive demo-archive --port $(PORT) $(if $(filter 0,$(BROWSER)),--no-browser)

test: $(VENV)/.installed-dev $(CHROMIUM)  ## all tests but the slow ones
	$(BIN)/python -m pytest -m "not slow and not network and not checkpoint and not gpu" $(ARGS)

test-slow: $(VENV)/.installed-dev  ## the tests that take minutes: kill -9 on a thousand real pictures
	$(BIN)/python -m pytest -m "slow" $(ARGS)

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/interrogate -q tests

fix: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

app: $(VENV)/.installed  ## the app on ARCHIVE (default: demo-archive)
	$(BIN)/archive-search app --archive $(or $(ARCHIVE),demo-archive) --port $(PORT) $(if $(filter 0,$(BROWSER)),--no-browser)

bench: $(VENV)/.installed-dev  ## every benchmark; prints ratios from one run each
	$(BIN)/python -m benchmarks.search
	$(BIN)/python -m benchmarks.ingest

bench-models: $(VENV)/.installed-dev  ## ImageBind at full size against the official network; needs 12 GB and some minutes
	$(BIN)/python -m benchmarks.models

$(VENV)/.installed: pyproject.toml constraints.txt
	[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[xlsx,parquet]"
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev
	$(BIN)/python -m pip install --quiet --no-deps imagebind-packaged==0.1.2  # the official network, to compare with
	@touch $@

$(CHROMIUM):  # for the tests of the pages; where apt is missing they are skipped and say so
	-[ -z "$(APT)" ] || { $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; }

clean:
	rm -rf $(VENV) sample demo-archive build dist *.egg-info
