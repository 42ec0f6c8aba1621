"""The mechanism is a file: a coordinator changes it in a browser, others discuss it,
two organisations sign, running cases go on by it with every deadline, and the new
procedures are printed. In English and in Arabic, every page looked at by axe.

Pages are found by what they are (addresses, fields), not by the words on them, so that
the same story is walked in every language.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pypdfium2 import PdfDocument

from amana import given
from amana.care.pathways.models import OpenTask, PathwayRun
from amana.design.mechanism import actions, writing
from amana.design.mechanism.choosing import find_first_version
from amana.design.mechanism.models import Version
from amana.design.mechanism.pack.files import read_folder
from amana.trust.access.models import Organisation, Role, Sphere, User
from tests.journeys.conftest import SignsIn, Watch

Look = Callable[[Page, str], None]

EXAMPLE = Path(__file__).parents[2] / "mechanisms/example"
NEW_STEP = {
    "do_en": "Ask what the person wants now",
    "do_fr": "Demander ce que la personne souhaite maintenant",
    "do_ar": "اسألها عمّا تريده الآن",
}


@pytest.fixture
def look(accessible: Callable[[Page], None], picture: Look) -> Look:
    def look(page: Page, name: str) -> None:
        accessible(page)
        picture(page, f"mechanism-{name}")

    return look


@pytest.fixture
def house(transactional_db: None) -> Organisation:
    return given.make_organisation(name="Dar Amal")


@pytest.fixture
def office(transactional_db: None) -> Organisation:
    return given.make_organisation(
        name="National Coordination Office", sphere=Sphere.LEGAL
    )


@pytest.fixture
def coordinator(office: Organisation) -> User:
    team = given.make_team(of=office, name="Coordination unit")
    return given.make_worker(of=team, role=Role.COORDINATOR, name="Amina Rahmani")


@pytest.fixture
def worker(house: Organisation) -> User:
    team = given.make_team(of=house, name="Outreach")
    return given.make_worker(of=team, role=Role.CASE_WORKER, name="Grace Achieng")


@pytest.fixture
def supervisor(house: Organisation) -> User:
    team = given.make_team(of=house, name="Management")
    return given.make_worker(of=team, role=Role.SUPERVISOR, name="Samir Nasser")


@pytest.fixture
def first(coordinator: User, supervisor: User, worker: User) -> Version:
    """The country's mechanism, which two organisations sign, in force."""
    files = read_folder(EXAMPLE)
    signed_by = ["coordination_office", "dar_amal"]
    files |= writing.write_value(files, "mechanism.yaml", ("signed_by",), signed_by)
    version = actions.load_draft(files, by=coordinator)
    actions.open_consultation(version, by=coordinator)
    for by in (coordinator, supervisor):
        actions.sign(
            version,
            organisation=by.memberships.get().team.organisation,
            sha256=version.sha256,
            by=by,
        )
    actions.adopt(version, by=coordinator)
    actions.put_in_force(version, by=coordinator)
    team = worker.memberships.get().team
    for role in ("responder", "manager"):
        actions.give_part(version.mechanism, role, team, by=coordinator)
    return version


@pytest.fixture
def running(first: Version, worker: User) -> PathwayRun:
    """A case on its way by the first version."""
    case = given.make_case(worked_on_by=worker)
    return PathwayRun.objects.get(case=case)


def deadlines(course: PathwayRun) -> dict[str, datetime | None]:
    return dict(OpenTask.objects.filter(course=course).values_list("key", "due_at"))


def follow(page: Page, ending: str) -> None:
    """The first link whose address ends so."""
    page.locator(f'main a[href$="{ending}"]').first.click()
    page.wait_for_load_state()


def press(page: Page, ending: str) -> None:
    """The button of the form that is sent to an address that ends so."""
    page.locator(f'main form[action$="{ending}"] button').first.click()
    page.wait_for_load_state()


def send(page: Page) -> None:
    """The first button of the form that is being filled in."""
    page.locator("main .primary-bar button").first.click()
    page.wait_for_load_state()


def draft_of(page: Page, look: Look, first: Version) -> Version:
    """Begin a draft, give a decision more time, put a step in."""
    page.goto("/mechanism/", timeout=60_000)  # the first page of a fresh server
    look(page, "now")
    follow(page, f"/mechanism/{first.pk}/")
    press(page, "/begin/")
    draft = Version.objects.drafts().get()
    look(page, "draft")

    page.goto(f"/mechanism/{draft.pk}/steps/grounds/")
    look(page, "step")
    follow(page, "/grounds/change/")
    page.fill('[name="due_amount"]', "10")
    page.select_option('[name="due_unit"]', "working_days")
    look(page, "change-step")
    send(page)

    page.goto(f"/mechanism/{draft.pk}/steps/interview/")
    follow(page, "/interview/after/do/")
    for name, words in NEW_STEP.items():
        page.fill(f'[name="{name}"]', words)
    page.select_option('[name="role"]', "manager")
    page.fill('[name="due_amount"]', "2")
    page.select_option('[name="due_unit"]', "days")
    look(page, "add-step")
    send(page)
    return draft


