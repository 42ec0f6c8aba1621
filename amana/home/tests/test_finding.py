"""One search: everything that one may open, and nothing else."""

import pytest
from django.test import Client

from amana import given
from amana.care.cases.models import Case
from amana.design.directory.models import Service
from amana.trust.access.models import Role, User
from amana.trust.audit.models import AuditEvent
from amana.trust.vault.models import SearchCard

pytestmark = pytest.mark.django_db
SEARCH = "/search/"


@pytest.fixture
def worker() -> User:
    return given.make_worker(name="Mariam Toure")


@pytest.fixture
def case(worker: User) -> Case:
    return given.make_case(worked_on_by=worker, identity_name="Zubaida Canary")


def asks(user: User, q: str) -> str:
    page = given.sign_in(user).post(SEARCH, {"q": q}, headers={"HX-Request": "true"})
    return page.content.decode()


def test_a_case_is_found_by_any_spelling_and_each_search_is_in_the_log(
    worker: User, case: Case
) -> None:
    before = AuditEvent.objects.count()
    page = asks(worker, "zubaydah")
    assert "Zubaida Canary" in page
    assert case.reference in page
    assert f"/cases/{case.pk}/" in page
    assert AuditEvent.objects.count() > before


def test_a_damaged_card_is_left_out_and_the_page_says_so(
    worker: User, case: Case
) -> None:
    other = given.make_case(worked_on_by=worker, identity_name="Zubaida Canary")
    SearchCard.objects.filter(case=other.pk).update(sealed=b"\x01" * 80)
    page = asks(worker, "zubaydah")
    assert case.reference in page
    assert other.reference not in page
    assert "left out because they could not be opened: 1." in page


def test_a_stranger_finds_no_case_and_no_colleague_of_others(case: Case) -> None:
    stranger = given.make_worker(role=Role.SUPERVISOR)
    page = asks(stranger, "Zubaida")
    assert "Canary" not in page
    assert "Nothing found" in page
    assert "Toure" not in asks(stranger, "Mariam")


def test_a_colleague_who_does_not_work_on_it_finds_no_case(
    worker: User, case: Case
) -> None:
    colleague = given.make_worker(of=case.team)
    assert "Canary" not in asks(colleague, "Zubaida")
    assert "Mariam Toure" in asks(colleague, "mariam")


def test_services_are_found_by_name_and_hidden_ones_by_their_team_alone(
    worker: User,
) -> None:
    given.make_service(name="Lake House beds")
    hidden = given.make_service(
        name="Lake secret beds", visibility=Service.Visibility.RESTRICTED
    )
    page = asks(worker, "lake beds")
    assert "Lake House beds" in page
    assert "secret" not in page
    own = given.make_worker(of=hidden.team)
    assert "Lake secret beds" in asks(own, "lake")


def test_pages_are_those_of_one_s_own_navigation(worker: User) -> None:
    assert "/referrals/received/" in asks(worker, "inbox")
    analyst = given.make_worker(role=Role.ANALYST)
    assert "/referrals/received/" not in asks(analyst, "inbox")
    assert "/account" in asks(analyst, "my account")


def test_what_is_typed_is_never_in_an_address(worker: User, case: Case) -> None:
    browser = given.sign_in(worker)
    asked = browser.get(SEARCH, {"q": "Zubaida"}).content.decode()
    assert "Canary" not in asked
    page = browser.post(SEARCH, {"q": "Zubaida"}).content.decode()
    assert 'method="post"' in page[page.index("<search") :]
    assert "q=Zubaida" not in page


def test_every_page_has_the_field(worker: User) -> None:
    page = given.sign_in(worker).get("/directory/").content.decode()
    header = page[page.index("<header") : page.index("</header>")]
    assert 'action="/search/" method="post"' in header
    assert "data-slash" in header


def test_nothing_typed_is_said_in_words(worker: User) -> None:
    assert given.sign_in(worker).post(SEARCH, {"q": " "}).status_code == 422


def test_nobody_unknown_searches(client: Client) -> None:
    assert client.post(SEARCH, {"q": "x"}).status_code == 401
