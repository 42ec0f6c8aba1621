"""What can be done on a case's way, and what it refuses."""

from typing import Any

import pytest

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import ClosureReason
from amana.care.pathways import actions, sealed, status
from amana.care.pathways.models import DeviationReason, PathwayRun
from amana.errors import Changed, Refused
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent


def keys(course):
    return sorted(course.dues.values_list("key", flat=True))


def test_a_case_that_is_opened_is_on_its_way(course, house):
    assert keys(course) == ["meet"]
    due = course.dues.get()
    assert (due.team, due.own, due.role) == (house, True, "responder")
    assert due.due_at is not None
    assert [fact.data for fact in course.facts.all()] == [
        {"age_group": "adult", "urgency": "U2"}
    ]


def test_a_case_begins_its_way_once(course, case, worker):
    with pytest.raises(Changed, match="already started"):
        actions.begin_pathway(case, data={}, by=worker)


def test_without_a_mechanism_a_case_has_no_way(worker):
    case = given.make_case(worked_on_by=worker)
    assert not PathwayRun.objects.exists()
    with pytest.raises(Refused, match="in force"):
        actions.begin_pathway(case, data={}, by=worker)


def test_a_step_that_is_done_leads_to_the_next_team(course, worker, office):
    actions.finish_step(course, "meet", data={"agrees": "yes"}, by=worker)

    due = course.dues.get()
    assert (due.key, due.team, due.own) == ("register", office, False)
    assert AuditEvent.objects.filter(did="finished step", case=course.case_id).exists()


def test_a_step_is_not_for_everybody(course, worker, supervisor, coordinator, stranger):
    for by in (coordinator, stranger):
        with pytest.raises(Denied):
            actions.finish_step(course, "meet", data={"agrees": "yes"}, by=by)
    actions.finish_step(course, "meet", data={"agrees": "yes"}, by=supervisor)
    with pytest.raises(Denied):
        actions.finish_step(course, "register", by=worker)


def test_the_second_is_told_what_the_first_has_done(course, worker, supervisor):
    actions.finish_step(course, "meet", data={"agrees": "yes"}, expected=1, by=worker)
    with pytest.raises(Changed, match="has already been done, by House"):
        actions.finish_step(
            course, "meet", data={"agrees": "no"}, expected=1, by=supervisor
        )
    assert course.facts.count() == 2


def test_a_step_that_was_done_anew_meanwhile_is_not_done_by_mistake(
    registered, worker, supervisor
):
    seen = registered.facts.count()
    actions.finish_step(registered, "listen", data={"children": 0}, by=worker)
    actions.reopen_step(
        registered, "listen", reason=DeviationReason.NEW_FACTS, by=supervisor
    )
    with pytest.raises(Changed, match="already"):
        actions.finish_step(
            registered, "listen", data={"children": 2}, expected=seen, by=worker
        )


def test_an_answer_is_one_of_the_steps_codes(course, worker):
    with pytest.raises(Refused, match="must be answered"):
        actions.finish_step(course, "meet", by=worker)
    with pytest.raises(Refused, match="can’t be"):
        actions.finish_step(course, "meet", data={"agrees": "perhaps"}, by=worker)
    assert course.facts.count() == 1


def test_somebody_says_which_of_two_teams_does_a_step(
    registered, worker, nurse, clinic, stranger
):
    care = registered.dues.get(key="care")
    assert (care.given, care.own) == (False, True)
    with pytest.raises(Denied):
        actions.finish_step(registered, "care", by=nurse)
    with pytest.raises(Denied):
        actions.give_to_team(registered, "health", clinic[0], by=stranger)
    other = given.make_team()
    with pytest.raises(Refused, match="does not play"):
        actions.give_to_team(registered, "health", other, by=worker)

    actions.give_to_team(registered, "health", clinic[0], by=worker)

    care = registered.dues.get(key="care")
    assert (care.team, care.given, care.own) == (clinic[0], True, False)
    actions.finish_step(registered, "care", by=nurse)
    assert "care" not in keys(registered)


def test_a_team_that_is_asked_gets_a_message_without_content(
    registered, worker, nurse, clinic, mailoutbox
):
    mailoutbox.clear()
    actions.give_to_team(registered, "health", clinic[0], by=worker)
    assert [message.to for message in mailoutbox] == [[nurse.email]]
    assert "health" not in mailoutbox[0].body.lower()


def test_a_child_has_steps_of_its_own(registered, worker):
    actions.finish_step(registered, "listen", data={"children": 2}, by=worker)
    assert {"child_needs@c1", "child_needs@c2"} <= set(keys(registered))


