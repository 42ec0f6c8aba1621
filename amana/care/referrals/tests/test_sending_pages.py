"""Choosing a service, asking the person and sending; and a recipient without Amana."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from amana import given
from amana.care.cases.models import Case, Need
from amana.care.consent.forms import ConsentForm
from amana.care.consent.models import Consent
from amana.care.referrals import actions
from amana.care.referrals.models import Referral, ReferralStatus
from amana.care.referrals.states import DeclineReason
from amana.design.directory.models import Service
from amana.trust.access.models import Team, User
from amana.trust.audit.models import AuditEvent
from amana.trust.vault.models import Disclosure
from amana.ui.once import make_form_key

from .addresses import at, events_of

S = ReferralStatus


# --- choosing and sending


def test_choosing_gives_reasons_and_the_person_may_choose_none(
    need: Need, shelter: Service, ours: Client
) -> None:
    page = ours.get(at("choose", need.pk)).content.decode()
    assert "Lake House beds" in page
    assert "For everyone" in page
    assert at("unmet", need.pk) in page
    assert at("ask", need.pk, shelter.pk) in page


def test_strangers_choose_nothing(
    need: Need, shelter: Service, strange: Client, supervisor: User
) -> None:
    for browser in (strange, given.sign_in(supervisor)):
        assert browser.get(at("choose", need.pk)).status_code == 404
        assert browser.get(at("ask", need.pk, shelter.pk)).status_code == 404
        assert browser.get(at("unmet", need.pk)).status_code == 404
        answer = browser.post(
            at("avoid", need.pk, shelter.organisation_id), make_form_key()
        )
        assert answer.status_code == 404


def test_who_declined_is_not_offered_again(
    referral: Referral,
    need: Need,
    shelter: Service,
    other_shelter: Service,
    ours: Client,
    shelter_worker: User,
) -> None:
    actions.decline(referral, reason=DeclineReason.NO_CAPACITY, by=shelter_worker)
    page = ours.get(at("choose", need.pk) + f"?follows={referral.pk}").content.decode()
    assert at("ask", need.pk, other_shelter.pk) in page
    assert at("ask", need.pk, shelter.pk) not in page
    assert "No places free" in page


def test_a_suggested_service_stands_first(
    referral: Referral,
    need: Need,
    other_shelter: Service,
    ours: Client,
    shelter_worker: User,
) -> None:
    given.make_service(name="Another roof")
    actions.redirect(referral, to=other_shelter, by=shelter_worker)
    page = ours.get(at("choose", need.pk) + f"?follows={referral.pk}").content.decode()
    assert "Suggested by" in page
    assert page.index("Hill House beds") < page.index("Another roof")


def test_an_organisation_to_be_avoided_is_left_out_and_sent_nothing(
    need: Need, shelter: Service, ours: Client, worker: User, case: Case
) -> None:
    path = at("avoid", need.pk, shelter.organisation_id)
    ours.post(path, make_form_key())
    page = ours.get(at("choose", need.pk)).content.decode()
    assert at("ask", need.pk, shelter.pk) not in page
    assert "To be avoided" in page
    refused = ours.post(at("ask", need.pk, shelter.pk), agreed(need, shelter, worker))
    assert refused.status_code == 409
    assert not Referral.objects.exists()
    ours.post(path, make_form_key() | {"no_longer": "1"})
    assert (
        at("ask", need.pk, shelter.pk)
        in ours.get(at("choose", need.pk)).content.decode()
    )


def agreed(
    need: Need, service: Service, worker: User, **more: object
) -> dict[str, Any]:
    """What the form holds when the person agrees to what is ticked beforehand."""
    from amana.care.consent import consent_questions

    asked = consent_questions.open_question(
        need.case,
        recipients=[service.team],
        purpose="referral",
        need=need,
        by=worker,
    )
    form = ConsentForm(asked)
    data: dict[str, Any] = {
        name: form[name].value() for name in form.fields if form[name].value()
    }
    data["until"] = data["until"].isoformat()
    data |= {"understood": "on", "answer": "given"} | more
    return data | make_form_key() | {"heard": ConsentForm(asked, data).digest()}


def test_one_form_gives_consent_and_sends(
    need: Need, shelter: Service, ours: Client, worker: User
) -> None:
    data = agreed(need, shelter, worker, note="Speaks softly", who="Mariam")
    answer = ours.post(at("ask", need.pk, shelter.pk), data)
    assert answer.status_code == 302, answer.content.decode()
    sent = Referral.objects.get()
    assert answer["Location"] == at("sent_to", sent.pk)
    assert Consent.objects.get().is_live
    page = ours.get(answer["Location"]).content.decode()
    assert "I have sent your request to" in page
    assert "Speaks softly" in ours.get(at("referral", sent.pk)).content.decode()


def test_the_same_question_answered_twice_sends_once(
    need: Need, shelter: Service, ours: Client, worker: User
) -> None:
    data = agreed(need, shelter, worker)
    first = ours.post(at("ask", need.pk, shelter.pk), data)
    again = ours.post(at("ask", need.pk, shelter.pk), data)
    assert first["Location"] == again["Location"]
    assert Referral.objects.count() == Consent.objects.count() == 1
    assert Disclosure.objects.count() == 1


def test_when_sending_fails_no_consent_stays_behind(
    need: Need, shelter: Service, ours: Client, worker: User, case: Case
) -> None:
    """Both or neither: nothing is agreed to in the books that was never sent."""
    data = agreed(need, shelter, worker)
    actions.avoid_organisation(case, organisation=shelter.organisation, by=worker)
    assert ours.post(at("ask", need.pk, shelter.pk), data).status_code == 409
    assert not Consent.objects.exists()


def test_a_no_is_recorded_and_leads_to_what_else_there_is(
    need: Need, shelter: Service, other_shelter: Service, ours: Client
) -> None:
    answer = ours.post(
        at("ask", need.pk, shelter.pk),
        make_form_key() | {"answer": "refused"},
        follow=True,
    )
    page = answer.content.decode()
    assert Consent.objects.get().status == Consent.Status.REFUSED
    assert not Referral.objects.exists()
    assert "nothing was sent" in page
    assert at("ask", need.pk, other_shelter.pk) in page
    assert "does not wish to share" in page


def test_a_consent_that_lives_is_not_asked_for_again(
    need: Need, shelter: Service, ours: Client, worker: User, case: Case
) -> None:
    given.make_consent(case, to=shelter.team, by=worker)
    page = ours.get(at("ask", need.pk, shelter.pk)).content.decode()
    assert "has agreed to this already" in page
    answer = ours.post(
        at("ask", need.pk, shelter.pk), make_form_key() | {"answer": "given"}
    )
    assert answer.status_code == 302
    assert Consent.objects.count() == 1
    anew = ours.get(at("ask", need.pk, shelter.pk) + "?anew=1").content.decode()
    assert "has agreed to this already" not in anew


def test_mistakes_in_the_form_are_shown_and_nothing_is_sent(
    need: Need, shelter: Service, ours: Client, worker: User
) -> None:
    data = agreed(need, shelter, worker, until="2001-01-01")
    answer = ours.post(at("ask", need.pk, shelter.pk), data)
    assert answer.status_code == 422
    assert not Referral.objects.exists()


def test_a_service_that_takes_no_referrals_is_said_before_anybody_is_asked(
    need: Need, ours: Client
) -> None:
    closed = given.make_service(accepts_referrals=False)
    answer = ours.get(at("ask", need.pk, closed.pk))
    assert answer.status_code == 409
    assert "does not take referrals" in answer.content.decode()


def test_where_nothing_can_be_sent_the_choice_says_why(
    need: Need, ours: Client, team: Team, worker: User
) -> None:
    from amana.trust.access.models import Sphere

    border = given.make_team(of=given.make_organisation(sphere=Sphere.BORDER))
    desk = given.make_service(of=border, name="Border desk")
    own = given.make_service(of=team, name="Our own rooms")
    page = ours.get(at("choose", need.pk)).content.decode()
    assert "Nothing can be sent to border" in page
    assert "your own team’s service" in page
    for service in (desk, own):
        assert at("ask", need.pk, service.pk) not in page
        assert ours.get(at("ask", need.pk, service.pk)).status_code == 409


def test_sending_asks_for_the_passphrase_again_after_a_while(
    need: Need, shelter: Service, ours: Client, worker: User
) -> None:
    from amana.trust.vault.middleware import PASSPHRASE, SEALED

    data = agreed(need, shelter, worker)
    session = ours.session
    kept = session[SEALED]
    session[SEALED] = [*kept[:2], (timezone.now() - timedelta(hours=1)).isoformat()]
    session.save()
    asked = ours.post(at("ask", need.pk, shelter.pk), data)
    assert asked.status_code >= 400
    assert not Referral.objects.exists()
    again = ours.post(
        at("ask", need.pk, shelter.pk), data | {PASSPHRASE: given.PASSPHRASE}
    )
    assert again.status_code == 302
    assert Referral.objects.count() == 1


def test_none_acceptable_is_an_unmet_need_with_its_reason(
    need: Need, ours: Client
) -> None:
    assert ours.post(at("unmet", need.pk), make_form_key()).status_code == 422
    ours.post(at("unmet", need.pk), make_form_key() | {"reason": "too_far"})
    need.refresh_from_db()
    assert (need.status, need.unmet_reason) == (Need.Status.UNMET, "too_far")


# --- a recipient without the system


def test_the_sheet_holds_exactly_what_was_agreed(
    outside: Referral, ours: Client
) -> None:
    page = ours.get(at("sheet", outside.pk)).content.decode()
    assert "Zubaida Canary" in page
    assert "What is needed, in the person" in page
    assert "Number or address" not in page  # nothing is written there
    assert "Health needs" not in page
    assert AuditEvent.objects.filter(purpose="printed sheet").count() == 1


def test_what_they_say_by_telephone_the_sender_writes_down(
    outside: Referral, ours: Client, worker: User
) -> None:
    page = ours.get(at("referral", outside.pk)).content.decode()
    assert at("step", outside.pk, "accept") in page
    answer = ours.post(
        at("step", outside.pk, "accept"),
        make_form_key() | {"seen": outside.version, "places": 1},
    )
    assert answer.status_code == 302
    outside.refresh_from_db()
    assert outside.state is S.ACCEPTED
    assert outside.handler is None
    assert outside.happenings.latest("pk").team == outside.recipient


def test_the_sender_does_not_answer_for_a_team_that_uses_the_system(
    referral: Referral, ours: Client
) -> None:
    path = at("step", referral.pk, "accept")
    assert ours.get(path).status_code == 404
    assert path not in ours.get(at("referral", referral.pk)).content.decode()


# --- a form that comes back with what is wrong


def test_what_was_opened_to_ask_again_is_written_down(
    need: Need, shelter: Service, ours: Client
) -> None:
    before = events_of(need.case, "opened")
    answer = ours.post(
        at("ask", need.pk, shelter.pk), make_form_key() | {"until": "never"}
    )
    assert answer.status_code == 422
    assert events_of(need.case, "opened") == before + 1
