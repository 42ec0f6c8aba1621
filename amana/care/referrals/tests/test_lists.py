"""Lists of referrals: filtered, in the written order, and never wider than a rule."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions as case_actions
from amana.care.cases.actions import StatedNeed
from amana.care.cases.models import Urgency
from amana.care.referrals import actions
from amana.care.referrals.models import Referral
from amana.care.requests import actions as help_requests
from amana.care.requests.states import AskingOrder
from amana.design.directory.models import Service
from amana.design.directory.taxonomy import ServiceType
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.audit.models import AuditEvent
from amana.ui.once import make_form_key

pytestmark = pytest.mark.django_db


def at(name: str, *args: object) -> str:
    return reverse(f"referrals:{name}", args=args)


def rows_of(user: User, name: str, query: str = "", *kind: str) -> list[str]:
    """The referrals in a list, by their addresses, in their order."""
    page = given.sign_in(user).get(at(name, *kind) + query).content.decode()
    main = page[page.index('id="list"') :]
    return list(dict.fromkeys(re.findall(r'href="(/referrals/[0-9a-f-]{36}/)"', main)))


def four_referrals(worker: User, shelter: Service) -> dict[str, str]:
    """Their addresses by urgency: the emergency last sent, the routine long overdue."""
    now, found = timezone.now(), {}
    for urgency, hours in (("U3", -30), ("U2", 200), ("U1", -2), ("U0", 12)):
        case = given.make_case(
            worked_on_by=worker,
            needs=[StatedNeed(ServiceType.SH2, Urgency(urgency), "")],
        )
        sent = given.make_referral(need=case.needs.get(), to=shelter, by=worker)
        due_at = now + timedelta(hours=hours)
        Referral.objects.filter(pk=sent.pk).update(due_at=due_at, urgency=urgency)
        found[urgency] = sent.url
    return found


def test_an_inbox_shows_the_most_urgent_and_the_latest_first(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    of = four_referrals(worker, shelter)
    ranked = [of["U0"], of["U1"], of["U2"], of["U3"]]
    assert rows_of(shelter_worker, "inbox") == ranked
    by_deadline = [of["U3"], of["U1"], of["U0"], of["U2"]]
    assert rows_of(shelter_worker, "inbox", "?sort=deadline") == by_deadline
    assert rows_of(worker, "sent") == ranked
    assert rows_of(worker, "sent", "?sort=-deadline") == by_deadline[::-1]


def test_an_inbox_is_filtered_by_what_its_team_may_see(
    worker: User, shelter: Service, shelter_worker: User, stranger: User
) -> None:
    of = four_referrals(worker, shelter)
    sender = shelter.team.received_referrals.values_list("sender", flat=True)[0]
    for query, found in {
        "?urgency=U0&urgency=U1": ["U0", "U1"],
        "?due=late": ["U1", "U3"],
        "?status=sent&need=SH": ["U0", "U1", "U2", "U3"],
        "?status=received": [],
        "?need=LG": [],
        "?handler=none": ["U0", "U1", "U2", "U3"],
        f"?handler={shelter_worker.pk}": [],
        f"?sender={sender}&due=day": ["U0"],
        "?sent=day": ["U0", "U1", "U2", "U3"],
        "?sent=older": [],
    }.items():
        rows = rows_of(shelter_worker, "inbox", query)
        assert rows == [of[urgency] for urgency in found], query
        assert rows_of(stranger, "inbox", query) == []
    actions.take_on(Referral.objects.get(urgency="U0"), by=shelter_worker)
    assert rows_of(shelter_worker, "inbox", f"?handler={shelter_worker.pk}") == [
        of["U0"]
    ]


def test_what_was_sent_is_filtered_by_recipient(
    worker: User, shelter: Service, other_shelter: Service, stranger: User
) -> None:
    of = four_referrals(worker, shelter)
    query = f"?recipient={shelter.team_id}&urgency=U3"
    assert rows_of(worker, "sent", query) == [of["U3"]]
    assert rows_of(stranger, "sent", query) == []
    page = given.sign_in(worker).get(at("sent") + f"?recipient={other_shelter.team_id}")
    assert "not applied: <bdi>Sent to</bdi>" in page.content.decode()


def test_a_coordinator_filters_every_open_referral_and_no_restricted_case(
    worker: User, shelter: Service, coordinator: User, stranger: User
) -> None:
    four_referrals(worker, shelter)
    desk = given.sign_in(coordinator)

    def count(name: str, query: str) -> int:
        return desk.get(at(name) + query).content.decode().count('<tr role="row" data-')

    assert count("late", "") == 2
    assert count("watch", "") == 4
    assert count("watch", "?due=late") == 2
    assert count("watch", f"?recipient={shelter.team_id}&stage=answer") == 4
    assert count("watch", "?stage=word") == 0
    kept = Referral.objects.get(urgency="U0").case
    case_actions.restrict(kept, people=[worker], by=worker)
    assert count("watch", "") == 3
    assert count("watch", "?urgency=U0") == 0
    page = given.sign_in(stranger).get(at("watch")).content.decode()
    assert "Lake House" not in page


def test_requests_for_help_stand_among_referrals_in_one_order(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    of = four_referrals(worker, shelter)
    case = given.make_case(
        worked_on_by=worker, needs=[StatedNeed(ServiceType.SH2, Urgency.U1, "")]
    )
    need = case.needs.get()
    consent = given.make_consent(case, to=shelter.team, need=need, by=worker)
    asked = help_requests.ask(
        need, services=[shelter], agreed=[consent], order=AskingOrder.IN_TURN, by=worker
    )
    page = given.sign_in(shelter_worker).get(at("inbox")).content.decode()
    rows = re.findall(r'href="(/re[a-z]+/(?:received/)?[0-9a-f-]{36}/)"', page)
    [enquiry] = asked.enquiries.all()
    there = reverse("requests:enquiry", args=[enquiry.pk])
    # Due later than what is overdue of the same urgency, and above all that is less.
    assert rows == [of["U0"], of["U1"], there, of["U2"], of["U3"]]
    filtered = given.sign_in(shelter_worker).get(at("inbox") + "?urgency=U3")
    assert there not in filtered.content.decode()


def test_ticked_referrals_are_assigned_and_what_is_refused_is_named(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    of = four_referrals(worker, shelter)
    other = given.make_worker(of=shelter.team, name="Noor Abadi")
    desk = given.sign_in(shelter_worker)
    rows = list(Referral.objects.order_by("urgency"))
    pick = [referral.pk.hex for referral in rows[:2]]
    page = desk.post(at("together"), {"pick": pick}).content.decode()
    assert "Assign 2 referrals" in page
    actions.recall(rows[1], by=worker)
    said = {"pick": pick, "colleague": other.pk} | make_form_key()
    answer = desk.post(at("assign_together"), said, follow=True).content.decode()
    assert "1 referral assigned." in answer
    assert f"Not assigned: {rows[1].case.reference}." in answer
    assert rows_of(other, "inbox", "", "mine") == [of["U0"]]
    assert AuditEvent.objects.filter(did="assigned referral").count() == 1


def test_only_who_answers_assigns_and_only_to_who_answers(
    worker: User, shelter: Service, shelter_worker: User, stranger: User
) -> None:
    four_referrals(worker, shelter)
    referral = Referral.objects.get(urgency="U0")
    pick = {"pick": [referral.pk.hex]}
    assert given.sign_in(stranger).post(at("together"), pick).status_code == 422
    assert given.sign_in(worker).post(at("together"), pick).status_code == 422
    with pytest.raises(Refused, match="answer for the team"):
        actions.assign(referral, to=stranger, by=shelter_worker)
    [refusal] = actions.assign_together([referral], to=shelter_worker, by=stranger)
    assert "does not answer this referral" in refusal.reason
    assert Referral.objects.get(pk=referral.pk).handler is None


def test_all_in_a_filtered_inbox_are_assigned_at_once(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    four_referrals(worker, shelter)
    desk = given.sign_in(shelter_worker)
    said = {"which": "all", "kind": "answer", "query": "due=late"}
    assert "Assign 2 referrals" in desk.post(at("together"), said).content.decode()


def test_sheets_are_printed_of_what_was_sent_and_of_what_was_received(
    worker: User, shelter: Service, shelter_worker: User, stranger: User
) -> None:
    four_referrals(worker, shelter)
    rows = list(Referral.objects.order_by("urgency"))
    said = {"pick": [row.pk.hex for row in rows[:2]], "do": "print"}
    desk = given.sign_in(shelter_worker)
    theirs = given.confirm_export(desk, desk.post(at("together"), said))
    desk = given.sign_in(worker)
    ours = given.confirm_export(
        desk, desk.post(at("together"), said | {"list": "sent"})
    )
    for answer in (theirs, ours):
        page = answer.content.decode()
        assert page.count('class="stack referral-sheet"') == 2
        assert rows[0].case.reference in page
        assert rows[2].case.reference not in page
    assert theirs.context["sheets"][0]["decision"].person in theirs.content.decode()
    assert ours.context["sheets"][0]["decision"] is None
    looked = AuditEvent.objects.filter(did="opened disclosure").count()
    assert looked == 2


def test_sheets_are_for_who_sent_or_answers(
    worker: User, shelter: Service, shelter_worker: User, stranger: User
) -> None:
    four_referrals(worker, shelter)
    referral = Referral.objects.get(urgency="U0")
    said = {"pick": [referral.pk.hex], "do": "print"}
    for user, which in ((stranger, "sent"), (stranger, ""), (shelter_worker, "sent")):
        desk = given.sign_in(user)
        assert desk.post(at("together"), said | {"list": which}).status_code == 422


def test_all_that_is_in_a_filtered_list_is_printed(
    worker: User, shelter: Service
) -> None:
    four_referrals(worker, shelter)
    desk = given.sign_in(worker)
    said = {"which": "all", "list": "sent", "kind": "waiting", "query": "due=late"}
    asked = desk.post(at("together"), said | {"do": "print"})
    page = given.confirm_export(desk, asked).content.decode()
    assert page.count('class="stack referral-sheet"') == 2


def test_the_sentence_says_how_the_list_is_sorted(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    four_referrals(worker, shelter)
    desk = given.sign_in(shelter_worker)
    first = "Most urgent and overdue first."
    assert first in desk.get(at("inbox")).content.decode()
    for sort, words in (
        ("deadline", "Sorted by: Deadline<"),
        ("-deadline", "Sorted by: Deadline, in reverse<"),
    ):
        page = desk.get(f"{at('inbox')}?sort={sort}").content.decode()
        assert first not in page
        assert words in page
