# `make check` is CI: if it passes here and CI does not, that is a bug in this file.
# `make acceptance` runs the long measurements, of which `make test` runs a seeded sample.

VENV := .venv
BIN := $(VENV)/bin

.PHONY: check test lint types docs demo acceptance clean client lock size wheel

check: lint types test

# A virtual environment whose interpreter went away is made anew.
ifneq ($(wildcard $(VENV)/.installed),)
ifneq ($(shell $(BIN)/python -c 'print("alive")' 2>/dev/null),alive)
$(shell rm -rf $(VENV))
endif
endif

# The first Python that answers, which a pyenv shim may not; or any that uv knows. PYTHON=… decides otherwise.
$(VENV)/.installed: pyproject.toml
	@set -e; python='$(PYTHON)'; \
	for name in python3.13 python3.12 python3.11 python3.14 python3 python; do \
	  [ -z "$$python" ] || break; \
	  if "$$name" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$name; fi; \
	done; \
	if uv --version >/dev/null 2>&1; then \
	  echo "uv: setting up $(VENV)"; \
	  uv venv --quiet --allow-existing --python "$${python:->=3.11}" $(VENV); \
	  uv pip install --quiet --python $(VENV) --group dev --editable .; \
	elif [ -n "$$python" ]; then \
	  echo "$$python: setting up $(VENV)"; \
	  "$$python" -m venv $(VENV); \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check "pip>=25.1"; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev --editable .; \
	else \
	  echo "expected Python 3.11 or newer with venv (Debian, Ubuntu: apt install python3-venv), or uv; found neither" >&2; \
	  exit 2; \
	fi
	@touch $@

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed
	$(BIN)/mypy

test: $(VENV)/.installed
	$(BIN)/pytest -n auto

# What an installed plugin's environment is made of: make lock, or make lock ARGS=--upgrade for the newest.
lock: $(VENV)/.installed
	$(BIN)/python requirements/compile.py $(ARGS)

size: $(VENV)/.installed
	$(BIN)/python -m evals.size

wheel: $(VENV)/.installed
	$(BIN)/python -m build

# The real Claude Code client that tests/client drives, at the version tests/client/package.json names.
client: $(VENV)/.installed
	$(BIN)/python -m tests.client.binary

# The long measurements. SHARED holds real commits and catalogs (never committed; licences differ), MIRRORS bare
# repositories to run over; without one of them its part is left out with a word. Nothing here is asserted by a timer.
SHARED ?= ../shared/data
MIRRORS ?=
DATA := .work/data

$(DATA)/.unpacked: $(wildcard $(SHARED)/*/*.tar.xz)
	mkdir -p $(DATA)
	for archive in $(SHARED)/*/*.tar.xz; do tar -xJf "$$archive" -C $(DATA); done
	touch $@

acceptance: $(VENV)/.installed client
	$(BIN)/python -m evals.size
	$(BIN)/python -m evals.always_on
	$(BIN)/python -m evals.ci_act
	$(BIN)/python -m evals.hook_cost
	$(BIN)/python -m evals.plan
	$(BIN)/python -m evals.ledger
	$(BIN)/python -m evals.diffs --benchmark
	$(BIN)/python -m evals.hardcoded_strings --judged evals/hardcoded/judged.jsonl
	$(BIN)/python -m evals.localize_adversary
	$(BIN)/python -m evals.localize_kill
	for name in chaos vendors budget kill; do $(BIN)/python -m evals.engine_$$name || exit 1; done
	for name in chaos kill; do $(BIN)/python -m evals.review_$$name || exit 1; done
ifneq ($(wildcard $(SHARED)/routing),)
	$(MAKE) $(DATA)/.unpacked
	$(BIN)/python -m evals.diffs --data $(DATA)
	$(BIN)/python -m evals.packets --data $(DATA)
	$(BIN)/python -m evals.review_replay --diffs $(DATA)/diffs
	$(BIN)/python -m evals.routing --data $(SHARED)/routing --diffs $(DATA)
	$(BIN)/python -m evals.calibrate --data $(SHARED)/routing --diffs $(DATA)
	$(BIN)/python -m evals.rules --diffs $(DATA)/diffs --index $(SHARED)/routing/commits.jsonl
	$(BIN)/python -m evals.catalogs --data $(DATA)
	$(BIN)/python -m evals.catalog_proofs --data $(DATA)
	$(BIN)/python -m evals.translation_checks --data $(DATA)
	$(BIN)/python -m evals.localize_changes --data $(DATA) --index $(SHARED)/l10n/changes.jsonl
	$(BIN)/python -m evals.localize_replay --data $(DATA) --index $(SHARED)/l10n/changes.jsonl
	$(BIN)/python -m evals.localize_speed --data $(DATA)
else
	@echo "left out: what needs real commits and catalogs; SHARED=$(SHARED) has none"
endif
ifneq ($(MIRRORS),)
	$(BIN)/python -m evals.fingerprints $(foreach mirror,$(MIRRORS),--repository $(mirror))
	$(BIN)/python -m evals.recipes_real --recipes plugins/mobile/recipes --repository $(MIRRORS)
	$(BIN)/python -m evals.recipes_speed --repository $(MIRRORS) --peers ast-grep libcst semgrep
	$(BIN)/python -m evals.symbols --language python $(foreach mirror,$(MIRRORS),--repository $(mirror))
	$(BIN)/python -m evals.scaffold_docs $(foreach mirror,$(MIRRORS),--repository $(mirror))
	for mirror in $(MIRRORS); do $(BIN)/python -m evals.diffs --repository "$$mirror" --commits 300; done
else
	@echo "left out: what runs over whole repositories; MIRRORS='a.git b.git' names some"
endif

# What the program says of itself, and the README's picture.
docs: $(VENV)/.installed
	$(BIN)/python -m docs.generate

demo: $(VENV)/.installed
	HUNKWORKS_PYTHON=$(CURDIR)/$(BIN)/python $(BIN)/python -m docs.demo
	HUNKWORKS_PYTHON=$(CURDIR)/$(BIN)/python $(BIN)/python -m docs.demo_writing

clean:
	rm -rf $(VENV) .client .work dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis

# The review's cases (evals/review) in the real client: `evals` from recorded answers, or against a scripted model where
# none are on record, offline; `evals-live` against the real one, which it records, with ANTHROPIC_API_KEY and money.
# Both need bubblewrap and socat: apt install bubblewrap socat.
.PHONY: evals evals-live
evals: $(VENV)/.installed
	$(BIN)/python -m evals.plugin_eval $(ARGS)
	$(if $(ARGS),,$(BIN)/python -m evals.plugin_eval --suite localize --scripted)

evals-live: $(VENV)/.installed
	$(BIN)/python -m evals.plugin_eval --live $(ARGS)

# Beside pr-agent, in an environment of its own (400 MB, Python 3.12 or newer): cost and mechanics, never in CI.
.PHONY: bench-peers
bench-peers: $(VENV)/.installed $(DATA)/.unpacked
	$(BIN)/python -m evals.bench_peers --diffs $(DATA)/diffs $(ARGS)
