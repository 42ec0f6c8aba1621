"""A new version: running cases go on by it with every deadline, and none is lost."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from amana import given
from amana.care.pathways import actions, status, ticking, version_moves
from amana.care.pathways.models import OpenTask, PathwayRun, PendingSignal
from amana.care.pathways.tests.conftest import go
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism import steps, writing
from amana.design.mechanism.models import State
from amana.errors import Changed, Refused
from amana.trust.access.rules import Denied
from amana.trust.audit import log
from amana.trust.audit.models import AuditEvent
from tests.patching import replace_everywhere


def next_version(version, by, *changes, rename=None):
    """A draft with these changes, signed by nobody, ready to be put in force."""
    draft = mechanisms.begin_draft(version, by=by)
    for change in changes:
        mechanisms.edit_draft(draft, change, by=by)
    if rename:
        mechanisms.rename_step(draft, *rename, by=by)
    mechanisms.open_consultation(draft, by=by)
    draft.move(State.ADOPTED, adopted_at=timezone.now(), adopted_by=by)
    return draft


def longer(files):
    return writing.write_value(
        files, "pathway.yaml", ("steps", "register", "due"), "P9D"
    )


def without_care(files):
    return steps.remove_step(files, ("steps", "care"))


def test_a_running_case_keeps_its_deadline(course, mechanism, worker, coordinator):
    go(course, ("meet", worker, {"agrees": "yes"}))
    before = course.dues.get()
    new = next_version(mechanism, coordinator, longer, rename=("register", "receive"))
    mechanisms.put_in_force(new, by=coordinator)

    course = PathwayRun.objects.get(pk=course.pk)
    due = course.dues.get()
    assert course.version == new
    assert (due.key, due.due_at, due.team) == ("receive", before.due_at, before.team)
    assert course.facts.order_by("-number").first().kind == "moved"
    assert list(status.compute_state(course).open) == ["receive"]
    moved = AuditEvent.objects.get(did="moved cases")
    assert course.case_id in moved.mentions.values_list("case", flat=True)
    actions.finish_step(course, "receive", by=coordinator)
    assert "listen" in course.dues.values_list("key", flat=True)


def test_the_log_says_which_cases_were_moved_some_at_a_time(
    course, mechanism, worker, coordinator, monkeypatch
):
    cases = [course.case, *(given.make_case(worked_on_by=worker) for _n in range(2))]
    replace_everywhere(monkeypatch, version_moves, "AT_ONCE", 2)
    new = next_version(mechanism, coordinator, longer)
    mechanisms.put_in_force(new, by=coordinator)

    told = AuditEvent.objects.filter(did="moved cases").order_by("pk")
    named = [set(event.mentions.values_list("case", flat=True)) for event in told]
    assert [len(some) for some in named] == [2, 1]
    assert set.union(*named) == {case.pk for case in cases}


def test_what_has_no_place_stays_and_is_placed_by_hand(
    registered, case, mechanism, worker, coordinator, stranger
):
    new = next_version(mechanism, coordinator, without_care)
    told = mechanisms.list_unplaced(new, by=coordinator)
    assert [unplaced.what for unplaced in told] == ["1 case"]
    assert "Offer a health check" in told[0].why

    mechanisms.put_in_force(new, by=coordinator)
    course = PathwayRun.objects.get(pk=registered.pk)
    assert course.version == mechanism
    assert [left.course for left in left_behind(new)] == [course]
    actions.finish_step(course, "listen", data={"children": 0}, by=worker)
    with pytest.raises(Denied):
        version_moves.place_case(course, {"care": "goodbye"}, by=stranger)
    with pytest.raises(Refused, match="Offer a health check"):
        version_moves.place_case(course, {}, by=coordinator)

    version_moves.place_case(course, {"care": "listen"}, by=coordinator)

    course.refresh_from_db()
    assert course.version == new
    assert not left_behind(new)
    with pytest.raises(Refused, match="already"):
        version_moves.place_case(course, {}, by=coordinator)


def listened_after_care(files):
    """What was done at once comes one after the other."""
    files = writing.write_value(
        files, "pathway.yaml", ("steps", "beside", "together"), ["care", "rest"]
    )
    return writing.write_value(
        files, "pathway.yaml", ("steps", "care", "next"), "listen"
    )


def forecast(version, by):
    told = mechanisms.list_unplaced(version, by=by)
    return sorted((unplaced.what, unplaced.why) for unplaced in told)


def moved_one_by_one(version):
    """The same, by opening each case."""
    found = Counter(why for left in left_behind(version) for why in {*left.why})
    return sorted((f"{n} case{'s' * (n > 1)}", why) for why, n in found.items())


@pytest.mark.parametrize("change", [longer, without_care, listened_after_care])
def test_what_is_counted_beforehand_is_what_stays_behind(
    course, worker, mechanism, coordinator, change
):
    """Of cases at the first step, at three at once, and at one of a child."""
    for number in range(4):
        case = given.make_case(worked_on_by=worker, identity_age=30)
        if number:
            go(case.course, ("meet", worker, {"agrees": "yes"}))
            go(case.course, ("register", coordinator, {}))
        if number == 3:
            go(case.course, ("listen", worker, {"children": 2}))
    new = next_version(mechanism, coordinator, change)

    found = forecast(new, coordinator)

    assert found == moved_one_by_one(new)
    assert bool(found) == (change is not longer)


def test_what_an_interrupt_keeps_apart_is_in_no_ones_way(
    registered, mechanism, worker, coordinator
):
    actions.record_message(registered, "consent_withdrawn", by=worker)
    keys = set(registered.dues.values_list("key", flat=True))
    assert keys == {"care", "goodbye"}
    assert forecast(next_version(mechanism, coordinator, longer), coordinator) == []


def test_it_is_counted_without_opening_a_case(
    registered, mechanism, worker, coordinator
):
    """With as many queries for many cases, and none of them reads what happened."""
    new = next_version(mechanism, coordinator, without_care)
    assert new.pack != mechanism.pack  # each is read once, before it is counted

    def asked():
        with CaptureQueriesContext(connection) as queries:
            told = mechanisms.list_unplaced(new, by=coordinator)
        return [unplaced.what for unplaced in told], [query["sql"] for query in queries]

    few, queries = asked()
    for _number in range(6):
        case = given.make_case(worked_on_by=worker, identity_age=20)
        go(case.course, ("meet", worker, {"agrees": "yes"}))
        go(case.course, ("register", coordinator, {}))
    many, more_queries = asked()

    assert (few, many) == (["1 case"], ["7 cases"])
    assert len(more_queries) == len(queries)
    assert not [sql for sql in more_queries if "pathways_pathwayevent" in sql]
    assert not [sql for sql in more_queries if "cases_case" in sql]


def test_a_case_placed_by_hand_keeps_what_was_said_of_its_steps(
    registered, mechanism, worker, coordinator
):
    """Also of a step that has another name in the new version."""
    new = next_version(
        mechanism, coordinator, without_care, rename=("listen", "ask_who")
    )
    mechanisms.put_in_force(new, by=coordinator)
    course = PathwayRun.objects.get(pk=registered.pk)
    now = timezone.now()
    course.dues.update(told_at=now, reminded_at=now)
    before = course.dues.order_by("due_at")[0]

    version_moves.place_case(course, {"care": "ask_who"}, by=coordinator)

    due = course.dues.get()
    assert (due.key, due.due_at) == ("ask_who", before.due_at)
    assert (due.told_at, due.reminded_at) == (now, now)


def left_behind(version):
    return list(version_moves.iterate_left(version, version_moves.find_behind(version)))


def test_a_step_that_was_renamed_while_somebody_works_on_it(
    course, mechanism, worker, coordinator
):
    seen = course.length
    new = next_version(mechanism, coordinator, rename=("meet", "listen_first"))
    mechanisms.put_in_force(new, by=coordinator)
    with pytest.raises(Changed, match="no longer due in this case"):
        actions.finish_step(
            course, "meet", data={"agrees": "yes"}, expected=seen, by=worker
        )
    actions.finish_step(course, "listen_first", data={"agrees": "yes"}, by=worker)


class TestClock:
    def later(self, **time):
        return time_machine.travel(timezone.now() + timedelta(**time), tick=False)

    def test_a_wait_ends_when_its_time_is_over(self, registered):
        with self.later(days=29):
            ticking.run_due_work()
            assert registered.awaited.exists()
        with self.later(days=31):
            ticking.run_due_work()
            assert not registered.awaited.exists()
            assert registered.facts.order_by("-number").first().kind == "expired"
            assert not actions.expire_wait(registered, "rest")

    def test_those_who_do_a_step_are_reminded_once(self, course, worker, mailoutbox):
        due = course.dues.get()
        mailoutbox.clear()
        with time_machine.travel(due.remind_at + timedelta(seconds=1), tick=False):
            ticking.run_due_work()
            ticking.run_due_work()
        assert [message.to for message in mailoutbox] == [[worker.email]]
        assert AuditEvent.objects.filter(did="reminded of step").count() == 1

    def test_a_mistake_with_one_case_keeps_no_other_from_being_told(
        self, course, worker, mailoutbox, monkeypatch
    ):
        given.make_case(
            worked_on_by=given.make_worker(of=worker.memberships.get().team)
        )
        first, second = OpenTask.objects.order_by("remind_at", "pk")
        record = log.record

        def fail(did, *args, **about):
            if about.get("case") == first.case_id:
                raise ZeroDivisionError
            return record(did, *args, **about)

        monkeypatch.setattr(log, "record", fail)
        assert second.remind_at is not None
        with (
            time_machine.travel(second.remind_at + timedelta(seconds=1), tick=False),
            pytest.raises(ZeroDivisionError),
        ):
            ticking.run_due_work()
        second.refresh_from_db()
        assert second.reminded_at

    def test_those_who_must_know_are_told_once_that_it_is_late(
        self, course, coordinator, mailoutbox
    ):
        due = course.dues.get()
        mailoutbox.clear()
        with time_machine.travel(due.due_at + timedelta(seconds=1), tick=False):
            ticking.run_due_work()
            ticking.run_due_work()
        assert [message.to for message in mailoutbox] == [[coordinator.email]]
        assert AuditEvent.objects.filter(did="told of late step").count() == 1

    def test_a_move_tells_nobody_again(self, course, mechanism, coordinator):
        with self.later(days=20):
            ticking.run_due_work()
            new = next_version(mechanism, coordinator, longer)
            mechanisms.put_in_force(new, by=coordinator)
            assert OpenTask.objects.get().told_at is not None
            assert ticking.run_due_work() == 0


def test_one_case_that_cannot_go_on_keeps_no_other_waiting(registered):
    long_ago = timezone.now() - timedelta(hours=1)
    PendingSignal.objects.filter(course=registered).update(until=long_ago)
    OpenTask.objects.filter(key="listen").update(due_at=long_ago, by_at=long_ago)
    assert ticking.run_due_work() == 1
    assert OpenTask.objects.get(key="listen").told_at
    assert registered.awaited.exists()
