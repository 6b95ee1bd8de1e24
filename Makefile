# `make demo` and `make test` need Python 3.11+ and make; each makes its own environment below .venv.
PYTHON ?= python3
RUN := .venv/run
DEV := .venv/dev
.DEFAULT_GOAL := help

.PHONY: help demo test lint types floors docs pytest bench-forecast bench-calendar bench-value pictures format clean

help:  ## this page
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

$(RUN)/.done: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(RUN)
	$(RUN)/bin/pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(DEV)/.done: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(DEV)
	$(DEV)/bin/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

demo: $(RUN)/.done  ## a sample dealership, planned for three years, with all workbooks, in demo/
	$(RUN)/bin/planner demo demo --force

test: lint types floors pytest  ## everything that CI runs

lint: $(DEV)/.done  ## lint and format check
	$(DEV)/bin/ruff check .
	$(DEV)/bin/ruff format --check .

types: $(DEV)/.done  ## types of planner/, strict
	$(DEV)/bin/mypy

floors: $(DEV)/.done  ## who may import whom
	$(DEV)/bin/lint-imports

pytest: $(DEV)/.done  ## the tests, the documentation checks among them
	$(DEV)/bin/pytest --numprocesses auto --dist loadfile

bench-forecast: $(DEV)/.done  ## the forecast beside simpler methods, on ../shared/data and a sample
	$(DEV)/bin/python -m benchmarks.forecast

docs: $(DEV)/.done  ## writes the generated parts of README.md and docs/ anew
	$(DEV)/bin/python -m tests.documentation

pictures: $(RUN)/.done  ## draws the pictures of README.md anew; needs LibreOffice and poppler
	$(RUN)/bin/python docs/make_pictures.py

bench-calendar: $(DEV)/.done  ## the calendar beside the optimum, plain greedy and plain Python; hostile households
	$(DEV)/bin/python -m benchmarks.calendar

bench-value: $(DEV)/.done  ## how often the intervals of the value report hold what is true, and its speed
	$(DEV)/bin/python -m benchmarks.value

format: $(DEV)/.done  ## formats the code
	$(DEV)/bin/ruff check --fix .
	$(DEV)/bin/ruff format .

clean:  ## removes the environments and the demo
	rm -rf .venv demo
