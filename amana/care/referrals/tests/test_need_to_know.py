"""Nobody learns by a referral what their role does not open to them otherwise."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.fields import list_fields
from amana.care.cases.models import Case
from amana.care.consent import actions as consents
from amana.care.referrals import actions, calendars, outside_recipients
from amana.care.referrals.forms import RedirectForm
from amana.care.referrals.models import Cover, Referral, ReferralStatus
from amana.care.referrals.rules import see_referral, watch_referral
from amana.design.directory.models import Service
from amana.errors import Changed, Refused
from amana.trust.access.models import Role, Sphere, Team, User
from amana.trust.audit.models import AuditEvent
from amana.trust.vault.compartments import Compartment
from amana.ui.once import make_form_key
from tests.worlds import kept

from .reaching import goes_to

CLOSED = "Some details. Your role can’t open this part of the case."


def at(name: str, *args: object) -> str:
    return reverse(f"referrals:{name}", args=args)


# --- what goes to a recipient without the system


@kept
def clinic(db: None) -> Service:
    """Of a health team in which nobody has an account."""
    team = given.make_team(of=given.make_organisation(sphere=Sphere.HEALTH))
    return given.make_service(of=team, by=given.make_worker(role=Role.COORDINATOR))


def sent_with_health(worker: User, clinic: Service) -> Referral:
    case = given.make_case(worked_on_by=worker, health_summary="Canary asthma")
    fields = ["identity.name", "health.summary"]
    consent = given.make_consent(case, to=clinic.team, by=worker, fields=fields)
    return given.make_referral(
        need=case.needs.get(), to=clinic, by=worker, consent=consent
    )


def test_a_sheet_holds_no_health_detail_for_who_may_not_read_it(
    worker: User, clinic: Service
) -> None:
    referral = sent_with_health(worker, clinic)

    page = given.sign_in(worker).get(at("sheet", referral.pk)).content.decode()

    assert "Canary asthma" not in page
    assert CLOSED in page
    assert_names_no_health_field(page)


def assert_names_no_health_field(page: str) -> None:
    for field in list_fields(Compartment.HEALTH):
        assert str(field.label) not in page


def test_the_sender_s_page_says_of_a_part_one_may_not_read_only_that_there_is_some(
    worker: User, clinic: Service
) -> None:
    referral = sent_with_health(worker, clinic)

    page = given.sign_in(worker).get(at("referral", referral.pk)).content.decode()

    assert "Health: some details" in page
    assert "What they want to be called" in page
    assert_names_no_health_field(page)


def test_the_sender_s_page_names_what_was_shared_to_who_may_read_it(
    clinic: Service,
) -> None:
    health = given.make_organisation(sphere=Sphere.HEALTH)
    nurse = given.make_worker(of=given.make_team(of=health))
    referral = sent_with_health(nurse, clinic)

    page = given.sign_in(nurse).get(at("referral", referral.pk)).content.decode()

    assert "Health needs" in page
    assert "some details" not in page


def test_whoever_stands_in_is_not_told_what_kind_of_detail_was_shared(
    worker: User, team: Team, clinic: Service
) -> None:
    referral = sent_with_health(worker, clinic)
    colleague = given.make_worker(of=team)
    actions.arrange_cover(team, away=worker, covered_by=colleague, by=worker, **today())

    browser = given.sign_in(colleague)
    page = browser.get(at("referral", referral.pk)).content.decode()

    assert "Health: some details" in page
    assert "Identity: some details" in page
    assert_names_no_health_field(page)


def test_a_consent_that_still_lives_names_no_health_field_when_more_is_sent(
    worker: User, clinic: Service
) -> None:
    need = sent_with_health(worker, clinic).need
    more = given.make_service(
        of=clinic.team, by=given.make_worker(role=Role.COORDINATOR)
    )

    browser = given.sign_in(worker)
    page = browser.get(at("ask", need.pk, more.pk)).content.decode()

    assert "Health: some details" in page
    assert_names_no_health_field(page)


def test_a_sheet_holds_health_detail_for_who_may_read_it(clinic: Service) -> None:
    health = given.make_organisation(sphere=Sphere.HEALTH)
    nurse = given.make_worker(of=given.make_team(of=health))
    sheet = outside_recipients.open_sheet(sent_with_health(nurse, clinic), by=nurse)
    assert "Canary asthma" in [words for _label, words in sheet.facts]


def test_nobody_makes_a_page_of_what_they_may_not_read(
    worker: User, clinic: Service
) -> None:
    referral = sent_with_health(worker, clinic)

    with pytest.raises(Refused, match="not open to your role"):
        actions.offer_page(referral, by=worker)

    answer = given.sign_in(worker).post(at("code", referral.pk), make_form_key())
    assert "spoken-code" not in answer.content.decode()


def test_a_screener_prints_no_account_of_what_happened(
    worker: User, team: Team
) -> None:
    case = given.make_case(worked_on_by=worker, narrative_account="Canary account")
    screener = given.make_worker(of=team, role=Role.SCREENER)
    cases.assign(case, screener, by=worker)
    fields = ["identity.name", "narrative.account"]
    lawyers = given.make_team(of=given.make_organisation(sphere=Sphere.LEGAL))
    keeper = given.make_worker(role=Role.COORDINATOR)
    advice = given.make_service(of=lawyers, by=keeper)
    consent = given.make_consent(case, to=lawyers, by=worker, fields=fields)
    referral = given.make_referral(
        need=case.needs.get(), to=advice, by=worker, consent=consent
    )

    sheet = outside_recipients.open_sheet(referral, by=given.unlock_user(screener))

    assert "Canary account" not in [words for _label, words in sheet.facts]
    assert "Canary account" in [
        words
        for _label, words in outside_recipients.open_sheet(referral, by=worker).facts
    ]


# --- who stands in


def today() -> dict[str, date]:
    return {"first_on": calendars.get_today(), "last_on": calendars.get_today()}


def test_a_focal_point_does_not_make_themselves_the_stand_in(
    referral: Referral, team: Team, worker: User
) -> None:
    focal_point = given.make_worker(of=team, role=Role.FOCAL_POINT)
    said = {"away": worker.pk, "covered_by": focal_point.pk} | today()

    answer = given.sign_in(focal_point).post(
        at("rota", team.pk), make_form_key() | said
    )

    assert answer.status_code == 422
    with pytest.raises(PermissionDenied):
        actions.arrange_cover(
            team, away=worker, covered_by=focal_point, by=focal_point, **today()
        )
    assert not Cover.objects.exists()
    assert not see_referral.permits(focal_point, referral)


def test_a_supervisor_arranges_cover_for_everybody_on_the_page(
    team: Team, worker: User, supervisor: User
) -> None:
    colleague = given.make_worker(of=team)
    said = {"away": worker.pk, "covered_by": colleague.pk} | today()
    given.sign_in(supervisor).post(at("rota", team.pk), make_form_key() | said)
    assert Cover.objects.get().covered_by == colleague


def test_whoever_stands_in_reads_how_it_stands_and_takes_nothing_outside(
    referral: Referral, team: Team, worker: User
) -> None:
    colleague = given.make_worker(of=team)
    actions.arrange_cover(team, away=worker, covered_by=colleague, by=worker, **today())
    browser = given.sign_in(colleague)

    page = browser.get(at("referral", referral.pk))

    assert page.status_code == 200
    assert at("outside", referral.pk) not in page.content.decode()
    for name in ("outside", "sheet"):
        assert browser.get(at(name, referral.pk)).status_code == 404
    assert browser.post(at("code", referral.pk), make_form_key()).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.offer_page(referral, by=colleague)


# --- naming another service


@kept
def hidden(shelter: Service) -> Service:
    """A safe house that only its own team knows of, in the same area."""
    return given.make_service(name="Canary safe house", visibility="restricted")


def test_a_service_that_one_may_not_see_is_not_offered_by_name_or_number(
    referral: Referral, hidden: Service, shelter_worker: User
) -> None:
    theirs = given.sign_in(shelter_worker)
    path = at("step", referral.pk, "redirect")
    for find in ("", "canary"):
        assert hidden.name not in theirs.get(f"{path}?find={find}").content.decode()
    data = {"seen": referral.version, "to": hidden.pk, "find": "canary"}
    answer = theirs.post(path, make_form_key() | data)
    assert answer.status_code == 422
    assert hidden.name not in answer.content.decode()


def test_a_service_that_one_may_not_see_is_not_named(
    referral: Referral, hidden: Service, shelter_worker: User
) -> None:
    with pytest.raises(PermissionDenied):
        actions.redirect(referral, to=hidden, by=shelter_worker)
    referral.refresh_from_db()
    assert referral.state is ReferralStatus.SENT


def test_a_service_of_one_s_own_team_is_offered(
    referral: Referral, shelter_team: Team, shelter_worker: User
) -> None:
    mine = given.make_service(of=shelter_team, visibility="restricted")
    form = RedirectForm(referral, by=shelter_worker)
    assert mine in form.fields["to"].queryset  # type: ignore[attr-defined]


# --- restricted cases


def test_a_coordinator_s_list_does_not_show_what_is_late_of_a_restricted_case(
    referral: Referral, case: Case, worker: User, coordinator: User
) -> None:
    Referral.objects.update(due_at=timezone.now() - timedelta(days=2))
    browser = given.sign_in(coordinator)
    assert "Lake House beds" in browser.get(at("late")).content.decode()

    cases.restrict(case, people=[worker], by=worker)

    assert "Lake House beds" not in browser.get(at("late")).content.decode()
    assert not watch_referral.permits(coordinator, referral)


# --- a place that somebody kept


@kept
def stays(referral: Referral, worker: User, shelter_worker: User) -> Referral:
    """The consent has ended, and the person is still in their bed."""
    goes_to(ReferralStatus.STARTED, referral, worker, shelter_worker)
    consents.withdraw(referral.agreed, by=worker)
    referral.refresh_from_db()
    return referral


def test_when_the_person_has_left_the_place_is_given_back_once(
    stays: Referral, shelter: Service, shelter_worker: User
) -> None:
    stale = Referral.objects.get(pk=stays.pk)
    events = AuditEvent.objects.filter(thing=f"referrals.referral:{stays.pk}")
    before = events.count()

    actions.record_departure(stays, by=shelter_worker)
    with pytest.raises(Changed):
        actions.record_departure(stale, by=shelter_worker)

    shelter.refresh_from_db()
    assert shelter.places_free == 5
    assert events.count() == before + 1
    assert Referral.objects.get(pk=stays.pk).places == 0


def test_the_page_offers_it_while_a_place_is_held(
    stays: Referral, shelter: Service, shelter_worker: User
) -> None:
    theirs = given.sign_in(shelter_worker)
    path = at("leave", stays.pk)
    assert path in theirs.get(at("referral", stays.pk)).content.decode()

    theirs.post(path, make_form_key())

    shelter.refresh_from_db()
    assert shelter.places_free == 5
    assert path not in theirs.get(at("referral", stays.pk)).content.decode()


def test_only_the_recipient_gives_the_place_back(
    stays: Referral, worker: User, stranger: User
) -> None:
    for user in (worker, stranger):
        with pytest.raises((PermissionDenied, Http404)):
            actions.record_departure(stays, by=user)
        answer = given.sign_in(user).post(at("leave", stays.pk), make_form_key())
        assert answer.status_code == 404


def test_nobody_leaves_what_is_still_open(
    referral: Referral, shelter_worker: User
) -> None:
    actions.accept(referral, by=shelter_worker)
    with pytest.raises(Changed):
        actions.record_departure(referral, by=shelter_worker)
