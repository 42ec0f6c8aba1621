"""The pages of the log: for whom, what stands on them, and what never does (P17)."""

import os
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.trust.access.models import Role
from amana.trust.audit import (
    anchor,
    checking,
    export,
    log,
    log_keys,
    offline_verifier,
    sealing,
)
from amana.trust.audit.models import AuditEvent
from amana.trust.audit.tests.test_verifying import guards_down
from amana.trust.oversight import tasks
from amana.trust.vault.models import generate_uuid7
from tests.worlds import kept

pytestmark = pytest.mark.django_db
PAGES = ["audit:log", "audit:checker"]


@kept
def auditor():
    return given.make_worker(role=Role.AUDITOR, name="Ines Auditor")


@kept
def worker():
    return given.make_worker(name="Samir Worker")


def body(answer):
    return answer.content.decode()


@pytest.mark.parametrize("role", Role)
def test_only_those_who_oversee_read_the_log(role):
    browser = given.sign_in(given.make_worker(role=role))
    oversees = role in {Role.AUDITOR, Role.DATA_PROTECTION_OFFICER}

    for name in PAGES:
        answer = browser.get(reverse(name))
        assert answer.status_code == (200 if oversees else 404), name
    for name in ("audit:check", "audit:copy"):
        answer = browser.post(reverse(name))
        assert (answer.status_code == 404) != oversees, name


def test_the_log_says_who_did_what_for_what(auditor, worker):
    log.record(
        "opened",
        by=worker,
        case=generate_uuid7(),
        purpose="consent",
        compartments=["health"],
    )

    page = body(given.sign_in(auditor).get(reverse("audit:log")))

    assert "Samir Worker" in page
    assert "Opened the case: Health" in page
    assert "to ask for consent" in page


def test_the_log_is_filtered_by_act_person_and_day(auditor, worker):
    browser = given.sign_in(auditor)
    log.record("searched", by=worker, purpose="search")

    def events(**asked):
        answer = browser.get(
            reverse("audit:log"), asked, headers={"HX-Request": "true"}
        )
        assert answer.status_code == 200
        return body(answer)

    assert "Found the case by searching" in events(did="searched")
    assert "No such events" in events(did="founded")
    assert "Samir Worker" in events(person=worker.pk)
    assert "Samir Worker" not in events(person=auditor.pk)
    assert "No such events" in events(until="2020-01-01")
    assert "Samir Worker" in events(since="2020-01-01")
    assert events(since="nonsense", did="x")


def test_a_page_of_the_log_takes_as_many_queries_for_one_event_as_for_fifty(
    auditor, worker, django_assert_max_num_queries
):
    browser = given.sign_in(auditor)
    browser.get(reverse("audit:log"))
    for _number in range(60):
        log.record("opened", by=worker, case=generate_uuid7(), compartments=["needs"])

    with django_assert_max_num_queries(25):
        page = body(browser.get(reverse("audit:log")))
    assert page.count("Opened the case") >= 50
    assert "after=" in page


@pytest.fixture
def checks(auditor, django_capture_on_commit_callbacks):
    """Have the log checked, and read the page."""
    browser = given.sign_in(auditor)

    def check(**said):
        sealing.seal()
        anchor.record_signed(
            anchor.read().notes[-1]
        )  # the test's transaction never commits
        with django_capture_on_commit_callbacks(execute=True):
            answer = browser.post(reverse("audit:check"), said)
        return body(browser.get(answer["Location"]))

    return check


def test_checking_the_whole_log_says_that_it_is_right_and_for_whom(checks):
    assert "has not been checked yet" in body(
        given.sign_in(given.make_worker(role=Role.AUDITOR)).get(reverse("audit:log"))
    )
    log.record("opened", by=None)

    page = checks(all="1")

    assert "The log is intact" in page
    assert "entries were read, each with its position" in page
    assert "Ines Auditor" in page
    assert AuditEvent.objects.filter(did="checked log").count() == 1


def test_checking_what_is_new_says_that_the_rest_was_not_read_again(checks):
    log.record("opened", by=None)
    checks()
    for _number in range(3):
        log.record("opened", by=None)

    page = checks()

    done = checking.read()
    assert 0 < done.start < done.done
    assert f"its position and its signature: {done.done - done.start}." in page
    assert f"The first {done.start} entries were not read again" in page
    assert "The whole log was last read on:" in page


def test_a_log_that_is_not_right_is_said_to_be_wrong(checks):
    event = log.record("opened", by=None)
    sealing.seal()
    with guards_down():
        AuditEvent.objects.filter(pk=event.pk).update(did="closed")

    page = checks()

    assert "The log is not intact" in page
    assert f"(event {event.pk}) was changed" in page


def test_a_row_in_the_log_says_nothing_of_how_right_it_is(auditor):
    """Someone who writes in the database adds that it was checked."""
    log.record("checked log", by=auditor, right=True, entries=7)

    page = body(given.sign_in(auditor).get(reverse("audit:log")))

    assert "has not been checked yet" in page
    assert "The log is intact" not in page


