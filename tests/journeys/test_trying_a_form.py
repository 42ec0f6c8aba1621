"""A form whose pattern and calculation once stopped browser and server is tried out,
and says in words what is too long; on a phone and a desk, in English and in Arabic."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from amana import given
from amana.design.forms.tests.writing import q, workbook
from amana.trust.access.models import Role
from tests.journeys.conftest import Looks, SignsIn, Watch

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "concat({})".format(", ".join(["${story}"] * 10))
FORM = [
    q("text", "number", "Case number", constraint="regex(., '(a+)+b|[A-Z]{2}[0-9]+')"),
    q("text", "story", "What happened", appearance="multiline"),
    q("calculate", "summary", calculation=LONG),
]
REFUSED = [q("text", "number", "Case number", constraint="regex(., '(?=a)b')")]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_hostile_form_is_tried_out_and_stops_nothing(
    sign_in: SignsIn, look: Looks, watch: Watch, language: str, tmp_path: Path
) -> None:
    watch.expect("422")
    author = given.make_worker(role=Role.COORDINATOR, name="Nadia Coordinator")
    page = sign_in(author, language=language)

    def choose(name: str, rows: list[dict[str, str]]) -> None:
        file = tmp_path / name
        file.write_bytes(workbook(rows))
        page.goto("/forms/check")
        page.locator("input[type=file]").set_input_files(file)
        page.locator("main form button").last.click()

    choose("refused.xlsx", REFUSED)
    expect(page.get_by_text("regex(., '…')")).to_be_visible()
    look(page, "form-refused")

    choose("hostile.xlsx", FORM)
    expect(page.locator("html[data-sheet=ready]")).to_be_attached()
    number, story = page.locator("[name=number]"), page.locator("[name=story]")
    number.fill("a" * 900)
    story.fill("x" * 9_000)
    number.blur()
    expect(page.locator("#q-number-error")).to_be_visible()
    number.fill("AB12")
    number.blur()
    expect(page.locator("#q-number-error")).to_have_count(0)

    finish = page.locator("button[value=finish]").last
    finish.click()
    told = page.locator("[data-unshown]")
    expect(told).to_contain_text("summary")
    expect(told).to_be_focused()
    expect(story).to_have_value("x" * 9_000)
    look(page, "form-grown")

    story.fill("x" * 90)
    finish.click()
    expect(page.get_by_text("AB12")).to_be_visible()
    expect(page.get_by_text("x" * 900)).to_be_visible()
