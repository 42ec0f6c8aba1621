"""People's data leaves by one way: for a reason, in a limit, marked, seen by the
person; of more than 25 people only with a second person, of another team (P17, P19)."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import case_exports
from amana.care.cases.models import Case
from amana.errors import Changed, Refused
from amana.notifications.models import Notification, NotificationTopic
from amana.trust.access.models import Role, Team, User
from amana.trust.access.rules import Denied
from amana.trust.audit import log
from amana.trust.audit.models import AuditEvent
from amana.trust.exports import actions
from amana.trust.exports.export_kinds import KINDS, ExportKind
from amana.trust.exports.models import Export
from amana.trust.exports.rules import approve_export, see_export, take_export
from amana.trust.exports.states import ALONE, MOST_EXPORTS, MOST_RECORDS, ExportStatus
from tests.worlds import kept

pytestmark = pytest.mark.django_db

type OnCommit = Callable[..., AbstractContextManager[object]]


@kept
def team(db: None) -> Team:
    return given.make_team()


@kept
def worker(team: Team) -> User:
    return given.make_worker(of=team, name="Works on it")


@kept
def lead(team: Team) -> User:
    return given.make_worker(of=team, role=Role.SUPERVISOR, name="Lead")


@kept
def officer(db: None) -> User:
    return given.make_worker(role=Role.DATA_PROTECTION_OFFICER, name="Officer")


@kept
def case(worker: User) -> Case:
    return given.make_case(worked_on_by=worker, identity_name="Hiwot Abate")


def of_many(count: int) -> ExportKind:
    """A kind of which there are so many people, as if there were so many cases."""
    people = [uuid4() for _person in range(count)]
    return ExportKind(
        "of many", "Many", lambda user, chosen: {p: p for p in people}, written
    )


def written(request: Any, export: Export) -> Any:
    raise NotImplementedError


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], ExportKind]:
    def made(count: int) -> ExportKind:
        kind = of_many(count)
        monkeypatch.setitem(KINDS, kind.code, kind)
        return kind

    return made


def asks(kind: ExportKind, by: User, why: str = "help") -> Export:
    return actions.request_export(kind, why=why, by=by)


def asks_for(case: Case, by: User, why: str = "help") -> Export:
    return actions.request_export(KINDS[case_exports.SHEETS], [case.pk], why=why, by=by)


# --- a reason, the log, the person


def test_nothing_leaves_without_a_reason(case: Case, worker: User) -> None:
    browser = given.sign_in(worker)
    page = browser.get(reverse("cases:print", args=[case.pk]))
    assert "Hiwot Abate" not in page.content.decode()
    assert "Why do you need it?" in page.content.decode()
    answer = given.confirm_export(browser, page, why="")
    assert answer.status_code == 422
    with pytest.raises(Refused, match="reason"):
        asks_for(case, worker, why="")
    assert not Export.objects.exists()
    shown = given.confirm_export(browser, page)
    assert "Hiwot Abate" in shown.content.decode()


def test_the_person_sees_that_it_was_exported_and_why(case: Case, worker: User) -> None:
    browser = given.sign_in(worker)
    page = browser.get(reverse("cases:print", args=[case.pk]))
    given.confirm_export(browser, page, why="handover")
    event = log.find_events_about(case.pk).get(did="exported")
    assert event.purpose == "export: handover"
    listed = browser.get(reverse("audit:case", args=[case.pk])).content.decode()
    assert "for another organisation, with the person’s consent" in listed


def test_each_page_and_file_says_who_when_and_which_export(
    case: Case, worker: User
) -> None:
    browser = given.sign_in(worker)
    for address in ("cases:print", "cases:print_all"):
        page = browser.get(reverse(address, args=[case.pk]))
        shown = given.confirm_export(browser, page).content.decode()
        export = Export.objects.latest("asked_at")
        mark = shown.partition('class="print-mark"')[2].partition("</p>")[0]
        assert export.pk.hex[-8:] in mark
        assert worker.name in mark
        assert f"{timezone.localtime(export.asked_at):%H:%M}" in mark


def test_an_event_log_is_marked_in_each_line_and_is_in_every_access_list(
    worker: User, case: Case
) -> None:
    from amana.care.pathways import logged

    coordinator = given.make_worker(role=Role.COORDINATOR, name="=Coordinator")
    browser = given.sign_in(coordinator)
    for format in ("json", "csv"):
        page = browser.get(reverse("ocel:log", args=[format]))
        answer = given.confirm_export(browser, page, why="check")
        export = Export.objects.latest("asked_at")
        text = b"".join(answer.streaming_content).decode()
        assert export.code in answer.headers["Content-Disposition"]
        if format == "json":
            assert json.loads(text)["exported"] == export.mark
        else:
            lines = text.splitlines()
            assert lines[0].endswith(",exported")
            assert all(export.code in line for line in lines[1:])
        assert export.count == len(logged.list_cases(coordinator))


# --- how many


def test_of_more_than_25_people_a_second_person_decides(
    many: Any, worker: User, officer: User
) -> None:
    assert asks(many(ALONE), worker).is_open
    export = asks(many(1), worker)  # one more on the same day
    assert export.is_waiting
    with pytest.raises(Denied):
        actions.release_export(export, by=worker)


def test_the_same_people_count_once_and_a_new_day_begins_anew(
    many: Any, worker: User
) -> None:
    kind = many(ALONE)
    assert asks(kind, worker).is_open
    assert asks(kind, worker).is_open
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert asks(many(ALONE), worker).is_open


def test_what_names_nobody_is_counted_alone(
    many: Any, worker: User, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks(many(ALONE), worker)
    for count, waits in ((ALONE, False), (ALONE + 1, True), (MOST_RECORDS * 3, True)):
        kind = replace(of_many(count), code="nameless", named=False)
        monkeypatch.setitem(KINDS, kind.code, kind)
        assert asks(kind, worker).is_waiting is waits


def test_a_day_has_a_most(many: Any, worker: User, officer: User) -> None:
    with pytest.raises(Refused, match="200 people"):
        asks(many(MOST_RECORDS + 1), worker)
    kind = many(1)
    for _time in range(MOST_EXPORTS):
        asks(kind, worker)
    with pytest.raises(Refused, match="the daily limit"):
        asks(kind, worker)
    assert asks(kind, officer).is_open


# --- the second person


def test_the_second_person_is_of_another_team(
    many: Any, worker: User, lead: User, officer: User
) -> None:
    export = asks(many(ALONE + 1), worker)
    other = given.make_worker(role=Role.SUPERVISOR)
    stranger = given.make_worker()
    administrator = given.make_worker(role=Role.ADMINISTRATOR)
    for user, decides in (
        (worker, False),
        (lead, False),
        (stranger, False),
        (administrator, False),
        (officer, True),
        (other, True),
    ):
        assert approve_export.permits(user, export) is decides
        assert see_export.permits(user, export) is (decides or user == worker)
        if not decides:
            with pytest.raises(Denied):
                actions.allow_export(export, by=user)
    given.join_team(lead, given.make_team(), role=Role.SUPERVISOR)
    given.end_membership(lead.memberships.earliest("pk"), by=lead)
    assert not approve_export.permits(lead, export)  # was of the team once


def test_what_was_allowed_is_taken_within_a_day(
    many: Any, worker: User, officer: User
) -> None:
    export = asks(many(ALONE + 1), worker)
    actions.allow_export(export, by=officer)
    assert len(actions.release_export(export, by=worker)) == ALONE + 1
    with pytest.raises(Changed):
        Export.objects.get(pk=export.pk).move(ExportStatus.REFUSED, decided_by=officer)
    with (
        time_machine.travel(timezone.now() + timedelta(hours=25)),
        pytest.raises(Refused, match="no longer available"),
    ):
        actions.release_export(export, by=worker)


def test_what_was_refused_is_not_taken(many: Any, worker: User, officer: User) -> None:
    export = asks(many(ALONE + 1), worker)
    actions.refuse_export(export, by=officer)
    with pytest.raises(Denied):
        actions.release_export(export, by=worker)
    asks(many(ALONE), worker)  # and counts no more


def test_nobody_decides_after_three_days(
    many: Any, worker: User, officer: User
) -> None:
    export = asks(many(ALONE + 1), worker)
    with (
        time_machine.travel(timezone.now() + timedelta(hours=73)),
        pytest.raises(Changed),
    ):
        actions.allow_export(export, by=officer)


def test_who_may_decide_is_told(
    many: Any,
    worker: User,
    lead: User,
    officer: User,
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    coordinator = given.make_worker(role=Role.COORDINATOR)
    with django_capture_on_commit_callbacks(execute=True):
        export = asks(many(ALONE + 1), worker)
    told = Notification.objects.filter(what=NotificationTopic.EXPORT, object=export.pk)
    assert {row.user for row in told} == {officer, coordinator}
    assert {to for message in mail.outbox for to in message.to} == {
        officer.email,
        coordinator.email,
    }
    assert worker.name not in "".join(f"{m.subject} {m.body}" for m in mail.outbox)


def test_where_nobody_may_decide_it_is_said_at_once(many: Any, worker: User) -> None:
    with pytest.raises(Refused, match="There is none here"):
        asks(many(ALONE + 1), worker)
    assert not Export.objects.exists()


def test_the_database_lets_no_one_decide_on_their_own(
    many: Any, worker: User, officer: User
) -> None:
    export = asks(many(ALONE + 1), worker)
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(decided_by=worker)


# --- whose it is


def test_no_one_takes_anothers_export(case: Case, worker: User, lead: User) -> None:
    export = asks_for(case, worker)
    address = reverse("exports:take", args=[export.pk])
    assert not take_export.permits(lead, export)
    assert given.sign_in(lead).get(address).status_code == 404
    assert given.sign_in(worker).get(address).status_code == 200


def test_a_case_that_one_does_not_see_is_not_exported(
    case: Case, lead: User, worker: User
) -> None:
    stranger = given.make_worker()
    with pytest.raises(Refused, match="nothing here"):
        asks_for(case, stranger)
    browser = given.sign_in(stranger)
    said = {"kind": "sheets", "thing": case.pk.hex, "why": "help"}
    from amana.ui import once

    answer = browser.post(reverse("exports:begin"), said | once.make_form_key())
    assert answer.status_code == 409
    assert "Hiwot" not in answer.content.decode()


def test_what_one_may_read_no_more_is_not_taken(
    case: Case, worker: User, lead: User
) -> None:
    export = asks_for(case, worker)
    given.end_membership(worker.memberships.get(), by=given.unlock_user(worker))
    with pytest.raises(Refused, match="nothing here"):
        actions.release_export(export, by=User.objects.get(pk=worker.pk))
    assert not AuditEvent.objects.filter(did="exported").exists()


def test_an_hour_later_it_is_asked_for_again(case: Case, worker: User) -> None:
    export = asks_for(case, worker)
    with (
        time_machine.travel(timezone.now() + timedelta(minutes=61)),
        pytest.raises(Refused, match="no longer available"),
    ):
        actions.release_export(export, by=worker)


# --- pages


def test_pages_of_exports(many: Any, worker: User, officer: User, lead: User) -> None:
    export = asks(many(ALONE + 1), worker)
    address = reverse("exports:export", args=[export.pk])
    mine = given.sign_in(worker)
    assert "second person from another team" in mine.get(address).content.decode()
    assert export.code in mine.get(address).content.decode()
    assert given.sign_in(lead).get(address).status_code == 404
    browser = given.sign_in(officer)
    assert "Allow" in browser.get(address).content.decode()
    assert worker.name in browser.get(reverse("exports:list")).content.decode()
    from amana.ui import once

    approve = reverse("exports:approve", args=[export.pk])
    assert browser.post(approve, once.make_form_key()).status_code == 302
    assert "Export now" in mine.get(address).content.decode()
    assert "No exports" in given.sign_in(lead).get("/exports/").content.decode()


def test_ids_that_are_none_are_nobodys(worker: User) -> None:
    from amana.trust.exports.views import parse_ids

    assert parse_ids(["x", "", str(UUID(int=5))]) == [UUID(int=5)]
