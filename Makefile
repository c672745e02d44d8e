# Two commands to begin with: `make demo` and `make test`.
PYTHON ?= python3
PORT ?= 8501
BROWSER ?= 1
VENV := .venv
BIN := $(VENV)/bin
CHROMIUM := /usr/bin/chromium

.PHONY: demo test test-slow test-wheel lint fix docs app bench bench-models crate-validator clean

demo: $(VENV)/.installed  ## make the sample archive, ingest it, open the app
	$(BIN)/archive-search demo --port $(PORT) $(if $(filter 0,$(BROWSER)),--no-browser)

test: $(VENV)/.installed-dev  ## all tests but the slow ones
	@[ -x $(CHROMIUM) ] || echo "Without $(CHROMIUM) what drives a browser is skipped. To install it: sudo apt-get install chromium"
	$(BIN)/python -m pytest -n 3 --dist loadfile -m "not slow and not network and not checkpoint and not gpu" $(ARGS)

test-slow: $(VENV)/.installed-dev  ## the tests that take minutes: kill -9 on a thousand real pictures
	$(BIN)/python -m pytest -m "slow" $(ARGS)

test-wheel: $(VENV)/.installed-dev  ## the wheel in an empty environment, up to the first page of its demo
	$(BIN)/python -m pytest tests/app/test_wheel.py $(ARGS)

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/interrogate -q tests

fix: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.installed-dev  ## docs/reference, made from the code
	$(BIN)/python -m docs.making

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
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[xlsx,parquet,pdf,ro-crate]"
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev
	$(BIN)/python -m pip install --quiet --no-deps imagebind-packaged==0.1.2  # the official network, to compare with
	@touch $@

crate-validator: $(VENV)/.installed-dev  ## roc-validator in an environment of its own (it needs an older rich), for one test
	[ -x .venv-crate/bin/python ] || $(PYTHON) -m venv .venv-crate
	.venv-crate/bin/python -m pip install --quiet roc-validator==0.13.0

clean:
	rm -rf $(VENV) .venv-crate sample demo-archive build dist *.egg-info
