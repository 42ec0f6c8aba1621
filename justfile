# Amana's commands. `./run NAME` installs what they need, then comes here.

set positional-arguments

export PATH := justfile_directory() / ".venv/bin:" + env("PATH")
export DJANGO_SETTINGS_MODULE := "amana.settings"
# Compiled once and kept, not again by each process of a test run.
export PYTHONDONTWRITEBYTECODE := ""

every_core := "-n logical --maxprocesses 8"
# A browser on a busy machine stumbles: what fails is walked once more, and is named (R).
# A file stays in one process: what it builds first, as the demo, is built once.
journeys := every_core + " --dist loadfile --no-loadscope-reorder --reruns 1 -rR -o testpaths=tests/journeys"

[private]
default:
    @echo "./run NAME, where NAME is one of:"
    @just --list --unsorted --list-heading ''

# Serve an invented country to explore (--directory FILE: with your own services).
demo *args: translated
    AMANA_DEMO=1 python manage.py demo "$@"

# Run every test: on SQLite, on PostgreSQL, against ODK's engine, and in Chromium.
test *args: translated
    @just test-unit "$@"
    @just test-postgres "$@"
    @just oracle "$@"
    @just journeys "$@"

# Run the tests on SQLite; more words go to pytest.
test-unit *args: translated
    pytest {{every_core}} --dist worksteal "$@"

# Run the tests that use a database on PostgreSQL too, which comes as a wheel.
test-postgres *args: translated
    python -m tools.postgres pytest {{every_core}} --dist worksteal -m "not alone" "$@"
    python -m tools.postgres pytest -m alone "$@"

# Fill in each form 200 times at random, with our engine and with ODK's own.
oracle *args: translated
    pytest {{every_core}} --dist worksteal -rs -o testpaths=tests/peers "$@"

# Run whole stories in Chromium, in English and Arabic.
journeys *args: translated
    @python -m tools.chromium
    pytest {{journeys}} "$@"

# Walk eight of them that touch each wing, in under two minutes.
smoke *args: translated
    @python -m tools.chromium
    pytest {{journeys}} -m smoke "$@"

# Take the manual's pictures again, from the journeys.
screenshots: translated
    AMANA_SCREENSHOTS=1 pytest {{journeys}}

# Check each commit before it is made: style, format, translations (.githooks/).
hooks:
    git config core.hooksPath .githooks

# Check style, types, imports, translations, migrations and the deployment settings.
check: translated
    ruff check
    ruff format --check
    git ls-files -z '*/templates/*.html' | xargs -0 -r djade --check
    mypy
    lint-imports
    python -m tools.translations check
    python manage.py makemigrations --check --dry-run
    python -m tools.deployment

# Measure how code and texts are written, against limits (--list NAME: all places).
measures *args:
    @python -m tools.measures "$@"

# Format the code and the templates.
format:
    ruff check --fix
    ruff format
    git ls-files -z '*/templates/*.html' | xargs -0 -r djade

# Collect new texts into amana/locale and compile the translations.
messages:
    python -m tools.translations update

# Fetch what vendor.toml names from npm and check its hashes (--accept: take a new version).
vendor *args:
    python -m tools.vendor "$@"

# Make a release from the newest commit, and sign it (docs/security/releases.md).
release *args:
    @python -m tools.release "$@"

# Check a mechanism's pack: ./run pack check FOLDER (docs/manual/pack.md).
pack *args: translated
    @python manage.py pack "$@"

# Draw what comes from the code: the house’s floors, statuses and clocks of referrals.
docs:
    python -m tools.draw_house
    python manage.py draw_referrals

# Plant known faults, one after the other; fails if the tests miss one.
mutants *names: translated
    python -m tests.mutants "$@"

# List our promises, their tests and planted faults (--write: the page of the manual).
promises *args:
    @python -m tests.promises "$@"

# Measure what must stay fast; fails above a limit, writes benchmarks/results.md.
bench *args: translated
    python -m benchmarks "$@"

# Compare what Amana publishes with other programs, installed in var/ (see --help).
beside *args: translated
    python -m benchmarks.beside "$@"

# Send the requests of fifty people at work, with 100,000 cases (see --help).
load *args: translated
    python -m benchmarks.load "$@"

# Let five hundred learners take a test at once (see --help).
examinees *args: translated
    python -m benchmarks.examinees "$@"

# Kill each command in the middle, fill its disk, follow the how-tos; each night.
nightly *args: translated
    AMANA_NIGHTLY=1 pytest {{every_core}} -m nightly "$@"
    AMANA_NIGHTLY=1 python -m tools.postgres pytest -m nightly "$@"
    @python -m tools.chromium
    AMANA_NIGHTLY=1 pytest {{journeys}} -m nightly "$@"

# Follow the manual word for word on a fresh Debian, as root; each night (--help).
fresh-debian *args:
    python -m tests.operations.fresh_debian "$@"

# Have PostgreSQL explain each query of each page, with 100,000 cases.
plans *args: translated
    python -m benchmarks.plans "$@"

# Start a PostgreSQL, run a command with its DATABASE_URL, and delete it.
postgres +command:
    python -m tools.postgres "$@"

[private]
translated:
    @python -m tools.translations compile