def test_a_decision_gives_its_reasons_and_the_team_reads_them(
    to_decide, worker, authority
):
    said: dict[str, Any] = {"data": {"grounds": "yes"}, "by": authority}
    with pytest.raises(Refused, match="based on"):
        actions.finish_step(to_decide, "grounds", **said)
    with pytest.raises(Refused, match="reasons"):
        actions.finish_step(to_decide, "grounds", ground="signs", **said)

    fact = actions.finish_step(
        to_decide, "grounds", ground="signs", said="canary: her own words", **said
    )

    course = PathwayRun.objects.get(pk=to_decide.pk)
    words = sealed.open_words(course, by=worker)
    assert words[fact.number]["words"] == "canary: her own words"
    assert sealed.open_words(course, by=worker) == words
    assert "canary" not in str(list(course.facts.values()))


def test_a_review_is_decided_by_somebody_else(to_decide, authority, another_authority):
    said: dict[str, Any] = {"ground": "no_signs", "said": "Because."}
    actions.finish_step(
        to_decide, "grounds", data={"grounds": "no"}, by=authority, **said
    )
    again: dict[str, Any] = {"data": {"outcome": "changed"}, **said}
    with pytest.raises(Refused, match="someone other than"):
        actions.finish_step(to_decide, "look_again", by=authority, **again)
    actions.finish_step(to_decide, "look_again", by=another_authority, **again)
    assert keys(to_decide) == ["goodbye"]


def test_a_step_is_left_out_for_a_reason(course, worker):
    actions.skip_step(
        course,
        "meet",
        reason=DeviationReason.DONE_BEFORE,
        data={"agrees": "no"},
        by=worker,
    )
    assert keys(course) == ["goodbye"]
    assert course.facts.get(kind="skipped").reason == "done_before"


def test_who_leads_does_a_step_anew(course, worker, coordinator):
    actions.finish_step(course, "meet", data={"agrees": "yes"}, by=worker)
    with pytest.raises(Denied):
        actions.reopen_step(
            course, "meet", reason=DeviationReason.MISTAKE, by=coordinator
        )
    actions.reopen_step(course, "meet", reason=DeviationReason.MISTAKE, by=worker)
    assert keys(course) == ["meet", "register"]


def test_a_case_goes_on_from_a_step_that_is_done_anew(registered, worker):
    actions.reopen_step(
        registered, "meet", reason=DeviationReason.MISTAKE, onward=True, by=worker
    )
    assert keys(registered) == ["meet"]


def test_a_step_goes_to_another_role_with_its_deadline(course, worker, office):
    before = course.dues.get().due_at
    actions.reassign_step(
        course, "meet", to="coordinator", reason=DeviationReason.ABSENT, by=worker
    )
    due = course.dues.get()
    assert (due.role, due.team, due.due_at) == ("coordinator", office, before)


def test_a_supervisor_decides_otherwise(course, worker, supervisor):
    with pytest.raises(Denied):
        actions.override_pathway(
            course, "meet", to="goodbye", reason=DeviationReason.URGENT, by=worker
        )
    actions.override_pathway(
        course, "meet", to="goodbye", reason=DeviationReason.URGENT, by=supervisor
    )
    assert keys(course) == ["goodbye"]


def test_a_branch_that_is_not_needed_ends(registered, supervisor):
    actions.cancel_step(
        registered, "care", reason=DeviationReason.NOT_WISHED, by=supervisor
    )
    assert "care" not in keys(registered)
    with pytest.raises(Denied):
        actions.cancel_step(
            registered,
            "listen",
            reason=DeviationReason.NOT_WISHED,
            by=given.make_worker(),
        )


def test_a_message_ends_a_wait(registered, worker):
    assert registered.awaited.get().key == "rest"
    actions.record_message(registered, "ready_to_decide", by=worker)
    assert not registered.awaited.exists()
    with pytest.raises(Changed, match="does not wait"):
        actions.record_message(registered, "ready_to_decide", by=worker)


def test_a_way_ends_with_its_case(registered, case, supervisor):
    close(case, supervisor)
    registered.refresh_from_db()
    assert registered.ended == "closed"
    assert keys(registered) == []
    actions.end_with_case(registered, by=supervisor)
    assert registered.facts.get(kind="cancelled").reason == "case_closed"


def test_closing_the_case_is_the_last_step_where_only_that_is_due(
    course, case, worker, supervisor
):
    actions.finish_step(course, "meet", data={"agrees": "no"}, by=worker)
    close(case, supervisor)
    assert course.facts.order_by("-number").first().step == "goodbye"


def close(case, by):
    case.refresh_from_db()
    cases.close(
        case,
        reason=ClosureReason.GOALS_MET,
        checklist=(),
        left_open="All that was wished is done.",
        by=by,
    )


def test_a_restricted_case_stays_with_its_people(registered, case, worker, coordinator):
    case.refresh_from_db()
    cases.restrict(case, people=[worker], by=worker)
    actions.finish_step(registered, "care", by=worker)
    assert set(registered.dues.values_list("own", flat=True)) == {True}
    with pytest.raises(Denied):
        actions.record_message(registered, "ready_to_decide", by=coordinator)


def test_the_rows_say_what_the_facts_say(to_decide):
    state = status.compute_state(to_decide)
    assert keys(to_decide) == sorted(state.open) == ["grounds"]