def sign(page: Page, look: Look, version: Version, name: str) -> None:
    version.refresh_from_db()
    page.goto(f"/mechanism/{version.pk}/signatures/")
    assert version.sha256 in page.content()
    look(page, name)
    page.locator('main form[action*="/sign/"] button').first.click()
    page.wait_for_load_state()


SAID = {
    "en": "now has 10 working days (previously 5 working days)",
    "ar": "10",
}


@pytest.mark.parametrize(
    "language", [pytest.param("en", marks=pytest.mark.smoke), "ar"]
)
def test_a_mechanism_is_changed_signed_and_lived_by(
    first: Version,
    running: PathwayRun,
    coordinator: User,
    supervisor: User,
    worker: User,
    sign_in: SignsIn,
    look: Look,
    accessible: Callable[[Page], None],
    watch: Watch,
    language: str,
) -> None:
    before = deadlines(running)
    assert before

    page = sign_in(coordinator, language=language)
    draft = draft_of(page, look, first)
    page.goto(f"/mechanism/{draft.pk}/differences/")
    assert SAID[language] in page.locator("main").inner_text()
    assert NEW_STEP[f"do_{language}"] in page.locator("main").inner_text()
    look(page, "differences")
    page.goto(f"/mechanism/{draft.pk}/")
    press(page, "/consult/")

    colleague = sign_in(worker, language=language)
    colleague.goto(f"/mechanism/{draft.pk}/steps/grounds/")
    colleague.locator('main a[href*="/comments/?step=grounds"]').click()
    colleague.fill('[name="words"]', "Ten days are long for somebody who waits.")
    send(colleague)
    page.goto(f"/mechanism/{draft.pk}/comments/")
    page.fill('[name="answer"]', "Two experts are heard first; she rests meanwhile.")
    look(page, "consultation")
    press(page, "/settle/")

    sign(sign_in(supervisor, language=language), look, draft, "sign")
    sign(page, look, draft, "signed-by-one")
    press(page, "/adopt/")
    assert page.url.endswith("/in-force/")
    look(page, "in-force")
    send(page)

    assert find_first_version() == draft
    running.refresh_from_db()
    assert running.version == draft
    assert deadlines(running) == before
    colleague.goto(f"/pathways/{running.pk}/")
    look(colleague, "case-goes-on")

    printed(page, look, accessible, draft, language)


def printed(
    page: Page,
    look: Look,
    accessible: Callable[[Page], None],
    version: Version,
    language: str,
) -> None:
    """The new procedures, on a page and as a PDF, in the language of the reader."""
    page.goto(f"/mechanism/{version.pk}/")
    follow(page, "/paper/")
    look(page, "paper")
    page.goto(f"/mechanism/{version.pk}/paper/{language}/sop/html/")
    assert NEW_STEP[f"do_{language}"] in page.locator("main").inner_text()
    accessible(page)
    pdf = page.request.get(f"/mechanism/{version.pk}/paper/{language}/sop/pdf/")
    assert len(PdfDocument(pdf.body())) > 5


def test_two_who_write_the_same_step_lose_nothing(
    first: Version,
    coordinator: User,
    sign_in: SignsIn,
    look: Look,
    watch: Watch,
) -> None:
    draft = actions.begin_draft(first, by=coordinator)
    team = coordinator.memberships.get().team
    other = given.make_worker(of=team, role=Role.COORDINATOR, name="Leila Haddad")
    address = f"/mechanism/{draft.pk}/steps/grounds/change/"
    mine, theirs = sign_in(coordinator), sign_in(other)
    mine.goto(address)
    theirs.goto(address)
    theirs.fill('[name="due_amount"]', "7")
    send(theirs)

    watch.expect("409")
    mine.fill('[name="do_en"]', "Decide, and say why")
    send(mine)
    assert mine.locator("main .notice").first.is_visible()
    assert mine.input_value('[name="do_en"]') == "Decide, and say why"
    assert mine.input_value('[name="due_amount"]') == "7"
    look(mine, "meanwhile")
    send(mine)

    step = writing.read_piece(
        Version.objects.get(pk=draft.pk).content(),
        "pathway.yaml",
        ("steps", "grounds"),
    )
    assert step["due"] == "P7B"
    assert step["do"]["en"] == "Decide, and say why"
