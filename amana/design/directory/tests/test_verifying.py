"""A service is asked whether its details are true, and answers by a link."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.design.directory import actions
from amana.design.directory.models import (
    ChangeProposal,
    Service,
    ServiceChange,
    Verification,
    VerificationRequest,
)
from amana.errors import Changed, Refused
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent

from .service_pages import (
    MAILBOX,
    PHONE,
    STREET,
    filled_in,
    find_asked,
    html_of,
    page,
    send_form,
)


def changes(form_of: str, **said: str) -> dict[str, list[str]]:
    """What a browser sends from the second form of the page."""
    second = form_of[form_of.index('id="changes"') :]
    return filled_in('class="form"' + second) | {k: [v] for k, v in said.items()}


def test_the_mail_names_no_service_and_no_one(asked, focal_point, send, mailoutbox):
    send(asked, focal_point)
    [mail] = mailoutbox
    assert mail.to == [MAILBOX]
    for word in (asked.name, asked.organisation.name, "Amana", "shelter", "refuge"):
        assert word.casefold() not in (mail.subject + mail.body).casefold()
    # In each language that the service speaks.
    assert mail.body.count("/directory/check/") == 2


def test_the_link_is_in_the_mail_alone(asked, focal_point, send):
    token = send(asked, focal_point).rpartition("/")[2]
    assert len(token) >= 43
    row = str(VerificationRequest.objects.values().get())
    assert token not in row
    assert token not in str(list(AuditEvent.objects.values()))


def test_a_link_opens_nothing_once_the_service_has_left_its_mailbox(
    asked, focal_point, send
):
    """It may have left it because others read it."""
    path = send(asked, focal_point)
    request = VerificationRequest.objects.get()
    actions.change_service(asked, email="new@example.org", by=focal_point)
    assert Client().get(path).status_code == 410
    with pytest.raises(Changed):
        actions.confirm_by_link(request)
    actions.change_service(asked, email=MAILBOX, by=focal_point)
    assert asked.name in html_of(Client().get(path))
    actions.record_return(request, by=focal_point)
    assert Client().get(path).status_code == 410


def test_opening_the_link_uses_nothing_up(asked, focal_point, send):
    path = send(asked, focal_point)
    for _again in range(3):
        assert "Recovery house" in html_of(Client().get(path))
    assert Client().head(path).status_code in (200, 405)
    assert VerificationRequest.objects.open().count() == 1


def test_all_right_confirms_the_service_once(asked, focal_point, send):
    path = send(asked, focal_point)
    answer = Client().post(path, {"answer": "right"})
    assert answer["Location"] == reverse("directory:checked")
    asked.refresh_from_db()
    assert asked.verified_at is not None
    assert asked.verified_by is None
    assert not asked.verification_is_due
    assert Verification.objects.get().means == "link"
    assert AuditEvent.objects.latest("pk").did == "confirmed service by link"

    again = Client().post(path, {"answer": "right"})
    assert again.status_code == 410
    assert Client().get(path).status_code == 410
    assert Verification.objects.count() == 1


def test_of_two_answers_at_once_one_counts(asked, focal_point, send):
    token = send(asked, focal_point).rpartition("/")[2]
    first, second = find_asked(token), find_asked(token)
    actions.confirm_by_link(first)
    with pytest.raises(Changed):
        actions.propose_changes(second, values={"phone": PHONE}, words="")
    assert not ChangeProposal.objects.exists()


def test_a_link_ends_after_two_weeks(asked, focal_point, send):
    path = send(asked, focal_point)
    VerificationRequest.objects.update(expires_at=timezone.now())
    assert Client().get(path).status_code == 410
    assert Client().post(path, {"answer": "right"}).status_code == 410


def test_what_changed_is_proposed_and_changes_nothing(asked, focal_point, send):
    path = send(asked, focal_point)
    text = html_of(Client().get(path))
    sent = changes(text, phone=PHONE, taking="paused", hours_1="09:00-12:00", words="x")
    assert Client().post(path, sent).status_code == 302

    asked.refresh_from_db()
    assert (asked.phone, asked.status) == ("+1 555 0100", "active")
    assert asked.verified_at is None
    proposal = ChangeProposal.objects.get()
    assert proposal.values == {
        "phone": PHONE,
        "status": "paused",
        "hours": [[510, 990], [1980, 2160]],
    }


def test_an_answer_that_says_nothing_is_asked_again(asked, focal_point, send):
    path = send(asked, focal_point)
    text = html_of(Client().get(path))
    answer = Client().post(path, changes(text))
    assert answer.status_code == 422
    assert "Change one of the fields" in answer.content.decode()
    assert VerificationRequest.objects.open().exists()


@pytest.mark.parametrize("hours", [None, [[0, 10080]], [[0, 2880]], [[510, 990]]])
def test_what_is_sent_back_untouched_is_no_change(team, focal_point, send, hours):
    service = given.make_service(of=team, email=MAILBOX, hours=hours)
    path = send(service, focal_point)
    text = html_of(Client().get(path))
    assert Client().post(path, changes(text, words="Stairs")).status_code == 302
    assert ChangeProposal.objects.get().values == {}


def test_of_a_secret_place_the_page_tells_nothing_of_where(
    safe_house, focal_point, send
):
    actions.change_service(
        safe_house, email=MAILBOX, arrival="By the mill", by=focal_point
    )
    text = html_of(Client().get(send(safe_house, focal_point)))
    for word in (STREET, "By the mill", safe_house.area.name, "Worker"):
        assert word not in text


def test_the_page_leaves_no_trace_and_is_limited(asked, focal_point, send, settings):
    path = send(asked, focal_point)
    answer = Client().get(path)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert "http://" not in re.sub(r"http://www\.w3\.org", "", answer.content.decode())

    limits = settings.ACCOUNT_RATE_LIMITS | {"verification": "2/m/ip"}
    settings.ACCOUNT_RATE_LIMITS = limits
    visitor = Client(REMOTE_ADDR="192.0.2.7")
    made_up = reverse("directory:check", args=["x" * 43])
    assert [visitor.get(made_up).status_code for _ in range(3)] == [410, 410, 409]


def test_a_service_that_ended_is_not_asked_and_its_link_ends(asked, focal_point, send):
    path = send(asked, focal_point)
    actions.end_service(asked, by=focal_point)
    assert Client().get(path).status_code == 410
    with pytest.raises(Refused):
        actions.ask_service(asked, by=focal_point)


# --- what becomes of a proposal


def test_accepting_sets_the_fields_and_confirms_the_rest(proposal, coordinator):
    actions.accept_proposal(proposal, by=coordinator)
    service = Service.objects.get(pk=proposal.service_id)
    assert (service.phone, service.hours, service.status) == (
        PHONE,
        [[0, 60]],
        "paused",
    )
    assert not service.verification_is_due
    change = ServiceChange.objects.get(service=service)
    assert (change.source, change.by) == ("proposal", coordinator)
    assert change.fields["phone"] == ["+1 555 0100", PHONE]
    # Words may name people, and are not needed any more.
    assert ChangeProposal.objects.get().words == ""
    with pytest.raises(Changed):
        actions.decline_proposal(proposal, by=coordinator)


def test_declining_leaves_the_service_as_it_is(proposal, coordinator):
    actions.decline_proposal(proposal, by=coordinator)
    service = Service.objects.get(pk=proposal.service_id)
    assert service.phone == "+1 555 0100"
    assert service.verified_at is None
    assert ChangeProposal.objects.get().words == ""
    with pytest.raises(Changed):
        actions.accept_proposal(proposal, by=coordinator)


def test_a_service_that_changed_meanwhile_is_read_again_first(
    proposal, coordinator, focal_point
):
    seen = proposal.service.version
    actions.change_service(proposal.service, cost_note="5", by=focal_point)
    with pytest.raises(Changed):
        actions.accept_proposal(proposal, seen=seen, by=coordinator)
    assert ChangeProposal.objects.waiting().exists()


def test_others_neither_read_nor_decide_a_proposal(proposal, worker, outsider):
    for user in (worker, outsider):
        with pytest.raises(Denied):
            actions.accept_proposal(proposal, by=user)
        url = reverse("directory:proposal", args=[proposal.pk])
        assert given.sign_in(user).get(url).status_code == 404


def test_a_coordinator_reads_both_values_and_decides(proposal, coordinator):
    browser = given.sign_in(coordinator)
    text = html_of(browser.get(reverse("directory:proposal", args=[proposal.pk])))
    for word in ("+1 555 0100", PHONE, "Ask for Rim", "Not taking new people"):
        assert word in text
    browser.post(reverse("directory:accept", args=[proposal.pk]), {"seen": "1"})
    assert ChangeProposal.objects.get().is_accepted


# --- by telephone


def test_a_telephone_call_confirms_without_a_name(asked, coordinator):
    assert "Read these details aloud" in html_of(page(coordinator, "phone", asked.pk))
    said = {"asked_role": "intake nurse", "confirmed": ["hours", "phone"]}
    assert send_form(coordinator, "phone", asked.pk, **said).status_code == 302
    found = Verification.objects.get()
    assert (found.means, found.asked_role) == ("phone", "intake nurse")
    assert found.confirmed == ["hours", "phone"]
    asked.refresh_from_db()
    assert not asked.verification_is_due
    assert "intake nurse" in html_of(page(coordinator, "service", asked.pk))


def test_a_stranger_confirms_nothing(asked, worker, outsider):
    for user in (worker, outsider):
        with pytest.raises(Denied):
            actions.verify_by_phone(asked, asked_role="x", confirmed=[], by=user)
        with pytest.raises(Denied):
            actions.ask_service(asked, by=user)
