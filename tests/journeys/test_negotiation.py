"""A negotiation with four browsers: two parties, a mediator and the trainer who leads.
Briefs are private, news comes without reloading, a party walks away and comes back, all
sign, and the text becomes a draft."""

import re

import pytest
from playwright.sync_api import Page, expect

from amana import given
from amana.academy.cohorts.models import Cohort
from amana.academy.practice.labs.models import Lab
from amana.academy.practice.labs.tests.conftest import (
    cohort,
    coordinator,
    learners,
    mediator,
    trainer,
)
from amana.design.mechanism.models import Version
from amana.trust.access.models import User

from .conftest import Looks, SignsIn

__all__ = ["cohort", "coordinator", "learners", "mediator", "trainer"]

pytestmark = pytest.mark.usefixtures("turns")
WITHIN_MS = 8_000
"""The server of the tests keeps no answer open: a page asks again each second."""
POLICE, SHELTER = "You want witnesses", "Twelve beds"
CLAUSES = {
    "answer": "Within 12 hours",
    "told": "After 4 hours",
    "police": "Who they are, when they wish to report",
    "night": "The shelter that was asked",
    "after": "Within three days",
}


def sees(page: Page, words: str) -> None:
    """Wait until an open page shows words, which nobody reloads."""
    expect(page.locator("#main")).to_contain_text(words, timeout=WITHIN_MS)
    assert page.evaluate("window.stays"), "the page was loaded anew"


