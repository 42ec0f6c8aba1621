"""A trainer mends a lesson and a question in forms, without a script; the pages fit a
phone, and axe finds nothing on them."""

import pytest
from playwright.sync_api import Page, expect

from amana import given
from amana.academy.authoring import actions
from amana.academy.authoring.models import Draft
from amana.academy.courses.tests.courses import small_course
from amana.trust.access.models import Role, User
from tests.journeys.conftest import LANGUAGES, Looks, SignsIn

pytestmark = pytest.mark.django_db(transaction=True)

LESSON = "modules/1-consent/en/01-asking-first.md"
TRANSLATION = "modules/1-consent/fr/01-asking-first.md"
BANK = "modules/1-consent/bank.yaml"


@pytest.fixture
def trainer(transactional_db: None) -> User:
    return given.make_worker(role=Role.TRAINER, name="Tariq Trainer")


@pytest.fixture
def draft(trainer: User) -> Draft:
    return actions.begin_draft("small", small_course(), by=trainer)


def save(page: Page) -> None:
    with page.expect_navigation():
        page.locator("main form .actions [data-kind=primary]").first.click()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lesson_and_a_question_are_written_in_forms(
    trainer: User, draft: Draft, language: str, sign_in: SignsIn, look: Looks
) -> None:
    numbers = dict(draft.files.values_list("path", "pk"))
    home = f"/academy/writing/{draft.pk}/"
    page = sign_in(trainer, language=language, scripts=language == "en")
    scripts = language == "en"

    page.goto(f"{home}lesson/{numbers[LESSON]}/")
    look(page, "lesson-form", scripts=scripts)
    page.locator("#id_title").fill("Asking: first")
    page.locator("#id_part-4-said").fill("Then we wait [@nowhere].")
    save(page)
    expect(page.locator("#id_part-4-said_error")).to_be_visible()
    look(page, "lesson-form-fault", scripts=scripts)
    assert b"title: 'Asking: first'" in draft.content()[LESSON]
    page.goto(f"{home}lesson/{numbers[TRANSLATION]}/")
    look(page, "lesson-form-translation", scripts=scripts)

    page.goto(f"{home}questions/{numbers[BANK]}/")
    look(page, "questions-list", scripts=scripts)
    page.goto(f"{home}questions/{numbers[BANK]}/m1-b001/")
    look(page, "question-form", scripts=scripts)
    page.locator("#id_text-fr").fill("Et dans le cas 001 ?")
    save(page)
    french = draft.content()["modules/1-consent/fr/bank.yaml"].decode()
    assert "Et dans le cas 001 ?" in french
    page.goto(f"{home}sources/who-2003/")
    look(page, "source-form", scripts=scripts)
