"""The ledger of a case: what is shared, and what has ended."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Case
from amana.care.consent import actions
from amana.care.consent.models import Consent, Destruction
from amana.trust.access.models import Role, Sphere, Team, User
from amana.trust.vault.models import Disclosure
from amana.ui.once import make_form_key

from .conftest import a_case, a_team_of, agrees

# --- the ledger


def test_the_ledger_says_what_is_shared_and_what_has_ended(
    browser: Client, case: Case, shelter: Team, worker: User
) -> None:
    ended = agrees(case, to=shelter, by=worker)
    actions.disclose(ended, by=worker)
    actions.withdraw(ended, by=worker)
    live = agrees(case, to=shelter, by=worker)

    page = browser.get(reverse("consent:ledger", args=[case.pk]))

    assert page.context["live"] == [live]
    assert page.context["ended"] == [ended]
    assert "not yet confirmed" in page.content.decode()


def test_a_consent_is_taken_back_in_two_taps(
    browser: Client, consent: Consent, worker: User
) -> None:
    actions.disclose(consent, by=worker)
    url = reverse("consent:withdraw", args=[consent.pk])

    first = browser.get(url)
    second = browser.post(url, make_form_key())

    assert first.status_code == 200
    assert second["Location"] == reverse("consent:ledger", args=[consent.case_id])
    assert not Disclosure.objects.exists()


def test_the_page_of_a_consent_holds_the_text_that_was_heard(
    browser: Client, case: Case, shelter: Team, worker: User
) -> None:
    consent = agrees(case, to=shelter, by=worker, conditions="Never my brother")

    page = browser.get(reverse("consent:consent", args=[consent.pk])).content.decode()

    assert "القرار لكم" in page
    assert "Never my brother" in page


def test_a_consent_beside_a_referral_is_shared_by_a_button(
    browser: Client, case: Case, shelter: Team, worker: User, shelter_worker: User
) -> None:
    consent = agrees(
        case, to=shelter, by=worker, purpose="coordination", conditions="No police"
    )

    browser.post(reverse("consent:share", args=[consent.pk]), make_form_key())

    theirs = given.sign_in(shelter_worker)
    listed = theirs.get(reverse("consent:shared"))
    assert case.reference in listed.content.decode()
    (disclosure,) = listed.context["disclosures"]
    page = theirs.get(reverse("consent:disclosure", args=[disclosure.pk]))
    assert "Zubaida Canary" in page.content.decode()
    assert "No police" in page.content.decode()
    assert "They kept my passport" not in page.content.decode()


def test_after_withdrawal_the_recipients_page_is_gone(
    case: Case, shelter: Team, worker: User, shelter_worker: User
) -> None:
    consent = agrees(case, to=shelter, by=worker, purpose="coordination")
    disclosure = actions.disclose(consent, by=worker)
    url = reverse("consent:disclosure", args=[disclosure.pk])
    theirs = given.sign_in(shelter_worker)
    assert theirs.get(url).status_code == 200

    actions.withdraw(consent, by=worker)

    assert theirs.get(url).status_code == 404


# --- cost


def test_a_ledger_costs_the_same_for_one_consent_and_for_thirty(
    browser: Client, case: Case, worker: User
) -> None:
    teams = [a_team_of(Sphere.HUMANITARIAN) for _ in range(30)]
    agrees(case, to=teams[0], by=worker)
    few = queries(browser, reverse("consent:ledger", args=[case.pk]))
    for team in teams[1:]:
        agrees(case, to=team, by=worker)

    assert queries(browser, reverse("consent:ledger", args=[case.pk])) == few


def queries(browser: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(url).status_code == 200
    return len(seen)


# --- what the names of the fields would say


HEALTH = ["health.summary"]


def shared_with_a_clinic(case: Case, worker: User) -> Consent:
    clinic = a_team_of(Sphere.HEALTH)
    return agrees(case, to=clinic, by=worker, fields=["identity.name", *HEALTH])


def page_of(consent: Consent, reader: User) -> str:
    browser = given.sign_in(reader)
    path = reverse("consent:consent", args=[consent.pk])
    return browser.get(path).content.decode()


def test_a_supervisor_reads_of_health_only_that_something_is_shared(
    case: Case, worker: User
) -> None:
    found = shared_with_a_clinic(case, worker)
    supervisor = given.make_worker(of=case.team, role=Role.SUPERVISOR)

    page = page_of(found, supervisor)

    assert "Health: some details" in page
    assert "What they want to be called" in page
    assert "Health needs" not in page
    assert "The text read aloud is not shown: it has details" in page


def test_a_colleague_who_reads_health_reads_what_is_shared_of_it(db: None) -> None:
    nurse = given.make_worker(of=a_team_of(Sphere.HEALTH))
    case = a_case(nurse)
    found = shared_with_a_clinic(case, nurse)
    colleague = given.make_worker(of=case.team)
    cases.assign(case, colleague, by=nurse)

    page = page_of(found, colleague)

    assert "Health needs" in page
    assert "Print the text read aloud" in page
    assert "some details" not in page


def test_whoever_read_the_text_aloud_prints_it(case: Case, worker: User) -> None:
    page = page_of(shared_with_a_clinic(case, worker), worker)
    assert "Print the text read aloud" in page


def test_whoever_answers_for_an_outsider_is_not_told_which_health_field_it_was(
    case: Case, worker: User
) -> None:
    clinic = given.make_team(of=given.make_organisation(sphere=Sphere.HEALTH))
    found = agrees(case, to=clinic, by=worker, fields=["identity.name", *HEALTH])
    actions.disclose(found, by=worker)
    actions.withdraw(found, by=worker)
    told = Destruction.objects.get(consent=found)

    browser = given.sign_in(worker)
    page = browser.get(reverse("consent:destroy", args=[told.pk])).content.decode()

    assert "Health: some details" in page
    assert "Health needs" not in page
