"""What differs from production while testing, and nothing else."""

import gc
import os
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import sleep

import pytest
from django.conf import settings as house
from django.core.cache import cache
from django.db import connection, transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import TransactionTestCase, override_settings
from django.utils import timezone, translation
from hypothesis import HealthCheck, settings

from tests.profiles import EXAMPLES, shortened

pytest_plugins = ["tests.worlds", "tests.databases"]

FOR_TESTS = override_settings(
    WHITENOISE_AUTOREFRESH=True,  # no collected files to look for
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    # The least that Argon2id allows: a test signs in within a millisecond.
    VAULT_ARGON2={"iterations": 1, "lanes": 1, "memory_cost": 8},
    OPEN_TO_LEARNERS=True,  # as in the demo; what a closed door does is tested too
    AUDIT_SEALS_AT_ONCE=False,  # tests seal when they say so
    AUDIT_LOG_KEY_FILE=Path(tempfile.mkdtemp(prefix="amana-log-")) / "audit-log.key",
    AUDIT_ANCHOR=Path(tempfile.mkdtemp(prefix="amana-anchor-")) / "audit.anchor",
    WITNESS_KEY_FILE=Path(tempfile.mkdtemp(prefix="amana-witness-")) / "witness.key",
    FACTS_KEY_FILE=Path(tempfile.mkdtemp(prefix="amana-facts-")) / "facts.key",
    ERASED_LIST=Path(tempfile.mkdtemp(prefix="amana-erased-")) / "erased.list",
    LTI_KEY_FILE=Path(tempfile.mkdtemp(prefix="amana-lti-")) / "lti.key",
    CERTIFICATE_KEYS=Path(tempfile.mkdtemp(prefix="amana-certificates-")),
    CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    TASKS={"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}},
    STORAGES={
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {
            "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        },
    },
)

LONG = (
    "tests/properties",
    "tests/reliability",
    "tests/journeys/test_every_page",
    "tests/journeys/test_demo",
    "tests/journeys/test_operators_day",
)

ASK_IN_OTHER_PROCESSES = tuple(
    f"tests/reliability/test_{name}"
    for name in ("backup", "interrupted", "kill", "moving", "timers", "two_servers")
)

slow_is_fine = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile(
    "fast", max_examples=shortened(EXAMPLES), deadline=None, derandomize=True
)
settings.register_profile(
    "thorough", max_examples=2000, deadline=None, suppress_health_check=slow_is_fine
)


as_django_does = BaseDatabaseOperations.execute_sql_flush


def flush_despite_guards(self: BaseDatabaseOperations, sql_list: Iterable[str]) -> None:
    """Empty the tables after a test with transactions, those of the log included,
    which triggers else keep anybody from emptying."""
    with transaction.atomic(), connection.cursor() as cursor:
        sqlite = connection.vendor == "sqlite"
        cursor.execute(TRIGGERS_OF_SQLITE if sqlite else TABLES_WITH_TRIGGERS)
        guards = cursor.fetchall()
        for name, _ in guards:
            cursor.execute(
                f"DROP TRIGGER {name}"
                if sqlite
                else f"ALTER TABLE {name} DISABLE TRIGGER USER"
            )
        as_django_does(self, sql_list)
        for name, sql in guards:
            cursor.execute(sql if sqlite else f"ALTER TABLE {name} ENABLE TRIGGER USER")


TRIGGERS_OF_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
TABLES_WITH_TRIGGERS = """
    SELECT DISTINCT tgrelid::regclass::text, '' FROM pg_trigger WHERE NOT tgisinternal
"""


def pytest_configure() -> None:
    FOR_TESTS.enable()
    BaseDatabaseOperations.execute_sql_flush = flush_despite_guards  # type: ignore[method-assign]
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Mark those that commit: on PostgreSQL, where a transaction of another test holds
    back the horizon of the log's sealing, they run with nobody beside them.

    What takes longest comes first, so that no core waits for another at the end. On
    PostgreSQL those are left out that ask no database: they would show nothing new."""
    left_out = [item for item in items if not is_for_now(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = filter(is_for_now, items)
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark is not None and mark.kwargs.get("transaction"):
            item.add_marker("alone")


def is_for_now(item: pytest.Item) -> bool:
    """Whether it is tried here, and each time rather than at night."""
    if item.get_closest_marker("nightly") and "AMANA_NIGHTLY" not in os.environ:
        return False
    return connection.vendor != "postgresql" or asks_a_database(item)


def asks_a_database(item: pytest.Item) -> bool:
    """Whether a test may: pytest lets no other one, on SQLite either."""
    case = getattr(item, "cls", None)
    return (
        item.get_closest_marker("django_db") is not None
        or not {"db", "transactional_db"}.isdisjoint(getattr(item, "fixturenames", ()))
        or (isinstance(case, type) and issubclass(case, TransactionTestCase))
        or item.nodeid.startswith(ASK_IN_OTHER_PROCESSES)
    )


def pytest_collection_finish() -> None:
    """What is loaded by now stays: Python need not look again and again whether it can
    be thrown away."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """`./run test -k word`: the word need not occur in every part of the suite."""
    nothing = exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED
    if nothing and session.config.option.keyword:
        session.exitstatus = pytest.ExitCode.OK


@pytest.fixture(autouse=True)
def _no_roster_seen() -> Iterator[None]:
    """What a test has committed, or founded, is gone, which only a thief does else."""
    from amana.trust.vault import roster

    yield
    roster.seen.forget()


@pytest.fixture(scope="session", autouse=True)
def _own_turns(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Tests beside each other wait for no place to read a foreign file."""
    from django.conf import settings

    settings.CONFINED_TURNS = tmp_path_factory.mktemp("turns")


@pytest.fixture(autouse=True)
def _no_midnight() -> None:
    """What is tomorrow when a test begins is not today when it ends: a test that would
    run across midnight waits for the new day."""
    now = datetime.now(UTC)
    if (now + timedelta(seconds=20)).date() != now.date():
        midnight = datetime.combine(now + timedelta(days=1), time.min, UTC)
        sleep((midnight - now).total_seconds())


@pytest.fixture(autouse=True)
def _nothing_cached() -> Iterator[None]:
    """Rate limits and the like start anew for each test, and none speaks the language
    in which another read its last page."""
    from amana.trust.audit import checking
    from amana.trust.vault.leaving import team_resealing

    yield
    cache.clear()
    team_resealing._rests_until = 0.0
    translation.deactivate()
    house.ERASED_LIST.unlink(missing_ok=True)
    house.AUDIT_ANCHOR.unlink(missing_ok=True)
    checking.get_path().unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def _time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that turns the clock lets time pass: the machine's counter goes along."""
    from amana.trust.vault import heartbeat

    start = datetime(2026, 1, 1, tzinfo=UTC)
    monkeypatch.setattr(heartbeat, "measure_uptime", lambda: timezone.now() - start)
