"""A case that was closed by mistake, and a need that was settled, are as they were."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions
from amana.care.cases.models import Closure
from amana.care.cases.tests.pages import browser, post, text_of
from amana.care.pending import actions as pending
from amana.care.pending.models import TO_UNDO, PendingDecision
from amana.errors import Refused
from amana.trust.access.models import Role
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.models import Document

SECOND = timedelta(seconds=1)
SAID: dict[str, Any] = {
    "reason": "relocated",
    "checklist": ["safety", "agreed", "return"],
    "left_open": "Lives with family now",
    "words": "Went well",
}


@pytest.fixture
def now() -> Any:
    with time_machine.travel(timezone.now().replace(microsecond=0), tick=False) as at:
        yield at


def url(name: str, *args: Any) -> str:
    return reverse(f"cases:{name}", args=args)


def rows(case: Any) -> tuple[Any, ...]:
    case.refresh_from_db()
    return (
        (case.closed_at, case.version, case.due_at),
        list(case.follow_ups.values_list("pk", "done_at")),
        list(case.needs.values_list("pk", "status", "due_at")),
        list(Closure.objects.values_list("pk", "reviewed_at")),
        Document.objects.count(),
        AuditEvent.objects.exclude(did="opened").count(),
    )


def test_a_closing_is_undone_and_leaves_nothing(now, case, supervisor, worker):
    actions.plan_follow_up(case, due_at=timezone.now() + timedelta(days=2), by=worker)
    before = rows(case)
    mine, theirs = browser(supervisor), browser(worker)
    seen = text_of(theirs.get(url("case", case.pk)))
    assert "You can undo this until" in text_of(mine.get(url("close", case.pk)))
    post(mine, url("close", case.pk), SAID)
    assert "You closed this case: takes effect at" in text_of(
        mine.get(url("case", case.pk))
    )
    assert text_of(theirs.get(url("case", case.pk))) == seen
    assert "Went well" not in text_of(theirs.get(url("tab", case.pk, "notes")))
    now.shift(TO_UNDO - SECOND)
    post(mine, reverse("pending:undo", args=[PendingDecision.objects.get().pk]))
    now.shift(2 * SECOND)
    assert pending.carry_out_due() == 0
    assert rows(case) == before


def test_a_closing_takes_effect_with_what_was_written(now, case, supervisor, worker):
    post(browser(supervisor), url("close", case.pk), SAID)
    now.shift(TO_UNDO)
    assert pending.carry_out_due() == 1
    case.refresh_from_db()
    assert case.closed_at
    closure = Closure.objects.get()
    assert (closure.reviewed_by, closure.agreed) == (supervisor, True)
    opened = documents.open_documents(
        case.pk, [C.NEEDS], by=worker, purpose="test", names=[closure.document]
    )
    (said,) = opened.values()
    assert said.content["left_open"] == SAID["left_open"]
    assert said.content["reason"] == "relocated"


def test_what_was_not_left_open_is_asked_again_when_it_takes_effect(case, supervisor):
    closure = Closure(case=case)
    said: dict[str, Any] = {
        "reason": "relocated",
        "checklist": ["safety", "agreed", "return"],
    }
    with pytest.raises(Refused, match="needs are still outstanding"):
        actions.close_as_decided(
            case, left_open=False, closure=str(closure.pk), by=supervisor, **said
        )
    actions.close_as_decided(
        case, left_open=True, closure=str(closure.pk), by=supervisor, **said
    )
    case.refresh_from_db()
    assert case.closed_at


def test_a_case_that_a_colleague_changed_meanwhile_is_not_closed(
    now, case, supervisor, worker
):
    post(browser(supervisor), url("close", case.pk), SAID)
    actions.set_urgency(case, urgency="U1", by=worker)
    there = Document.objects.count()
    decision = PendingDecision.objects.get()
    with pytest.raises(Refused, match="Someone has acted"):
        pending.undo_decision(decision, by=supervisor)
    now.shift(TO_UNDO)
    pending.carry_out_due()
    case.refresh_from_db()
    assert case.closed_at is None
    assert Document.objects.count() == there - 1  # what was written for it is gone
    words = text_of(browser(supervisor).get(url("case", case.pk)))
    assert "You closed this case: did not take effect" in words


def test_a_need_that_was_settled_by_mistake_is_open_as_before(now, case, worker):
    need, before = case.needs.get(), rows(case)
    desk = browser(worker)
    post(desk, url("need", need.pk), {"status": "met", "reason": ""})
    assert rows(case) == before
    words = text_of(desk.get(url("case", case.pk)))
    assert "You updated a need: takes effect at" in words
    post(desk, reverse("pending:undo", args=[PendingDecision.objects.get().pk]))
    now.shift(TO_UNDO)
    pending.carry_out_due()
    assert rows(case) == before


def test_who_may_not_close_or_settle_decides_nothing(case, worker, stranger, colleague):
    later = timezone.now() + TO_UNDO
    said = {name: value for name, value in SAID.items() if name != "words"}
    need = case.needs.get()
    for someone in (stranger, colleague):
        with pytest.raises(Denied):
            actions.decide_to_close(case, due_at=later, by=someone, **said)
        with pytest.raises(Denied):
            actions.decide_need(need, status="met", due_at=later, by=someone)
    given.make_worker(of=case.team, role=Role.SUPERVISOR)
    with pytest.raises(Refused, match="supervisor must review this first"):
        actions.decide_to_close(case, due_at=later, by=worker, **said)
    assert not PendingDecision.objects.exists()
