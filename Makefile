# One target for each thing a person does. Each sets up .venv by itself, with uv if it is installed, otherwise with pip.

PYTHON ?= python3
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
CLASS := course/sample_class
TEST := --numprocesses $(WORKERS) --dist loadfile --durations 10 -r fEs
NEWER := 3.12 3.13 3.14
CORE := tests/solutions tests/autograder/marking tests/autograder/sandbox tests/autograder/release \
  tests/course/test_release.py tests/course/test_sample_class.py tests/course/test_figures.py
BENCHMARKS ?= throughput nbgrader overhead growth cluster start check reference

UV := $(shell command -v uv 2>/dev/null)
ifdef UV
  MAKE_VENV = $(UV) venv --quiet --python $(PYTHON) $(VENV)
  INSTALL = $(UV) pip install --quiet --python $(BIN)/python
else
  MAKE_VENV = $(PYTHON) -m venv --without-pip $(VENV)
  INSTALL = $(PYTHON) -m pip --python $(BIN)/python install --quiet
endif

.PHONY: help grade test test-all test-core check bench keras attacks-peers nightly lab course constraints clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{printf "  make %-14s %s\n", $$1, $$2}'

grade: $(VENV)/grade  ## set up, build a sample class of 26 submissions, grade it and print the marks
	@echo "Building the sample class from $(CLASS) ..."
	@$(BIN)/python -m course.sample_class --out $(CLASS)/submitted
	@echo "Grading it, each submission in its own sandbox ..."
	@$(BIN)/autograder grade $(CLASS)/submitted --workers $(WORKERS)

test: $(VENV)/dev  ## set up and run a few cases of every test (about three minutes)
	@echo "Running a few cases of every test; make test-all runs them all ..."
	@$(BIN)/pytest --quick $(TEST)

test-all: test  ## run all other tests as well, and the core ones on newer Pythons (about twelve minutes)
	@echo "Running all other tests ..."
	@$(BIN)/pytest --rest $(TEST)
	@for version in $(NEWER); do \
	  if python$$version -c '' 2>/dev/null; \
	  then $(MAKE) --no-print-directory test-core PYTHON=python$$version VENV=.venv-$$version || exit 1; \
	  else echo "skipped: the core tests on Python $$version, which is not installed"; fi; \
	done

test-core: $(VENV)/dev  ## keys, marks, mistakes and pictures with another Python: make test-core PYTHON=python3.13 VENV=.venv-3.13
	@echo "Running the core tests with $$($(BIN)/python --version) ..."
	@$(BIN)/pytest --quick $(TEST) $(CORE)

check: $(VENV)/dev  ## lint, types, whether built files are up to date, and whether the course agrees with itself
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/autograder build --check
	$(BIN)/autograder verify

bench: $(VENV)/dev  ## run the benchmarks and write tests/benchmarks/*.md (about fifteen minutes; installs other graders)
	@for name in $(BENCHMARKS); do \
	  echo "Measuring $$name ..."; \
	  $(BIN)/python -m tests.benchmarks.$$name --out tests/benchmarks/$$name.md || failed="$$failed $$name"; \
	done; test -z "$$failed" || { echo "bench: missed its bar:$$failed; the tables say by how much"; exit 1; }

keras: $(VENV)/keras  ## compare the reference with live Keras on jax and write tests/benchmarks/parity.md (installs both)
	@echo "Comparing the reference with Keras, layer by layer ..."
	@$(BIN)/python -m tests.benchmarks.parity --out tests/benchmarks/parity.md

attacks-peers: $(VENV)/dev  ## try the attacks on nbgrader and otter, in separate venvs (about ten minutes)
	$(BIN)/python -m tests.benchmarks.attacks --out tests/benchmarks/attacks.md

nightly: $(VENV)/dev  ## kill a run of 300 submissions fifty times; fuzz the sandbox's protocol with 100,000 examples per kind (about 20 minutes)
	AUTOGRADER_KILLS="300 50" $(BIN)/pytest tests/autograder/grading/test_class_run.py -k killed
	$(BIN)/pytest --hypothesis-profile nightly tests/autograder/sandbox/test_wire.py

lab: $(VENV)/lab  ## open the notebooks in JupyterLab, as students see them
	$(BIN)/jupyter lab --notebook-dir course/release

course: $(VENV)/grade  ## build the release notebooks and answer keys from course/
	$(BIN)/python -m course.worked
	$(BIN)/python -m course.marks
	$(BIN)/autograder build

constraints: $(VENV)/dev  ## update constraints.txt to the newest versions (needs uv)
	uv pip compile --quiet --universal --upgrade --python-version 3.11 --all-extras --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links pyproject.toml --output-file constraints.txt

clean:  ## remove everything that was built or installed, results included
	rm -rf $(VENV) .venv-* results $(CLASS)/submitted course/answers course/.cache build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/grade $(VENV)/dev $(VENV)/keras $(VENV)/lab: $(VENV)/%: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "make: $$($(PYTHON) --version) is too old. Use Python 3.11 or newer: make $* PYTHON=python3.12"; exit 2; }
	@echo "Setting up $(VENV) for '$*' with $(if $(UV),uv,pip) ..."
	@test -x $(BIN)/python || $(MAKE_VENV)
	@$(INSTALL) --constraint constraints.txt --editable '.[$*]'
	@touch $@
