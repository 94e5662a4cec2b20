# One command each: setup, demo, test, check, bench, accuracy, mutate, soak.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FONTS := src/landproof/render/fonts

.PHONY: setup demo test check bench accuracy mutate soak lock docs clean

setup: $(VENV)/.ready $(FONTS)/.ready

$(VENV)/.ready: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# Whole fonts for the PDF report, from the npm package that package-lock.json pins.
$(FONTS)/.ready: package-lock.json $(VENV)/.ready
	PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --no-audit --no-fund --ignore-scripts
	mkdir -p $(FONTS)
	cp node_modules/@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf $(FONTS)/
	cp node_modules/@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf $(FONTS)/
	touch $@

demo: setup
	rm -rf demo
	$(BIN)/landproof demo demo

test: check
	$(BIN)/pytest -n 2 -m "not soak" -q

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports

mutate: setup
	$(BIN)/python -m tests.mutation $(ONLY)

soak: setup
	$(BIN)/pytest -n 2 -m soak -q

bench: setup
	$(BIN)/python -m benchmarks.judging
	$(BIN)/python -m benchmarks.plots 100000
	$(BIN)/python -m benchmarks.overlay --plots 10000
	$(BIN)/python -m benchmarks.chain --lots 100000

accuracy: setup
	$(BIN)/python -m benchmarks.accuracy

docs: setup
	$(BIN)/python -m tests.generated_docs

lock:
	$(BIN)/python -m piptools compile -q --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host --no-header --extra dev --extra cluster --allow-unsafe --strip-extras -o requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) build demo
