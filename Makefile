# Two commands are enough: `make demo` and `make test`. Needs make, a POSIX shell and Python 3.11 or newer.

VENV := .venv
PY := $(VENV)/bin/python
PORT ?= 8000
UV ?= uv
# Some tests wait for real servers, browsers and clocks: one worker more than cores may fill that time.
WORKERS ?= 2

# Images of Python often forbid to keep what was compiled: every process of ours would compile all our modules anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test browser bilder check types style site stop lock environment packages dev-packages
# Targets build on one another in order, and each uses all cores by itself; only the checks stand beside one another.
ifndef SIDE_BY_SIDE
.NOTPARALLEL:
endif

help:
	@echo 'make demo      start the site with a demo season on http://127.0.0.1:8000 (another port: make demo PORT=8001)'
	@echo 'make test      run every test that this machine can run'
	@echo 'make browser   run the browser tests alone; screenshots go to artefacts/'
	@echo 'make bilder    take the pictures of README and handbook anew'
	@echo 'make check     linters, types, walls, templates, migrations, settings, translations'
	@echo 'make stop      stop the embedded Postgres'
	@echo 'make lock      compile requirements*.txt to the hashed lock files (needs uv)'

demo: packages
	@RACEDESK_SITE_URL="$${RACEDESK_SITE_URL:-http://127.0.0.1:$(PORT)}" exec $(PY) manage.py demo --port $(PORT)

# Neighbours share what is costly to prepare, so each worker begins with a half, and who is done takes from the other's end.
test: dev-packages
	@$(PY) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

browser: dev-packages
	@$(PY) -m pytest -m browser tests/browser $(ARGS)

bilder: dev-packages
	@$(PY) -m pytest tests/browser/test_bilder.py --bilder

stop: packages
	@$(PY) manage.py localdb stop

# --- checks -----------------------------------------------------------------------------------------------------------

# What a public site sets; the names lead nowhere, for nothing is asked.
PRODUCTION := DATABASE_URL=postgres://desk@db.invalid/racedesk RACEDESK_HTTPS=1 \
	RACEDESK_SITE_URL=https://www.example.org RACEDESK_ALLOWED_HOSTS=www.example.org \
	RACEDESK_EMAIL_URL=smtp+tls://desk@mail.invalid

check: dev-packages
	@$(MAKE) --no-print-directory --jobs=2 --keep-going --output-sync=target types style site SIDE_BY_SIDE=1

types:
	$(PY) -m mypy racedesk articles results

style:
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(VENV)/bin/lint-imports
	$(VENV)/bin/djade --check --target-version 5.2 $$(find templates -name '*.html')
	$(VENV)/bin/djlint --quiet --lint templates
	$(VENV)/bin/django-upgrade --check --target-version 5.2 $$(find manage.py racedesk articles results tests -name '*.py')

site:
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py check --fail-level WARNING
	RACEDESK_SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))') $(PRODUCTION) \
		$(PY) manage.py check --deploy --fail-level WARNING
	$(PY) -m pytest -q tests/site/test_catalogue.py

# --- the virtual environment ------------------------------------------------------------------------------------------

# One whose Python is gone, too old or half made is made anew.
environment:
	@$(PY) -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		for candidate in python3.13 python3.12 python3.11 python3 python none; do \
			$$candidate -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; \
		done; \
		if [ "$$candidate" = none ]; then \
			echo 'racedesk needs Python 3.11 or newer with the modules venv and ensurepip.' >&2; \
			echo "Here: $$(python3 --version 2>/dev/null || echo 'no python3')." >&2; \
			echo 'On Debian or Ubuntu: apt-get install python3 python3-venv' >&2; \
			exit 1; \
		fi; \
		echo "Making $(VENV) with $$($$candidate --version) …"; \
		rm -rf $(VENV) && $$candidate -m venv $(VENV); \
	}

# The lock is copied beside what was installed from it, so a second run has nothing to do.
INSTALL = cmp -s $(1) $(VENV)/$(1) || { \
	echo "Installing the packages of $(1) …" && \
	$(PY) -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r $(1) && \
	cp $(1) $(VENV)/$(1); }

packages: environment
	@$(call INSTALL,requirements.lock)

dev-packages: packages
	@$(call INSTALL,requirements-dev.lock)

COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command 'make lock'

lock:
	@command -v $(UV) >/dev/null || { echo 'make lock needs uv: pip install uv, or name it: make lock UV=…/uv' >&2; exit 1; }
	$(COMPILE) requirements.txt -o requirements.lock
	$(COMPILE) requirements-dev.txt -c requirements.lock -o requirements-dev.lock
