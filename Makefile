# The ways in: make run · make test. Everything else is for who changes the program.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help
# What speaks with the database, once more on PostgreSQL; how words and tables are read is the same there.
TWICE := --ignore-glob='*corpus*' tests/handlers tests/storage tests/bot/ops tests/bot/intake tests/bot/delivery \
	$(addprefix tests/bot/test_,$(addsuffix .py,faults kill kill_between_steps start))
# Many tests start the program anew: compiled files make each start a second shorter.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run check test soak soak-kills soak-company soak-faults soak-hostile figures bench lint format types pictures readings lock clean

help: ## what can be done
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.venv/run.done: requirements.lock
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/test.done: requirements-dev.lock .venv/run.done
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

run: .venv/run.done ## start the bot: on Telegram with a config.toml that has a token, else in the sandbox
	@$(BIN)/python -m bot

check: .venv/run.done ## look the config, the machine and Telegram over
	@$(BIN)/python -m bot check

# Four at once on two cores: many tests wait for processes that start.
test: .venv/test.done ## all tests, quick to slow
	$(BIN)/python -m pytest tests/rules --numprocesses 2 --cov=rules --cov-report=term:skip-covered --cov-fail-under=100 -q
	$(BIN)/python -m pytest tests --ignore tests/rules --ignore tests/browser --ignore tests/soak --numprocesses 4 -q
	KAOPING_TEST_DATABASE=postgresql $(BIN)/python -m pytest $(TWICE) --numprocesses 4 -q
	$(BIN)/python -m pytest tests/browser --numprocesses 2 -q -p no:asyncio

soak: .venv/test.done soak-kills soak-company soak-faults soak-hostile ## the long fault runs; their lengths: docs/reliability.md
	KAOPING_HYPOTHESIS=thorough $(BIN)/python -m pytest tests/rules --numprocesses 2 -q
	$(BIN)/python -m pytest tests/soak/test_bureau_year.py tests/soak/test_crowd.py -q

soak-kills: .venv/test.done ## kill -9 again and again, on both databases
	$(BIN)/python -m pytest tests/soak/test_kills.py -k "not company" -q -rP

soak-company: .venv/test.done ## several processes on PostgreSQL, killed and frozen
	$(BIN)/python -m pytest tests/soak/test_kills.py -k company -q -rP

soak-faults: .venv/test.done ## disk, database, Telegram, order and clock
	$(BIN)/python -m pytest tests/soak/test_faults.py -k "not hostile" -q -rP

soak-hostile: .venv/test.done ## a hundred thousand hostile messages
	$(BIN)/python -m pytest tests/soak/test_faults.py -k hostile -q -rP

figures: .venv/test.done ## put what the long runs kept in tests/soak/record.jsonl into docs/reliability.md
	$(BIN)/python -m tests.soak.figures

bench: .venv/test.done ## measure the speed beside its peers, and write docs/performance.md
	$(BIN)/python -m benchmarks --write

lint: .venv/test.done ## style, layers and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	node --check sandbox/page.js

format: .venv/test.done
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pictures: .venv/test.done ## take the README's pictures anew, from a real conversation
	$(BIN)/python -m tests.pictures

readings: .venv/test.done ## how signs and phrases are read, anew from pypinyin
	$(BIN)/python -m tests.readings

lock: ## resolve requirements.in and requirements-dev.in anew
	UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile --no-strip-extras --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links requirements.in -o requirements.lock
	UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile --no-strip-extras --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links -c requirements.lock requirements-dev.in -o requirements-dev.lock

clean: ## forget the environment, not the data
	rm -rf .venv
