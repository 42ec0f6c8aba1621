"""A case closure is proposed, approved, and undone."""

from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from amana import given
from amana.care.cases import actions
from amana.care.cases.events import case_closing
from amana.care.cases.models import Case
from amana.errors import Changed, Refused
from amana.trust.access.models import Role
from amana.trust.vault.compartments import Compartment as C

from .case_records import EVERYTHING_DONE, record


def test_a_worker_proposes_and_the_supervisor_closes(case, worker, supervisor):
    with pytest.raises(Refused, match="supervisor"):
        actions.close(
            case,
            reason="goals_met",
            checklist=EVERYTHING_DONE,
            left_open="x",
            by=worker,
        )
    proposal = actions.propose_closure(
        case, reason="goals_met", checklist=EVERYTHING_DONE, left_open="x", by=worker
    )
    actions.close(
        case,
        reason="goals_met",
        checklist=EVERYTHING_DONE,
        left_open="x",
        by=supervisor,
    )
    case.refresh_from_db()
    proposal.refresh_from_db()
    assert case.closed_at
    assert proposal.agreed
    assert proposal.reviewed_by == supervisor


def test_the_supervisor_sends_a_proposal_back_with_words(case, worker, supervisor):
    proposal = actions.propose_closure(
        case, reason="goals_met", checklist=EVERYTHING_DONE, left_open="x", by=worker
    )
    with pytest.raises(Refused, match="to be done"):
        actions.decline_closure(proposal, words="", by=supervisor)
    actions.decline_closure(proposal, words="Papers", by=supervisor)
    words = record(case, C.NEEDS, worker, proposal.answer_document).content["words"]
    assert words == "Papers"
    with pytest.raises(Changed):
        actions.decline_closure(proposal, words="Again", by=supervisor)


def test_in_a_team_of_one_the_worker_closes(case, worker):
    actions.close(
        case, reason="relocated", checklist=EVERYTHING_DONE, left_open="x", by=worker
    )
    case.refresh_from_db()
    assert case.closed_at
    closure = case.closures.ending().get()
    assert record(case, C.NEEDS, worker, closure.document).content["reason"] == (
        "relocated"
    )


def test_why_the_work_ended_stands_nowhere_in_the_clear(case, worker, supervisor):
    """Neither of who proposed it nor of who decided: nor in the log's details."""
    ticked: dict[str, Any] = {"checklist": EVERYTHING_DONE, "left_open": "-"}
    actions.propose_closure(case, reason="detained", by=worker, **ticked)
    actions.close(case, reason="removed", by=supervisor, **ticked)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = repr(cursor.fetchall())
            assert "'detained'" not in rows, table
            assert "'removed'" not in rows, table
            assert '"removed"' not in rows, table
    shown = given.sign_in(worker).get(reverse("cases:case", args=[case.pk]))
    assert "Was removed or deported" in shown.content.decode()
    actions.reopen(case, by=supervisor)
    shown = given.sign_in(worker).get(reverse("cases:case", args=[case.pk]))
    assert "Was removed or deported" not in shown.content.decode()


def test_what_is_left_open_has_to_be_explained(case, supervisor, worker):
    with pytest.raises(Refused, match="left open"):
        actions.close(
            case, reason="goals_met", checklist=EVERYTHING_DONE, by=supervisor
        )
    actions.answer_need(case.needs.get(), status="met", by=worker)
    with pytest.raises(Refused, match="left open"):
        actions.close(case, reason="goals_met", checklist=[], by=supervisor)
    actions.close(case, reason="goals_met", checklist=EVERYTHING_DONE, by=supervisor)


def test_the_end_is_not_proposed_of_a_case_closed_meanwhile(case, worker, supervisor):
    seen_open = Case.objects.get(pk=case.pk)
    ticked: dict[str, Any] = {"checklist": EVERYTHING_DONE, "left_open": "-"}
    actions.close(case, reason="goals_met", by=supervisor, **ticked)
    with pytest.raises(Changed, match="already closed"):
        actions.propose_closure(seen_open, reason="withdrew", by=worker, **ticked)


def test_an_upper_room_may_refuse_the_end(case, supervisor):
    def refuse(sender, case, by, left_open, **_):
        raise Refused("A referral is open.")

    case_closing.connect(refuse)
    try:
        with pytest.raises(Refused, match="referral is open"):
            actions.close(
                case,
                reason="goals_met",
                checklist=EVERYTHING_DONE,
                left_open="x",
                by=supervisor,
            )
    finally:
        case_closing.disconnect(refuse)
    assert not case.closures.exists()


def test_a_closed_case_can_be_opened_again(case, worker, supervisor):
    actions.close(
        case, reason="withdrew", checklist=EVERYTHING_DONE, left_open="x", by=supervisor
    )
    actions.reopen(case, by=worker)
    case.refresh_from_db()
    assert case.is_open
    with pytest.raises(Changed):
        actions.reopen(case, by=worker)


def test_a_named_supervisor_closes_a_restricted_case(case, worker, supervisor):
    actions.restrict(case, people=[worker, supervisor], by=worker)
    actions.close(
        case,
        reason="died",
        checklist=[],
        left_open="x",
        by=given.unlock_user(supervisor),
    )
    assert Role.SUPERVISOR in supervisor.roles
