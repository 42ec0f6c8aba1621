"""A need that is not among the ten pictures is found by its name, online and without a
network, with the keyboard alone; without scripts the list of all needs is there."""

import pytest
from playwright.sync_api import Page, expect

from amana import given
from amana.trust.access.models import Role, Sphere, User
from tests.journeys.conftest import Looks, SignsIn, Watch
from tests.journeys.offline.posts import (
    Post,
    act,
    answer_the_gate,
    make_ready,
    open_meeting,
    screen,
)

pytestmark = pytest.mark.django_db(transaction=True)


SEARCH = "#find-need"
WORDS = {"en": ["scho", "SCHÓ"], "ar": ["مدر", "مَدْر"]}
"""Of a need with a school in its name: as typed quickly, and with other marks."""


@pytest.fixture
def officer() -> User:
    border = given.make_organisation(name="Border Guard", sphere=Sphere.BORDER)
    return given.make_worker(of=given.make_team(of=border), role=Role.SCREENER)


def find_by_keyboard(page: Page, words: list[str]) -> str:
    """Type, hear how many there are, and go to the first one; its code."""
    search, status = page.locator(SEARCH), page.locator(".find-need [role=status]")
    found = page.locator(".find-need li button")
    counts = set()
    for typed in words:
        search.fill(typed)
        expect(found).not_to_have_count(0)
        expect(status).to_contain_text(str(found.count()))
        counts.add(found.count())
    assert len(counts) == 1
    code = str(found.first.get_attribute("value")).removeprefix("need ")
    search.press("ArrowDown")
    expect(found.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(search).to_be_focused()
    page.keyboard.press("Escape")
    expect(found).to_have_count(0)
    expect(status).to_have_text("")
    search.fill("xqzz")
    expect(status).to_contain_text("0")
    search.fill(words[0])
    page.keyboard.press("Enter")
    return code


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_need_is_found_online(
    officer: User, sign_in: SignsIn, look: Looks, language: str
) -> None:
    page = sign_in(officer, language=language)
    page.goto("/cases/meet/intake/")
    page.locator(SEARCH).fill(WORDS[language][0])
    look(page, "intake-need-search")

    code = find_by_keyboard(page, WORDS[language])

    expect(page.locator('[name="need-0-type"]')).to_have_value(code)
    expect(page.locator(".find-need li")).to_have_count(0)


def test_without_scripts_the_list_is_there(officer: User, sign_in: SignsIn) -> None:
    page = sign_in(officer, scripts=False)
    page.goto("/cases/meet/intake/")

    expect(page.locator(SEARCH)).to_be_hidden()
    assert page.locator('[name="need-0-type"] option').count() > 40


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_need_is_found_without_a_network(
    officer: User, post: Post, look: Looks, watch: Watch, language: str
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    post.language = language
    page = post.switch_on()
    post.sign_in(officer)
    make_ready(page)
    post.network(there=False)
    open_meeting(page)
    act(page, "new")
    answer_the_gate(page)
    act(page, "next")
    screen(page, "intake")
    page.locator(SEARCH).fill(WORDS[language][0])
    look(page, "meeting-need-search")

    code = find_by_keyboard(page, WORDS[language])

    expect(page.locator('[name="need-0-type"]')).to_have_value(code)
    expect(page.locator('[name="need-0-words"]')).to_be_focused()
    expect(page.locator(".find-need li")).to_have_count(0)
    named = page.locator("select[name=identity_languages] option")
    assert named.count() > 80
    assert "bg" not in named.all_text_contents()
