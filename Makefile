# Needs git, make and python3 with venv; everything else comes from requirements.lock.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed
MINUTES ?= 60
VALIDATOR := .venv/vnu/vnu.jar
VALIDATOR_SHA256 := 5970d3ffca91a627cf0965e5d91bb2e4242307c29292998de0b419d6a901b2b7

.DEFAULT_GOAL := help
.PHONY: help site serve test test-full fuzz check fix notebook bench bench-full bench-huge lock

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

site: $(INSTALLED) ## build the site in build/site
	@$(BIN)/jkgraph build

serve: $(INSTALLED) ## build the site and show it on this machine
	@$(BIN)/jkgraph serve

test: $(INSTALLED) ## run the tests that need no browser and no server
	@$(BIN)/pytest -m 'not full' --numprocesses auto --dist loadfile

test-full: $(INSTALLED) $(VALIDATOR) ## run the slow tests: browser, servers, the real graph
	@$(BIN)/pytest -m full

fuzz: $(INSTALLED) ## try made-up input for an hour, or as long as MINUTES says
	@$(BIN)/python tests/fuzz/fuzz.py --minutes $(MINUTES)

check: $(INSTALLED) ## check code, types, reference pages, records and the wheel alone
	@$(BIN)/ruff check && $(BIN)/ruff format --check && $(BIN)/mypy && $(BIN)/pip check
	@$(BIN)/jkgraph docs --check && $(BIN)/jkgraph format --check && $(BIN)/jkgraph validate
	@.ci/wheel-alone

fix: $(INSTALLED) ## repair what can be repaired: code style, record files, reference pages
	@$(BIN)/ruff check --fix && $(BIN)/ruff format
	@$(BIN)/jkgraph format && $(BIN)/jkgraph docs

notebook: $(INSTALLED) ## run the notebook in docs/notebooks and write its results anew
	@$(BIN)/python tests/test_notebook.py

bench: $(INSTALLED) ## measure against rdflib, pyshacl and owlrl
	@$(BIN)/python benchmarks/run.py

bench-full: $(INSTALLED) ## measure 10,000 records too, and keep the results (half an hour)
	@$(BIN)/python benchmarks/run.py --full --store

bench-huge: $(INSTALLED) ## measure 100,000 records, and keep the results (half an hour)
	@$(BIN)/python benchmarks/run.py --huge --store

lock: $(INSTALLED) ## pin the newest versions that pyproject.toml allows
	@$(BIN)/uv pip compile pyproject.toml --output-file requirements.lock --upgrade \
		--universal --all-extras --generate-hashes --no-config --no-emit-index-url \
		--custom-compile-command 'make lock' --quiet

# The HTML validator of the W3C, of which no package for Python keeps up. It needs npm and java.
$(VALIDATOR):
	@mkdir -p $(@D) && cd $(@D) && npm pack --silent vnu-jar@26.9.27 >/dev/null
	@echo "$(VALIDATOR_SHA256)  $(@D)/vnu-jar-26.9.27.tgz" | sha256sum --check --quiet
	@tar -xzf $(@D)/vnu-jar-26.9.27.tgz -C $(@D) --strip-components 3 package/build/dist/vnu.jar
	@rm $(@D)/vnu-jar-26.9.27.tgz && touch $@

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; name it: make PYTHON=python3.13" \
		if sys.version_info < (3, 11) else print("Installing requirements.lock in .venv, once.", file=sys.stderr))'
	@$(PYTHON) -m venv .venv && $(BIN)/pip install -qq --no-deps --no-compile --require-hashes -r requirements.lock
	@$(BIN)/pip install -qq --no-deps --no-build-isolation --editable . && touch $@