def stay(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate("window.stays = true")


def write(page: Page, words: str) -> None:
    page.get_by_label("Your message").fill(words)
    page.get_by_role("button", name="Send message").click()
    sees(page, words)


def propose(page: Page, table: str, code: str, option: str, words: str) -> None:
    page.goto(f"{table}clause/{code}/")
    page.get_by_label(option, exact=True).check()
    page.get_by_label("Wording of the clause").fill(words)
    page.get_by_role("button", name="Put it on the table").click()
    expect(page.locator(f"#{code}")).to_contain_text(words)


def test_a_negotiation_from_the_seats_to_a_draft(
    sign_in: SignsIn,
    look: Looks,
    cohort: Cohort,
    learners: list[User],
    mediator: User,
    trainer: User,
    coordinator: User,
) -> None:
    police, shelter = learners[:2]
    leads = sign_in(trainer)
    leads.goto("/academy/labs/")
    look(leads, "negotiations")
    leads.get_by_role("button", name=re.compile("^Open a table")).click()
    expect(leads.get_by_role("heading", level=1)).to_contain_text("Old Harbour")
    table = f"/academy/labs/table/{Lab.objects.get().pk}/"
    stay(leads, table)

    officer, host, between = sign_in(police), sign_in(shelter), sign_in(mediator)
    for page, seat in ((officer, "Play Police"), (host, "Play Shelter")):
        page.goto(table)
        page.get_by_role("button", name=seat).click()
    between.goto(table)
    between.get_by_role("button", name="Mediate").click()
    for page in (officer, host, between):
        stay(page, table)

    # A round begins, and nobody has to reload.
    leads.get_by_role("button", name="Begin the next round").click()
    for page in (leads, officer, host, between):
        sees(page, "Round 1: Read your brief")
    expect(officer.locator("#main")).to_contain_text(POLICE)
    for page in (leads, host, between):
        assert POLICE not in page.content()
    for page in (leads, officer, between):
        assert SHELTER not in page.content()
    look(host, "negotiation-brief")
    assert host.evaluate("window.stays")
    for page in (officer, host):
        expect(page.get_by_role("link", name="Make a proposal")).to_have_count(0)

    # They talk: all together, two alone, and one with the mediator.
    leads.get_by_role("button", name="Begin the next round").click()
    for page in (officer, host, between):
        sees(page, "Round 2: Ask")
        expect(page.get_by_label("Your message")).to_be_visible(timeout=WITHIN_MS)
        expect(page.get_by_role("link", name="Make a proposal")).to_have_count(0)
    write(officer, "What would go wrong for you at four hours?")
    for page in (leads, host, between):
        sees(page, "What would go wrong for you at four hours?")
    stay(host, f"{table}?with=police.shelter")
    write(host, "Between us: our address was found twice.")
    officer.get_by_role("link", name="Latest message: Shelter").click(timeout=WITHIN_MS)
    stay(officer, f"{table}?with=police.shelter")
    sees(officer, "our address was found twice")
    stay(between, f"{table}?with=police.shelter")  # it is not theirs
    for page in (leads, between):
        page.wait_for_timeout(2_500)
        assert "our address was found twice" not in page.content()

    # They propose, counter, refuse.
    leads.get_by_role("button", name="Begin the next round").click()
    sees(host, "Round 3: Offer")
    expect(host.get_by_role("link", name="Make a proposal").first).to_be_visible()
    stay(officer, table)
    propose(host, table, "answer", CLAUSES["answer"], "At night too.")
    stay(host, table)
    sees(officer, "At night too.")
    clause = officer.locator("#answer")
    clause.get_by_role("link", name="Counter").click()
    expect(officer.get_by_label("Wording of the clause")).to_have_value("At night too.")
    officer.get_by_label("Wording of the clause").fill("By day and at night.")
    officer.get_by_role("button", name="Put it on the table").click()
    stay(officer, table)
    sees(host, "By day and at night.")
    # What is being written is not lost when a part of the page is exchanged.
    host.get_by_label("Your message").fill("I am still wri")
    mine = host.locator("#answer .card", has_text="By day and at night.")
    mine.get_by_role("button", name="Accept").click()
    expect(host.locator("#answer")).to_contain_text("Agreed", timeout=WITHIN_MS)
    sees(officer, "Agreed")
    expect(host.get_by_label("Your message")).to_have_value("I am still wri")
    look(officer, "negotiation-table")

    # The mediator calls a break; a party walks away, and comes back.
    stay(between, table)
    between.get_by_role("button", name="Call a break").click()
    sees(host, "Nothing is proposed now.")
    expect(officer.get_by_role("link", name="Make a proposal")).to_have_count(
        0, timeout=WITHIN_MS
    )
    between.get_by_role("button", name="End the break").click()
    sees(officer, "Proposals can be made and answered.")
    host.get_by_role("link", name="Walk away").click()
    expect(host.locator("#main")).to_contain_text("You leave if evidence may go")
    look(host, "negotiation-walk-away")
    host.get_by_label("Reason").fill("Not with our address in it.")
    host.get_by_role("button", name="Walk away").click()
    stay(host, table)
    for page in (leads, officer, between):
        sees(page, "A party has walked away.")
        sees(page, "Not with our address in it.")
    host.get_by_role("button", name="Come back to the table").click()
    sees(officer, "Proposals can be made and answered.")

    # Everything is agreed and signed.
    for code, option in list(CLAUSES.items())[1:]:
        propose(host, table, code, option, f"Words for {code}.")
        officer.goto(table)
        officer.locator(f"#{code}").get_by_role("button", name="Accept").click()
        expect(officer.locator(f"#{code}")).to_contain_text("Agreed")
    for page in (host, officer):
        stay(page, table)
    host.get_by_role("button", name="Sign for your party").click()
    sees(officer, "Signed by")
    officer.get_by_role("button", name="Sign for your party").click()
    for page in (leads, host, officer, between):
        sees(page, "By eight in the morning a shelter has answered")
    expect(host.get_by_role("link", name="Download the mechanism")).to_be_visible()
    expect(host.get_by_role("button", name="Create a draft")).to_have_count(0)

    # Those who may design make a draft of it.
    designs = sign_in(given.unlock_user(coordinator))
    designs.goto(table)
    designs.get_by_role("button", name="Create a draft of the mechanism").click()
    expect(designs.get_by_role("heading", level=1)).to_contain_text(
        "An agreement for Old Harbour"
    )
    version = Version.objects.get()
    assert version.state == "draft"
    chapter = version.content()["sop/en/26-old-harbour.md"].decode()
    assert "By day and at night." in chapter

    # The debrief shows briefs, and no private word.
    leads.get_by_role("link", name="Close the table").click()
    leads.get_by_role("button", name="Close the table").click()
    sees(officer, "The debrief")
    sees(officer, SHELTER)
    for page in (leads, between):
        page.goto(table)
        assert "our address was found twice" not in page.content()
        expect(page.locator("#main")).to_contain_text("Police – Shelter: 1 message")
    look(leads, "negotiation-debrief")


@pytest.mark.parametrize("language", ["ar"])
def test_a_table_in_another_language_and_without_scripts(
    sign_in: SignsIn,
    look: Looks,
    cohort: Cohort,
    learners: list[User],
    trainer: User,
    language: str,
) -> None:
    leads = sign_in(trainer, scripts=False)
    leads.goto("/academy/labs/")
    leads.get_by_role("button", name=re.compile("^Open a table")).click()
    table = f"/academy/labs/table/{Lab.objects.get().pk}/"
    pages = [sign_in(learner, scripts=False) for learner in learners[:2]]
    for page, seat in zip(pages, ("Play Police", "Play Shelter"), strict=True):
        page.goto(table)
        page.get_by_role("button", name=seat).click()
    for _round in range(3):
        leads.get_by_role("button", name="Begin the next round").click()
    officer, host = pages
    propose(officer, table, "answer", CLAUSES["answer"], "At night too.")
    host.goto(table)
    host.locator("#answer").get_by_role("button", name="Accept").click()
    expect(host.locator("#answer")).to_contain_text("Agreed")
    host.goto(f"{table}?with=police.shelter")
    host.get_by_label("Your message").fill("Between us.")
    host.get_by_role("button", name="Send message").click()
    officer.goto(f"{table}?with=police.shelter")
    expect(officer.locator("#talk")).to_contain_text("Between us.")

    reads = sign_in(learners[0], language=language)
    reads.goto(f"{table}?with=police.shelter")
    look(reads, "negotiation-table")
