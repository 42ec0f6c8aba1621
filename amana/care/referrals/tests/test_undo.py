"""A mistaken step is undone within ten minutes, and no other person ever saw it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases.models import Case, Need
from amana.care.cases.tabs import CaseTab, build_address
from amana.care.pending import actions as pending
from amana.care.pending.models import TO_UNDO, PendingDecision
from amana.care.referrals import actions, undoing
from amana.care.referrals.models import Referral, ReferralEvent, ReferralStatus
from amana.care.referrals.states import DeclineReason
from amana.care.referrals.steps import BY_CODE
from amana.errors import Changed
from amana.notifications.models import Notification
from amana.notifications.stream import count_badges
from amana.trust.access.models import Team, User
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.vault.models import Disclosure, DisclosureMessage, Document
from amana.ui.once import make_form_key

from .deciding import decline, press

S = ReferralStatus
SECOND = timedelta(seconds=1)


@pytest.fixture
def colleague(shelter_team: Team, shelter_worker: User) -> User:
    return given.make_worker(of=shelter_team, name="Other host")


def undo(user: User, decision: PendingDecision) -> Any:
    url = reverse("pending:undo", args=[decision.pk])
    return given.sign_in(user).post(url, make_form_key())


def page(client: Client, url: str) -> tuple[int, str]:
    """What is on a page, without what is another each time it is asked."""
    answer = client.get(url)
    words = re.sub(r'value="[\w:.=-]{20,}"|data-since="[^"]*"', "", answer.text)
    return answer.status_code, words


def seen_by(people: list[User], case: Case, referral: Referral) -> list[Any]:
    """Everything that these people find: pages, numbers, notifications."""
    urls = [
        reverse("home:today"),
        reverse("notifications:list"),
        reverse("referrals:inbox"),
        reverse("referrals:sent"),
        reverse("referrals:late"),
        reverse("referrals:referral", args=[referral.pk]),
        reverse("pending:list"),
        *(build_address(tab, case.pk) for tab in CaseTab if tab is not CaseTab.HISTORY),
    ]
    pages: list[Any] = []
    for person in people:
        client = given.sign_in(person)
        pages += [(person.pk, url, page(client, url)) for url in urls]
        pages.append((person.pk, "badges", count_badges(person)))
    return pages


def told() -> tuple[Any, ...]:
    """Everything that tells others, or leaves the house; and the log as it leaves."""
    return (
        [message.body for message in mail.outbox],
        list(Notification.objects.values_list("what", "object", "team", "user")),
        list(ReferralEvent.objects.values_list("what", "status", "team", "by")),
        list(AuditEvent.objects.order_by("pk").values_list("actor", "did", "thing")),
        list(Referral.objects.values()),
        list(Need.objects.values()),
        list(Disclosure.objects.values_list("pk", "expires_at")),
    )


def test_what_was_undone_nobody_else_saw(
    now: Any,
    referral: Referral,
    shelter_worker: User,
    colleague: User,
    worker: User,
    supervisor: User,
    coordinator: User,
    case: Case,
) -> None:
    others = [colleague, worker, supervisor, coordinator]
    start = timezone.now()
    seen_by(others, case, referral)  # what is read for the first time is marked
    before = seen_by(others, case, referral)
    log = told()

    decision = decline(shelter_worker, referral, note="Zubaida may come in May")
    assert told() == log
    assert seen_by(others, case, referral) == before

    log = told()  # they have looked
    now.move_to(start + TO_UNDO - SECOND)
    pending.carry_out_due()
    assert undo(shelter_worker, decision).status_code == 302
    assert told() == log
    now.move_to(start)
    assert seen_by(others, case, referral) == before
    assert not PendingDecision.objects.exists()
    assert not DisclosureMessage.objects.filter(held_for__isnull=False).exists()


def test_the_one_who_declined_reads_when_it_takes_effect(
    now: Any, referral: Referral, shelter_worker: User, colleague: User
) -> None:
    decision = decline(shelter_worker, referral)
    url = reverse("referrals:referral", args=[referral.pk])
    at = timezone.localtime(decision.due_at).strftime("%H:%M")
    mine = given.sign_in(shelter_worker).get(url).text
    assert f"You declined this referral: takes effect at {at}" in mine
    assert "No one else has been notified" in mine
    assert "You declined" not in given.sign_in(colleague).get(url).text


def test_at_ten_minutes_and_one_second_undoing_is_refused(
    now: Any, referral: Referral, shelter_worker: User
) -> None:
    decision = decline(shelter_worker, referral)
    now.shift(TO_UNDO + SECOND)
    answer = undo(shelter_worker, decision)  # the clock has not come by yet
    assert answer.status_code == 409
    assert "The ten minutes are over" in answer.text
    pending.carry_out_due()
    answer = undo(shelter_worker, decision)
    assert answer.status_code == 409
    assert "it has taken effect, or it was undone" in answer.text
    referral.refresh_from_db()
    assert referral.state is S.DECLINED


def test_when_a_colleague_acted_meanwhile_nothing_is_undone_and_one_is_told(
    now: Any, referral: Referral, shelter_worker: User, colleague: User
) -> None:
    decision = decline(shelter_worker, referral, note="We are full")
    actions.accept(Referral.objects.get(pk=referral.pk), by=colleague, places=0)
    answer = undo(shelter_worker, decision)
    assert answer.status_code == 409
    assert "Someone has acted on this meanwhile" in answer.text
    now.shift(TO_UNDO)
    pending.carry_out_due()
    referral.refresh_from_db()
    assert referral.state is S.ACCEPTED
    mine = given.sign_in(shelter_worker)
    assert "did not take effect" in mine.get(reverse("notifications:list")).text
    assert "did not take effect" in mine.get(reverse("pending:list")).text
    assert not DisclosureMessage.objects.filter(held_for__isnull=False).exists()
    assert undo(shelter_worker, decision).status_code == 302  # read, and gone
    assert not PendingDecision.objects.exists()


def test_who_may_no_longer_decide_is_not_obeyed(
    now: Any, referral: Referral, shelter_worker: User, colleague: User
) -> None:
    decline(shelter_worker, referral)
    shelter_worker.memberships.update(ended_at=timezone.now())
    now.shift(TO_UNDO)
    pending.carry_out_due()
    referral.refresh_from_db()
    assert referral.state is S.SENT


def test_of_the_decisions_of_others_one_learns_nothing(
    referral: Referral, shelter_worker: User, colleague: User, stranger: User
) -> None:
    decision = decline(shelter_worker, referral)
    for someone in (colleague, stranger):
        for name in ("undo", "now"):
            url = reverse(f"pending:{name}", args=[decision.pk])
            answer = given.sign_in(someone).post(url, make_form_key())
            assert answer.status_code == 409
            assert "it has taken effect, or it was undone" in answer.text
        with pytest.raises(Denied):
            pending.undo_decision(decision, by=someone)
    assert PendingDecision.objects.waiting().exists()
    referral.refresh_from_db()
    assert referral.state is S.SENT


STEPS: list[tuple[str, list[str], dict[str, Any], str]] = [
    ("complete", ["accept", "start"], {"note": "She is settled"}, "completed"),
    ("partly", ["accept", "start"], {"note": "Half"}, "partly"),
    ("discontinue", ["accept", "start"], {"reason": "moved"}, "discontinued"),
    (
        "confirm",
        ["accept", "start", "complete"],
        {"outcome": "met", "words": "It was warm"},
        "confirmed",
    ),
    ("unasked", ["accept", "start", "complete"], {"reason": "lost"}, "unconfirmed"),
]


@pytest.mark.parametrize(("step", "before", "said", "to"), STEPS)
@pytest.mark.parametrize("undone", [True, False])
def test_each_of_these_steps_can_be_undone(
    now: Any,
    referral: Referral,
    worker: User,
    shelter_worker: User,
    step: str,
    before: list[str],
    said: dict[str, Any],
    to: str,
    undone: bool,
) -> None:
    for verb in before:
        does: Callable[..., Referral] = BY_CODE[verb].act
        does(referral, by=shelter_worker)
    was, documents = told(), Document.objects.count()
    by = worker if step in ("confirm", "unasked") else shelter_worker
    assert press(by, referral, step, **said).status_code == 302
    assert told() == was
    decision = PendingDecision.objects.get()
    if undone:
        now.shift(TO_UNDO - SECOND)
        undo(by, decision)
        now.shift(SECOND)
        pending.carry_out_due()
        assert told() == was
        assert Document.objects.count() == documents
    else:
        now.shift(TO_UNDO)
        pending.carry_out_due()
        referral.refresh_from_db()
        assert referral.status == to
        assert Document.objects.count() == documents + (step == "confirm")


def test_a_step_that_may_not_be_taken_is_not_held_either(
    referral: Referral, shelter_worker: User, stranger: User
) -> None:
    step, later = BY_CODE["decline"], timezone.now() + TO_UNDO
    given_no: dict[str, Any] = {"reason": DeclineReason.CONFLICT, "due_at": later}
    with pytest.raises(Denied):
        undoing.decide(referral, step, by=stranger, **given_no)
    actions.decline(referral, reason=DeclineReason.CONFLICT, by=shelter_worker)
    with pytest.raises(Changed):
        undoing.decide(referral, step, by=shelter_worker, **given_no)
    assert not PendingDecision.objects.exists()


def test_roles_that_decide_find_their_list(worker: User, coordinator: User) -> None:
    assert "Nothing to undo" in given.sign_in(worker).get("/decisions/").text
    assert "Nothing to undo" in given.sign_in(coordinator).get("/decisions/").text


def test_a_row_is_marked_for_who_decided_alone_and_undone_there(
    referral: Referral, shelter_worker: User, colleague: User, now: Any
) -> None:
    inbox = reverse("referrals:inbox")
    decision = decline(shelter_worker, referral)
    mine = given.sign_in(shelter_worker).get(inbox).content.decode()
    undo_url = reverse("pending:undo", args=[decision.pk])
    at = timezone.localtime(decision.due_at)
    assert f"takes effect at {at:%H:%M}" in mine
    assert undo_url in mine
    assert "takes effect" not in given.sign_in(colleague).get(inbox).content.decode()

    undo(shelter_worker, decision)
    assert (
        "takes effect" not in given.sign_in(shelter_worker).get(inbox).content.decode()
    )


def test_a_row_whose_ten_minutes_are_over_has_no_undo(
    referral: Referral, shelter_worker: User, now: Any
) -> None:
    decision = decline(shelter_worker, referral)
    now.shift(TO_UNDO + SECOND)
    page = given.sign_in(shelter_worker).get(reverse("referrals:inbox"))
    assert "takes effect shortly" in page.content.decode()
    assert reverse("pending:undo", args=[decision.pk]) not in page.content.decode()


def test_marks_cost_no_query(
    referral: Referral, shelter_worker: User, now: Any
) -> None:
    browser, inbox = given.sign_in(shelter_worker), reverse("referrals:inbox")
    browser.get(inbox)
    with CaptureQueriesContext(connection) as before:
        browser.get(inbox)
    decline(shelter_worker, referral)
    with CaptureQueriesContext(connection) as after:
        browser.get(inbox)
    assert len(after) == len(before)
