"""The pages: whole, in parts, for whom, and when two act at once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from amana import given
from amana.care.cases.actions import StatedNeed
from amana.care.cases.models import Case, Need, Urgency
from amana.care.consent import actions as consents
from amana.care.consent.forms import ConsentForm
from amana.care.consent.models import Consent
from amana.care.referrals import actions, escalation
from amana.care.referrals.models import Referral, ReferralStatus
from amana.care.referrals.rules import may_answer, speak_for_sender
from amana.care.referrals.states import DeclineReason
from amana.care.referrals.steps import STEPS
from amana.design.directory.models import Service
from amana.trust.access.models import Role, Sphere, Team, User
from amana.trust.audit.models import AuditEvent
from amana.trust.vault.models import Disclosure
from amana.ui.once import make_form_key
from tests.worlds import kept

from .conftest import WAY_TO
from .test_actions import goes_to

S = ReferralStatus
HTMX = {"HX-Request": "true"}


def at(name: str, *args: object) -> str:
    return reverse(f"referrals:{name}", args=args)


@kept
def ours(worker: User) -> Client:
    return given.sign_in(worker)


@kept
def theirs(shelter_worker: User) -> Client:
    return given.sign_in(shelter_worker)


@kept
def strange(stranger: User) -> Client:
    return given.sign_in(stranger)


# --- which help is asked for


HIV = "Tuberculosis, HIV and hepatitis"


@kept
def nurse(db: None) -> User:
    team = given.make_team(of=given.make_organisation(sphere=Sphere.HEALTH))
    return given.make_worker(of=team, role=Role.FOCAL_POINT)


@kept
def asked_for_care(worker: User, nurse: User) -> Referral:
    clinic = given.make_service(
        of=nurse.memberships.get().team, by=nurse, types=["HE5"]
    )
    asked = [StatedNeed("HE5", Urgency.U1, "Tablets are running out")]
    case = given.make_case(worked_on_by=worker, needs=asked)
    return given.make_referral(need=case.needs.get(), to=clinic, by=worker)


def test_lists_name_the_group_and_pages_that_open_it_what_exactly_is_needed(
    asked_for_care: Referral, ours: Client, nurse: User
) -> None:
    theirs, pk = given.sign_in(nurse), asked_for_care.pk
    for lists in (theirs.get(at("inbox")), ours.get(at("sent"))):
        page = lists.content.decode()
        assert ">Health</a>" in page
        assert HIV not in page
    assert HIV in theirs.get(at("referral", pk)).content.decode()
    assert HIV in ours.get(at("sheet", pk)).content.decode()
    # Where it stands is read without opening the case again.
    assert HIV not in ours.get(at("referral", pk)).content.decode()


def test_what_is_asked_for_is_read_from_what_was_shared_whatever_the_row_says(
    asked_for_care: Referral, ours: Client, nurse: User
) -> None:
    Need.objects.update(group="SH")
    page = given.sign_in(nurse).get(at("referral", asked_for_care.pk))
    assert HIV in page.content.decode()
    assert HIV in ours.get(at("sheet", asked_for_care.pk)).content.decode()


# --- lists


def test_the_inbox_shows_what_waits_for_an_answer_latest_first(
    referral: Referral, theirs: Client, need: Need, worker: User, shelter: Service
) -> None:
    urgent = given.make_case(worked_on_by=worker).needs.get()
    Need.objects.filter(pk=urgent.pk).update(urgency="U0")
    second = given.make_referral(
        need=Need.objects.select_related("case__team").get(pk=urgent.pk),
        to=shelter,
        by=worker,
    )
    page = theirs.get(at("inbox")).content.decode()
    assert page.index(second.case.reference) < page.index(referral.case.reference)


def test_the_inbox_of_someone_whose_teams_answer_nothing_is_empty(
    coordinator: User,
) -> None:
    page = given.sign_in(coordinator).get(at("inbox"))
    assert page.status_code == 200


def test_an_empty_inbox_says_so(theirs: Client) -> None:
    assert "No referrals to answer" in theirs.get(at("inbox")).content.decode()


@pytest.mark.parametrize("kind", ["answer", "mine", "progress", "reported", "ended"])
def test_strangers_find_nothing_in_the_inbox(
    kind: str, referral: Referral, strange: Client
) -> None:
    page = strange.get(at("inbox", kind)).content.decode()
    assert referral.case.reference not in page


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (S.SENT, "answer"),
        (S.ACCEPTED, "progress"),
        (S.ACCEPTED, "mine"),
        (S.COMPLETED, "reported"),
        (S.CONFIRMED, "ended"),
    ],
)
def test_a_referral_stands_in_the_list_of_its_stage(
    status: ReferralStatus,
    kind: str,
    referral: Referral,
    worker: User,
    shelter_worker: User,
    theirs: Client,
) -> None:
    goes_to(status, referral, worker, shelter_worker)
    found = theirs.get(at("inbox", kind)).content.decode()
    assert referral.case.reference in found
    assert (kind == "answer") == (
        referral.case.reference in theirs.get(at("inbox")).content.decode()
    )


def test_who_stands_in_sees_what_the_other_had_in_hand(
    referral: Referral, shelter_worker: User, shelter_team: Team
) -> None:
    colleague = given.make_worker(of=shelter_team)
    actions.take_on(referral, by=shelter_worker)
    today = timezone.now().date()
    browser = given.sign_in(colleague)
    assert (
        referral.case.reference not in browser.get(at("inbox", "mine")).content.decode()
    )
    actions.arrange_cover(
        shelter_team,
        away=shelter_worker,
        covered_by=colleague,
        first_on=today,
        last_on=today,
        by=shelter_worker,
    )
    assert referral.case.reference in browser.get(at("inbox", "mine")).content.decode()


def test_the_sender_sees_what_is_waited_for_and_what_is_theirs_to_do(
    referral: Referral, ours: Client, worker: User, shelter_worker: User
) -> None:
    assert "Lake House" in ours.get(at("sent")).content.decode()
    actions.decline(referral, reason=DeclineReason.FUNDING, by=shelter_worker)
    mine = ours.get(at("sent", "mine")).content.decode()
    assert "Choose again" in mine
    assert "Our funding has ended" in mine


def test_a_coordinator_sees_clocks_and_nothing_of_any_person(
    referral: Referral, coordinator: User, worker: User
) -> None:
    Referral.objects.update(due_at=timezone.now() - timedelta(days=2))
    page = given.sign_in(coordinator).get(at("late")).content.decode()
    assert "Lake House beds" in page
    assert "1 day late" in page or "2 days late" in page
    assert referral.case.reference not in page
    assert "Zubaida" not in page
    assert "Lake House" not in given.sign_in(worker).get(at("late")).content.decode()


def test_each_list_asks_the_database_the_same_for_one_and_for_many(
    referral: Referral,
    shelter: Service,
    worker: User,
    shelter_worker: User,
    coordinator: User,
) -> None:
    readers = {"inbox": shelter_worker, "sent": worker, "late": coordinator}
    browsers = {who: given.sign_in(reader) for who, reader in readers.items()}

    def asked() -> dict[str, int]:
        late = timezone.now() - timedelta(minutes=1)
        Referral.objects.update(due_at=late, tell_at=late)
        escalation.chase()  # so the list of late ones names who was told of each
        return {
            who: queries(lambda who=who: browsers[who].get(at(who)))  # type: ignore[misc]
            for who in readers
        }

    few = asked()
    for _one in range(24):
        case = given.make_case(worked_on_by=worker)
        given.make_referral(need=case.needs.get(), to=shelter, by=worker)

    assert asked() == few
    for who, browser in browsers.items():
        assert browser.get(at(who)).content.decode().count('role="row"') > 20
    assert browsers["late"].get(at("late")).content.decode().count("the sender") > 20


def queries(act: Callable[[], Any]) -> int:
    act()
    with CaptureQueriesContext(connection) as caught:
        act()
    return len(caught)


# --- one referral


def test_the_recipient_reads_what_was_shared_and_it_is_written_down(
    referral: Referral, theirs: Client
) -> None:
    page = theirs.get(at("referral", referral.pk)).content.decode()
    assert "Zubaida Canary" in page
    assert AuditEvent.objects.filter(did="opened disclosure").count() == 1


def test_the_sender_sees_the_state_without_opening_the_case_again(
    referral: Referral, ours: Client
) -> None:
    before = AuditEvent.objects.filter(did="opened").count()
    page = ours.get(at("referral", referral.pk)).content.decode()
    assert "Waiting for Lake House to acknowledge" in page
    assert "Zubaida" not in page
    assert AuditEvent.objects.filter(did="opened").count() == before


@pytest.mark.parametrize("name", ["referral", "outside", "sheet"])
def test_strangers_find_no_referral(
    name: str, referral: Referral, strange: Client
) -> None:
    assert strange.get(at(name, referral.pk)).status_code == 404


def test_strangers_take_no_step(referral: Referral, strange: Client) -> None:
    for step in STEPS:
        path = at("step", referral.pk, step.code)
        assert strange.get(path).status_code == 404
        assert strange.post(path, make_form_key() | {"seen": 1}).status_code == 404
    referral.refresh_from_db()
    assert referral.state is S.SENT


def test_strangers_neither_take_nor_write(referral: Referral, strange: Client) -> None:
    for name in ("take", "write", "code"):
        answer = strange.post(
            at(name, referral.pk), make_form_key() | {"text": "hello there"}
        )
        assert answer.status_code == 404, name


@pytest.mark.parametrize("status", [s for s in WAY_TO if s is not S.WITHDRAWN])
def test_a_page_offers_exactly_the_steps_that_are_possible(
    status: ReferralStatus,
    referral: Referral,
    worker: User,
    shelter_worker: User,
    ours: Client,
    theirs: Client,
) -> None:
    goes_to(status, referral, worker, shelter_worker)
    pages = {
        "sender": ours.get(at("referral", referral.pk)).content.decode(),
        "recipient": theirs.get(at("referral", referral.pk)).content.decode(),
    }
    for step in STEPS:
        link = f'href="{at("step", referral.pk, step.code)}"'
        for side, page in pages.items():
            wanted = side == step.side and step.allowed(status)
            assert (link in page) == wanted, (step.code, side)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.code)
def test_every_step_has_a_page_of_its_own(
    step: Any,
    referral: Referral,
    worker: User,
    shelter_worker: User,
    ours: Client,
    theirs: Client,
) -> None:
    status = next(s for s in WAY_TO if step.allowed(s))
    goes_to(status, referral, worker, shelter_worker)
    browser = ours if step.side == "sender" else theirs
    page = browser.get(at("step", referral.pk, step.code))
    assert page.status_code == 200
    assert escape(str(step.question)) in page.content.decode()


def test_accepting_takes_two_taps(
    referral: Referral, theirs: Client, shelter: Service
) -> None:
    answer = theirs.post(
        at("step", referral.pk, "accept"),
        make_form_key()
        | {"seen": referral.version, "places": 1, "note": "Come by six"},
    )
    assert answer.status_code == 302
    referral.refresh_from_db()
    shelter.refresh_from_db()
    assert (referral.state, shelter.places_free) == (S.ACCEPTED, 4)


def test_the_same_form_twice_has_one_effect(
    referral: Referral, theirs: Client, shelter: Service
) -> None:
    data = make_form_key() | {"seen": referral.version, "places": 1}
    first = theirs.post(at("step", referral.pk, "accept"), data)
    again = theirs.post(at("step", referral.pk, "accept"), data)
    assert first["Location"] == again["Location"]
    shelter.refresh_from_db()
    assert shelter.places_free == 4


def test_a_decision_on_an_old_page_is_refused_and_loses_nothing_typed(
    referral: Referral, theirs: Client, shelter_worker: User
) -> None:
    actions.add_to_waiting_list(referral, by=shelter_worker)
    answer = theirs.post(
        at("step", referral.pk, "decline"),
        make_form_key()
        | {"seen": 1, "reason": "no_capacity", "note": "Every bed is taken tonight"},
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "On the waiting list" in page
    assert "Every bed is taken tonight" in page


def test_a_step_that_is_over_leads_to_how_it_stands(
    referral: Referral, theirs: Client, shelter_worker: User
) -> None:
    actions.accept(referral, by=shelter_worker)
    answer = theirs.get(at("step", referral.pk, "receive"), follow=True)
    assert answer.redirect_chain[-1][0] == at("referral", referral.pk)
    assert "Accepted" in answer.content.decode()


def test_declining_asks_why(referral: Referral, theirs: Client) -> None:
    answer = theirs.post(
        at("step", referral.pk, "decline"), make_form_key() | {"seen": referral.version}
    )
    assert answer.status_code == 422
    referral.refresh_from_db()
    assert referral.state is S.SENT


def test_an_appointment_tells_the_sender_where_and_when(
    referral: Referral, ours: Client, theirs: Client, shelter_worker: User
) -> None:
    actions.accept(referral, by=shelter_worker)
    when = timezone.localtime() + timedelta(days=3)
    theirs.post(
        at("step", referral.pk, "appointment"),
        make_form_key()
        | {
            "seen": referral.version,
            "at": when.strftime("%Y-%m-%dT%H:%M"),
            "place": "outside",
            "where": "The library, second floor",
            "interpreter": "Tigrinya, a woman",
        },
    )
    page = ours.get(at("referral", referral.pk)).content.decode()
    assert "The library, second floor" in page
    assert "Another safe place" in page
    assert "Tigrinya, a woman" in page


@pytest.mark.parametrize("to", ["²", "1" * 5000, "9" * 18, "x"])
def test_an_invented_service_to_redirect_to_is_no_choice(
    referral: Referral, theirs: Client, to: str
) -> None:
    data = {"seen": referral.version, "to": to, "note": ""}
    answer = theirs.post(at("step", referral.pk, "redirect"), make_form_key() | data)
    assert answer.status_code == 422


def test_naming_another_service_finds_it_by_name(
    referral: Referral, theirs: Client, other_shelter: Service
) -> None:
    path = at("step", referral.pk, "redirect")
    assert "Hill House beds" in theirs.get(f"{path}?find=hill").content.decode()
    data = {"seen": referral.version, "to": other_shelter.pk, "note": ""}
    assert theirs.post(path, make_form_key() | data).status_code == 302
    referral.refresh_from_db()
    assert referral.redirected_to == other_shelter


def test_messages_go_between_the_teams(
    referral: Referral, ours: Client, theirs: Client
) -> None:
    ours.post(
        at("write", referral.pk), make_form_key() | {"text": "Is it quiet there?"}
    )
    assert (
        "Is it quiet there?" in theirs.get(at("referral", referral.pk)).content.decode()
    )
    empty = theirs.post(at("write", referral.pk), make_form_key() | {"text": ""})
    assert empty.status_code == 422


def test_taking_on_is_shown(
    referral: Referral, theirs: Client, shelter_worker: User
) -> None:
    theirs.post(at("take", referral.pk), make_form_key())
    assert shelter_worker.name in theirs.get(at("inbox")).content.decode()


def test_after_withdrawal_the_recipient_s_page_is_gone_and_says_what_to_do(
    referral: Referral, worker: User, theirs: Client, ours: Client
) -> None:
    consents.withdraw(referral.agreed, by=worker)
    answer = theirs.get(at("referral", referral.pk))
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "consent has ended" in page
    assert reverse("consent:destroy", args=[referral.agreed.destruction.pk]) in page
    assert "Zubaida" not in page
    assert "Consent withdrawn" in ours.get(at("referral", referral.pk)).content.decode()


def test_after_a_refusal_the_recipient_reads_nothing_any_more(
    referral: Referral, theirs: Client, ours: Client, shelter_worker: User
) -> None:
    actions.decline(
        referral, reason=DeclineReason.UNSAFE, note="He asks for her", by=shelter_worker
    )
    assert "Zubaida" not in theirs.get(at("referral", referral.pk)).content.decode()
    page = ours.get(at("referral", referral.pk)).content.decode()
    assert "He asks for her" in page
    assert f"{at('choose', referral.need_id)}?follows={referral.pk}" in page


def test_the_person_s_word_is_recorded_by_the_sender(
    referral: Referral, worker: User, shelter_worker: User, ours: Client, theirs: Client
) -> None:
    goes_to(S.COMPLETED, referral, worker, shelter_worker)
    path = at("step", referral.pk, "confirm")
    data = {"seen": referral.version, "outcome": "met", "words": "I slept well"}
    assert theirs.get(path).status_code == 404
    assert ours.post(path, make_form_key() | data).status_code == 302
    given.pass_ten_minutes()
    referral.refresh_from_db()
    assert referral.outcome == "met"


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


@kept
def far_service(db: None) -> Service:
    """Of a team in which nobody has an account."""
    team = given.make_team(name="Village clinic")
    keeper = given.make_worker(role=Role.COORDINATOR)
    return given.make_service(of=team, by=keeper, name="Village clinic beds")


@kept
def outside(need: Need, far_service: Service, worker: User) -> Referral:
    return given.make_referral(
        need=need, to=far_service, by=worker, note="Call at noon"
    )


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


# --- who answers


def test_a_week_is_set_and_shown(
    shelter_team: Team, shelter_worker: User, theirs: Client, strange: Client
) -> None:
    path = at("rota", shelter_team.pk)
    assert theirs.get(path).status_code == 200
    assert strange.get(path).status_code == 404
    data = make_form_key() | {
        f"day{day}-workers": [shelter_worker.pk] for day in range(7)
    }
    theirs.post(at("duty", shelter_team.pk), data)
    assert shelter_team.duties.count() == 7
    assert strange.post(at("duty", shelter_team.pk), data).status_code == 404


def test_cover_is_arranged_and_ended(
    shelter_team: Team, shelter_worker: User, theirs: Client, strange: Client
) -> None:
    colleague = given.make_worker(of=shelter_team, name="Idris Bello")
    today = timezone.now().date().isoformat()
    data = {
        "away": shelter_worker.pk,
        "covered_by": colleague.pk,
        "first_on": today,
        "last_on": today,
    }
    wrong = theirs.post(
        at("rota", shelter_team.pk),
        make_form_key() | data | {"covered_by": shelter_worker.pk},
    )
    assert wrong.status_code == 422
    theirs.post(at("rota", shelter_team.pk), make_form_key() | data)
    assert "Idris Bello" in theirs.get(at("inbox")).content.decode()
    cover = shelter_team.covers.get()
    assert strange.post(at("end_cover", cover.pk), make_form_key()).status_code == 404
    theirs.post(at("end_cover", cover.pk), make_form_key())
    assert not shelter_team.covers.exists()


def test_somebody_in_one_team_comes_straight_to_its_rota(
    shelter_team: Team, theirs: Client
) -> None:
    assert theirs.get(at("rotas"))["Location"] == at("rota", shelter_team.pk)


def test_somebody_in_two_teams_looks_into_one_inbox_at_a_time(
    referral: Referral, shelter_worker: User, theirs: Client
) -> None:
    other = given.make_team(name="A clinic")
    given.join_team(shelter_worker, other, role=Role.FOCAL_POINT)
    clinic = theirs.get(at("inbox")).content.decode()
    assert referral.case.reference not in clinic
    assert f"?team={referral.recipient_id}" in clinic
    shelter = theirs.get(at("inbox") + f"?team={referral.recipient_id}")
    assert referral.case.reference in shelter.content.decode()


def test_nobody_looks_into_the_inbox_of_a_team_that_is_not_theirs(
    referral: Referral, strange: Client
) -> None:
    page = strange.get(at("inbox") + f"?team={referral.recipient_id}")
    assert referral.case.reference not in page.content.decode()


# --- what is turned away is written down


def turned_away(user: User) -> list[str]:
    said = AuditEvent.objects.filter(did="was turned away", actor=user.actor_id)
    events = said.select_related("auditdetail").order_by("pk")
    return [str(event.auditdetail.details["rule"]) for event in events]


@pytest.mark.parametrize("name", ["take", "leave"])
def test_a_sender_who_takes_what_was_asked_of_others_is_written_down(
    name: str, referral: Referral, worker: User
) -> None:
    answer = given.sign_in(worker).post(at(name, referral.pk), make_form_key())
    assert answer.status_code == 404
    assert turned_away(worker) == ["answer_referral"]


def test_a_step_of_the_other_side_is_written_down(
    referral: Referral, worker: User, shelter_worker: User
) -> None:
    ours, theirs = given.sign_in(worker), given.sign_in(shelter_worker)
    data = make_form_key() | {"seen": referral.version}

    assert ours.post(at("step", referral.pk, "accept"), data).status_code == 404
    assert theirs.get(at("step", referral.pk, "recall")).status_code == 404

    assert turned_away(worker) == [may_answer.name]
    assert turned_away(shelter_worker) == [speak_for_sender.name]


@pytest.mark.parametrize("list_", ["inbox", "sent"])
def test_a_list_that_there_is_not_is_no_address(list_: str, ours: Client) -> None:
    assert ours.get(f"{at(list_)}gossip/").status_code == 404
    assert ours.get(f"{at(list_)}ended/").status_code == 200


# --- a form that comes back with what is wrong


def events_of(case: Case, did: str) -> int:
    return AuditEvent.objects.about_case(case.pk).filter(did=did).count()


def test_what_was_opened_to_ask_again_is_written_down(
    need: Need, shelter: Service, ours: Client
) -> None:
    before = events_of(need.case, "opened")
    answer = ours.post(
        at("ask", need.pk, shelter.pk), make_form_key() | {"until": "never"}
    )
    assert answer.status_code == 422
    assert events_of(need.case, "opened") == before + 1


def test_what_was_opened_beside_a_mistaken_message_is_written_down(
    referral: Referral, theirs: Client
) -> None:
    case = referral.case
    before = {did: events_of(case, did) for did in OPENED}

    answer = theirs.post(at("write", referral.pk), make_form_key() | {"text": ""})

    assert answer.status_code == 422
    assert "Zubaida Canary" in answer.content.decode()
    assert {did: events_of(case, did) - n for did, n in before.items()} == OPENED


OPENED = {"opened disclosure": 1, "opened letters": 1}
