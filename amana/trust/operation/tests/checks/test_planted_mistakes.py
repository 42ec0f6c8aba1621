"""The doctor finds each planted mistake, tells how to mend it, and finds nothing more
where all is well."""

import re
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from amana import given
from amana.trust.access.models import Role
from amana.trust.alarms.models import TimerRun
from amana.trust.backup import databases, restoring
from amana.trust.operation import checks
from amana.trust.operation.checks import CHECKS, RepairUrgency
from amana.trust.vault.models import Heartbeat

from .installations import enqueue, wrong
from .planted_mistakes import PLANTED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("well")]


def test_nothing_is_wrong_where_all_is_well() -> None:
    assert wrong() == {}
    said = StringIO()
    call_command("doctor", stdout=said)
    assert "Everything is in order." in said.getvalue()


@pytest.mark.parametrize("check", sorted(PLANTED))
def test_the_doctor_names_the_planted_mistake_and_says_how_to_mend_it(
    check: str, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant, says, mends = PLANTED[check]
    plant(settings, tmp_path, monkeypatch)

    found = wrong()

    assert set(found) == {check}
    assert says in found[check].what
    assert mends in " ".join([found[check].mend, *found[check].commands])
    said = StringIO()
    with pytest.raises(CommandError, match="1 to fix"):
        call_command("doctor", stdout=said)
    for line in (found[check].mend, *found[check].commands):
        assert line in said.getvalue()


def test_a_database_that_shows_its_certificate_is_well(monkeypatch: Any) -> None:
    options = connection.settings_dict["OPTIONS"] | {"sslmode": "verify-full"}
    monkeypatch.setitem(connection.settings_dict, "HOST", "db.example.org")
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
    assert wrong() == {}


def test_each_check_finds_a_planted_mistake() -> None:
    here = {c.name for c in CHECKS if c.find.__module__.startswith(checks.__name__)}
    assert here == PLANTED.keys()


ON_A_WHOLE_DATABASE = sorted(PLANTED.keys() - {"check_restoration"})


def restore_by_half() -> None:
    """Leave what a restoration leaves that was killed after its first table."""
    with connection.cursor() as cursor:
        cursor.execute(databases.MARK)
        cursor.execute("ALTER TABLE alarms_timerrun RENAME TO not_there_yet")


def test_a_half_restoration_is_named_first_and_nothing_else_is_asked_of_it(
    settings: Any,
) -> None:
    """Neither is said to be missing what is only not there yet."""
    settings.BACKUP_KEYS_RECIPIENT = ""
    restore_by_half()

    results = checks.run_checks()

    found = [result.check.name for result in results if result.finding]
    assert found == ["check_restoration", "check_settings"]
    assert not any(r.check.asks_database for r in results[1:])
    said = StringIO()
    with pytest.raises(CommandError, match="2 to fix"):
        call_command("doctor", stdout=said)
    assert said.getvalue().startswith("  WRONG Restoration\n")


def test_the_page_names_a_half_restoration_first() -> None:
    enqueue()
    DBTaskResult.objects.update(status="FAILED")
    with connection.cursor() as cursor:
        cursor.execute(databases.MARK)
    page = given.sign_in(given.make_worker(role=Role.ADMINISTRATOR)).get(
        reverse("operation:state")
    )
    wrong = page.context["wrong"]
    assert [result.check.name for result in wrong] == ["check_restoration"]
    assert "Run “amana restore” again" in page.content.decode()


def test_where_it_could_not_be_asked_the_others_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away() -> bool:
        raise OperationalError("no route")

    monkeypatch.setattr(restoring, "is_unfinished", away)
    assert set(wrong()) == {"check_restoration"}
    assert "check_migrations" in {r.check.name for r in checks.run_checks()}


def test_what_is_most_urgent_comes_first(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for check in ON_A_WHOLE_DATABASE:
        PLANTED[check][0](settings, tmp_path, monkeypatch)
    results = checks.run_checks()
    found = [r.check.urgency for r in results if r.finding]
    assert found == sorted(found)
    assert {*found} == {*RepairUrgency}
    assert all(r.finding is None for r in results[len(found) :])


def test_the_doctor_says_how_urgent_it_is() -> None:
    TimerRun.objects.update(tried_at=timezone.now() - timedelta(hours=1))
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("doctor", stdout=said)
    assert said.getvalue().startswith("  WRONG Timers\n")
    assert "→ Fix now. Start its service." in said.getvalue()


def test_where_no_process_runs_the_timers_they_are_not_named_one_by_one() -> None:
    long_ago = timezone.now() - timedelta(days=3)
    TimerRun.objects.update(at=long_ago, tried_at=long_ago, known_since=long_ago)
    assert set(wrong()) == {"check_timer_process"}
    assert "check_timers" not in {r.check.name for r in checks.run_checks()}  # nor well

    TimerRun.objects.filter(command="watch_log").update(tried_at=timezone.now())
    assert set(wrong()) == {"check_timers"}


def test_a_command_to_type_gives_nothing_up(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is lost by it stands in the sentence, behind its condition."""
    for check in ON_A_WHOLE_DATABASE:
        PLANTED[check][0](settings, tmp_path, monkeypatch)
    typed = [command for finding in wrong().values() for command in finding.commands]
    assert len(typed) > 9
    assert [c for c in typed if re.search(r"\b(rm|lost_file|discard|drop)\b", c)] == []


def test_the_page_leads_to_where_it_is_mended() -> None:
    enqueue()
    DBTaskResult.objects.update(status="FAILED")
    Heartbeat.objects.update(doubted_at=timezone.now())
    page = given.sign_in(given.make_worker(role=Role.ADMINISTRATOR)).get(
        reverse("operation:state")
    )
    main = page.content.decode().partition("<main")[2]
    for name in ("operation:tasks", "retention:now"):
        assert f'class="button" data-kind="plain" href="{reverse(name)}"' in main