def test_a_long_check_goes_on_in_tasks_and_says_how_far_it_is(
    auditor, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(export, "AT_ONCE", 2)
    monkeypatch.setattr(tasks, "PIECE", 0)
    enqueued, browser = [], given.sign_in(auditor)
    for _time in range(3):
        log.record("opened", by=None)
        log.record("opened", by=None)
        sealing.seal()
        anchor.record_signed(anchor.read().notes[-1])
    with (
        monkeypatch.context() as held,
        django_capture_on_commit_callbacks(execute=True),
    ):
        held.setattr(
            type(tasks.check_log), "enqueue", lambda _t, pk: enqueued.append(pk)
        )
        browser.post(reverse("audit:check"))
        tasks.check_log.func(auditor.pk)
    part = {"HX-Request": "true", "By-Itself": "1"}
    said = body(browser.get(reverse("audit:check"), headers=part))
    assert 'aria-busy="true"' in said
    assert f'value="{checking.read().done}"' in said
    assert enqueued
    assert "Check the whole log" not in said
    assert browser.get(reverse("audit:check"))["Location"] == reverse("audit:log")

    tasks.check_log.func(auditor.pk)  # and goes on by itself to the end

    said = body(browser.get(reverse("audit:check"), headers=part))
    assert "The log is intact" in said
    assert "aria-busy" not in said
    assert AuditEvent.objects.filter(did="checked log").count() == 1


def test_one_that_was_killed_is_said_to_have_stopped_and_goes_on(auditor, checks):
    log.record("opened", by=None)
    checking.begin_check(by=auditor.actor_id)
    browser = given.sign_in(auditor)
    assert "Entries checked" in body(browser.get(reverse("audit:log")))
    browser.post(reverse("audit:check"), {"all": "1"})
    assert not AuditEvent.objects.filter(did="asked to check log").exists()
    long_ago = (timezone.now() - timedelta(minutes=5)).timestamp()
    os.utime(checking.get_path(), (long_ago, long_ago))
    page = body(browser.get(reverse("audit:log")))
    assert "The check has stopped" in page
    assert "No errors found" in page

    assert "The log is intact" in checks()


def test_a_copy_of_the_log_holds_outside(auditor, worker):
    browser = given.sign_in(auditor)
    log.record("opened", by=worker, case=generate_uuid7())
    sealing.seal()

    answer = given.confirm_export(browser, browser.post(reverse("audit:copy")))
    copy = b"".join(answer).decode()

    report = offline_verifier.check(copy.splitlines(), log_keys.get_public_key())
    assert report.entries >= 1
    assert AuditEvent.objects.filter(did="exported").count() == 1
    assert answer["Cache-Control"] == "no-store"


def test_the_program_that_checks_is_the_one_that_we_use(auditor):
    answer = given.sign_in(auditor).get(reverse("audit:checker"))

    assert b"Check an exported audit log" in b"".join(answer)


# --- who has looked at a case


@kept
def case(worker):
    return given.make_case(worked_on_by=worker)


def test_those_who_work_on_a_case_see_who_has_looked(case, worker):
    page = body(given.sign_in(worker).get(reverse("audit:case", args=[case.pk])))

    assert "Samir Worker" in page
    assert "Created the case" in page
    assert case.reference in page


def test_reading_the_list_stands_in_the_list(case, worker):
    browser = given.sign_in(worker)
    browser.get(reverse("audit:case", args=[case.pk]))

    assert "Read who has opened" in body(
        browser.get(reverse("audit:case", args=[case.pk]))
    )


def test_the_whole_list_can_be_printed(case, worker):
    for _number in range(80):
        log.record("opened", by=worker, case=case.pk)
    browser = given.sign_in(worker)
    url = reverse("audit:case", args=[case.pk])

    assert "Show all on one page" in body(browser.get(url))
    assert body(browser.get(url, {"print": ""})).count("Opened the case") >= 80


def test_a_data_protection_officer_sees_it_without_seeing_the_case(case):
    officer = given.make_worker(role=Role.DATA_PROTECTION_OFFICER)
    browser = given.sign_in(officer)

    page = body(browser.get(reverse("audit:case", args=[case.pk])))
    assert "Created the case" in page
    assert case.reference not in page


@pytest.mark.parametrize(
    "role", sorted(set(Role) - {Role.AUDITOR, Role.DATA_PROTECTION_OFFICER})
)
def test_strangers_do_not_learn_that_there_is_such_a_case(case, role):
    stranger = given.sign_in(given.make_worker(role=role))

    known = stranger.get(reverse("audit:case", args=[case.pk]))
    unknown = stranger.get(reverse("audit:case", args=[generate_uuid7()]))
    assert known.status_code == unknown.status_code == 404


def test_a_colleague_who_is_not_on_the_case_does_not_see_the_list(case, worker):
    colleague = given.make_worker(of=worker.memberships.get().team)
    answer = given.sign_in(colleague).get(reverse("audit:case", args=[case.pk]))

    assert answer.status_code == 404
