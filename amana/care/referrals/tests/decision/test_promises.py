"""What the sender reads after sending, and what the person is told."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from amana import given
from amana.care.referrals import actions, escalation, reaching
from amana.care.referrals.models import Referral, ReferralStatus
from amana.care.referrals.tests.short import PHONE, SAID, WORDS
from amana.design.directory.models import Service
from amana.trust.access.models import Role, User
from amana.ui import clocks

from .pages import page_of

# --- the sender


def test_an_officer_who_sent_it_is_whom_the_shelter_calls(referral: Referral) -> None:
    contact = reaching.build_sender_contact(referral)
    assert contact.people == ("Karim Bensalah",)
    assert contact.phone == PHONE


def test_after_sending_the_officer_reads_who_answers_and_what_to_say(
    referral: Referral, officer: User
) -> None:
    given.make_worker(role=Role.COORDINATOR)
    page = page_of(officer, "sent_to", referral.pk)
    for words in (
        "Grace Achieng",
        "Harbour House",
        'href="tel:+999205550202"',
        referral.case.reference,
        "They can read only what you agreed to.",
        "The coordinator is notified.",
        reverse("referrals:person_slip", args=[referral.case_id]),
    ):
        assert words in page, words
    assert WORDS not in page


def promised_to(officer: User, referral: Referral) -> str:
    """Until when the person is told that they have to reply."""
    page = page_of(officer, "sent_to", referral.pk)
    (until,) = re.findall(r"They have until <time[^>]*>([^<]*)</time> to reply", page)
    return str(until)


def test_the_person_is_told_the_deadline_of_the_answer_and_only_while_it_is_awaited(
    referral: Referral, officer: User, shelter: User
) -> None:
    """Acknowledging is due sooner, except across a weekend, and leaves the answer the
    time that it had."""
    assert referral.due_at <= referral.reply_by
    assert promised_to(officer, referral) == clocks.format_deadline(referral.reply_by)
    actions.acknowledge(referral, by=shelter)
    assert referral.due_at == referral.reply_by
    assert promised_to(officer, referral) == clocks.format_deadline(referral.reply_by)
    actions.accept(referral, by=shelter)
    page = page_of(officer, "sent_to", referral.pk)
    assert "to reply" not in page
    assert "If there is no reply" not in page


def test_what_happens_otherwise_is_what_the_clocks_then_do(
    referral: Referral,
) -> None:
    ahead = escalation.list_steps_ahead(referral)
    assert ahead[-1].words == "This referral expires, and you choose another service."
    while referral.tell_at and referral.tell_at < ahead[-1].at:
        escalation.chase(referral.tell_at)
        referral.refresh_from_db()
    assert referral.status == ReferralStatus.SENT
    assert escalation.list_steps_ahead(referral) == ahead[-1:]
    escalation.chase(ahead[-1].at)
    referral.refresh_from_db()
    assert referral.status == ReferralStatus.EXPIRED


def test_what_should_have_happened_before_now_is_not_announced(
    referral: Referral,
) -> None:
    ahead = escalation.list_steps_ahead(referral)
    with time_machine.travel(ahead[0].at + timedelta(minutes=1)):
        assert escalation.list_steps_ahead(referral) == ahead[1:]
    with time_machine.travel(ahead[-1].at + timedelta(minutes=1)):
        assert escalation.list_steps_ahead(referral) == []


def test_a_supervisor_of_the_recipient_is_named_where_there_is_one(
    referral: Referral, house: Service
) -> None:
    told = [step.words for step in escalation.list_steps_ahead(referral)]
    assert "The supervisor of Harbour House is notified." not in told
    given.make_worker(of=house.team, role=Role.SUPERVISOR)
    told = [step.words for step in escalation.list_steps_ahead(referral)]
    assert told[0] == "The supervisor of Harbour House is notified."


def test_the_slip_tells_whoever_finds_it_nothing(
    referral: Referral, officer: User
) -> None:
    page = page_of(officer, "person_slip", referral.case_id)
    start = page.index('<article class="slip"')
    slip = page[start : page.index("</article>", start)]
    assert referral.case.reference in slip
    assert "First contact desk" in slip
    assert PHONE in slip
    assert 'lang="ar"' in slip
    assert "<title>Information" in page
    for secret in (
        *("Hope", WORDS, "safe house", "Harbour", "Dar Amal", "Border", "Emergency"),
        str(officer.name),
    ):
        assert escape(secret) not in slip


def test_the_slip_is_in_the_chosen_language_and_without_the_team_if_need_be(
    referral: Referral, officer: User
) -> None:
    browser, url = (
        given.sign_in(officer),
        reverse("referrals:person_slip", args=[referral.case_id]),
    )
    page = browser.post(url, {"language": "fr"}).content.decode()
    start = page.index('<article class="slip"')
    slip = page[start : page.index("</article>", start)]
    assert 'lang="fr"' in slip
    assert "Votre numéro" in slip
    assert "First contact desk" not in slip
    assert browser.post(url, {"language": "xx"}).status_code == 422


@pytest.mark.parametrize("name", ["sent_to", "person_slip"])
def test_strangers_and_the_recipient_find_no_page_of_the_sender(
    name: str, referral: Referral, shelter: User
) -> None:
    of = referral.case_id if name == "person_slip" else referral.pk
    url = reverse(f"referrals:{name}", args=[of])
    for other in (shelter, given.make_worker()):
        assert given.sign_in(other).get(url).status_code == 404


# --- lists


def test_lists_begin_with_urgency_need_and_deadline_and_end_with_the_reference(
    referral: Referral, officer: User, shelter: User
) -> None:
    Referral.objects.update(due_at=timezone.now() - timedelta(hours=2, minutes=1))
    for user, name in ((shelter, "inbox"), (officer, "sent")):
        page = page_of(user, name)
        row = page[page.index("<tbody") :]
        places = [row.index(words) for words in ("Emergency", "Shelter and housing")]
        places.append(
            row.rindex(referral.case.reference)
        )  # also what one ticks says it
        assert places == sorted(places), name
    sent = page_of(officer, "sent")
    assert "Waiting for Harbour House to acknowledge, 2 h late" in sent
    assert "Hope" in sent


def test_the_inbox_names_nobody(referral: Referral, shelter: User) -> None:
    assert str(SAID["identity_name"]) not in page_of(shelter, "inbox")


def test_an_officer_finds_what_they_sent_from_every_page(
    referral: Referral, officer: User
) -> None:
    page = page_of(officer, "sent_to", referral.pk)
    assert f'href="{reverse("referrals:sent")}"' in page
