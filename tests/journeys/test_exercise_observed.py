"""The truck at the border, in four browsers: one leads, two play, one watches; Harbour
House answers by its script. A player tells the border guards without consent, and it
costs its criteria, with the act. Nothing of it reaches this installation, and nothing
of this installation is read in it."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from amana import given
from amana.academy.exercises.models import Exercise
from amana.academy.exercises.tests.conftest import cohort, learners, trainer, var
from amana.academy.held_exercises.models import HeldExercise
from amana.care.cases.models.case_record import Case
from amana.care.referrals.models import Referral
from amana.trust.access.models import User
from amana.trust.audit.models import AuditEvent

from .conftest import Looks, SignsIn, Watch
from .hands import Hand
from .test_exercise import home, wait_inside

__all__ = ["cohort", "home", "learners", "trainer", "var"]

OURS, INVENTED = "Kept in the real installation", "A woman who holds her belly"
"""The names of a person in this installation, and of one in the exercise. The guard
works on both cases, each on its own side, and no one else on either."""


def take_seat(page: Page, here: str, seat: str) -> None:
    page.goto(here)
    page.locator("form", has=page.locator(f"[value={seat}]")).get_by_role(
        "button"
    ).click()


def note(page: Page, act: str, person: str, other: str = "") -> None:
    """Note what was done without the engine."""
    page.get_by_label("What you did, or what happened").select_option(act)
    page.get_by_label("Of whom").select_option(person)
    if other:
        page.locator("main [name=other]").select_option(other)
        page.locator("main [name=fields]").select_option(index=[0])
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_text("Noted.")).to_be_visible()


def find_score(page: Page, title: str) -> Any:
    heading = page.get_by_role("heading", level=2, name=title)
    return page.locator("section", has=heading).last


def refer_to_harbour_house(page: Page, inside: str) -> None:
    """Open a case of someone at the truck, and send them to Harbour House."""
    hand = Hand(page)
    page.goto(f"{inside}cases/meet/")
    while page.locator("#gate").count():
        hand.answer_safely()
        hand.press("go", "next")
    hand.type("identity_name", INVENTED)
    hand.choose("identity_sex", "female")
    hand.choose("need-0-type", "SH2")
    hand.type("need-0-words", "A bed for tonight")
    hand.press("go", "find_help")
    asks = page.locator("a[href*='/ask/']")
    offered = page.locator("main :is(article, li, section)", has_text="Harbour House")
    offered.filter(has=asks).last.locator(asks).first.click()
    hand.tick("understood")
    hand.press("answer", "given")


def find_no_case_of_others(page: Page, inside: str, *, is_own: bool) -> None:
    """Find nothing of this installation, and of the exercise the guard's case with the
    guard alone."""
    for address in ("cases/", "exercise/timeline/", "today/"):
        answer = page.goto(f"{inside}{address}")
        assert answer
        assert answer.ok
        expect(page.get_by_text(OURS)).to_have_count(0)
        if not is_own:
            expect(page.get_by_text(INVENTED)).to_have_count(0)
        elif address == "cases/":
            expect(page.get_by_text(INVENTED).first).to_be_visible()


@pytest.mark.usefixtures("turns")
def test_misconduct_costs_its_criterion_and_observers_mark(
    home: Path,
    sign_in: SignsIn,
    look: Looks,
    watch: Watch,
    trainer: User,
    learners: list[User],
) -> None:
    guard, unit, observer = learners[:3]
    given.make_case(worked_on_by=guard, identity_name=OURS)
    leads = sign_in(trainer)
    leads.goto("/academy/exercises/")
    card = leads.locator("article, .card", has_text="A truck is stopped at the border")
    card.last.get_by_role("button", name="Open for").first.click()
    exercise = Exercise.objects.get()
    here = f"/academy/exercises/{exercise.pk}/"
    inside = f"{here}in/"
    pages = {"guard": sign_in(guard), "unit": sign_in(unit)}
    for seat, page in pages.items():
        take_seat(page, here, seat)
    watches = sign_in(observer)
    take_seat(watches, here, "the-observers")
    # It would be found below, if anything of this installation were read inside.
    pages["guard"].goto("/cases/")
    expect(pages["guard"].get_by_text(OURS).first).to_be_visible()
    before = (AuditEvent.objects.count(), Case.objects.count())

    leads.get_by_role("link", name="Go in").click()
    wait_inside(leads, "Board of the exercise")
    for page, heading in (
        (pages["guard"], "Border guards"),
        (pages["unit"], "Coordination unit"),
        (watches, "Border guards"),
    ):
        page.goto(f"{inside}exercise/")
        wait_inside(page, heading)
    look(watches, "exercise-observe")
    leads.get_by_role("button", name="× 20").click()

    refer_to_harbour_house(pages["guard"], inside)
    leads.get_by_role("button", name="1 hour forward").click()
    expect(leads.get_by_text("stopped", exact=True)).to_have_count(0)

    # What no one may do: the guards are told, and Samir was not asked.
    pages["unit"].goto(f"{inside}exercise/")
    note(pages["unit"], "call.told", "samir", "border_guard")

    watches.locator("[name=introduced]").select_option("1")
    watches.locator("[name='introduced-text']").fill("“Papers!” came first.")
    watches.get_by_role("button", name="Save").click()
    expect(watches.locator("[name='introduced-text']")).to_have_value(
        "“Papers!” came first."
    )
    watch.expect("403")
    watch.expect("403")
    watches.goto(f"{inside}exercise/scores/")
    expect(watches.get_by_role("heading", name="What the log shows")).to_have_count(0)
    pages["unit"].goto(f"{inside}exercise/observe/")
    expect(pages["unit"].get_by_role("button", name="Save")).to_have_count(0)

    leads.goto(f"{inside}exercise/board/")
    leads.get_by_role("link", name="End the exercise").click()
    leads.get_by_role("button", name="End the exercise").click()
    watches.goto(f"{inside}exercise/scores/")
    expect(watches.get_by_text("1 observer still marks.")).to_be_visible()
    expect(watches.get_by_text("“Papers!” came first.")).to_have_count(0)
    watches.goto(f"{inside}exercise/observe/finish/")
    watches.get_by_role("button", name="Finish marking").click()
    expect(watches.get_by_text("You have finished marking")).to_be_visible()

    plays = pages["guard"]
    plays.goto(f"{inside}exercise/scores/")
    for title in (
        "What was shared was consented to before, with this recipient",
        "Nothing was passed on to the border authorities",
    ):
        score = find_score(plays, title)
        expect(score.get_by_text("absent", exact=True).first).to_be_visible()
        expect(score).to_contain_text("Shared in a call or conversation")
        expect(score).to_contain_text("Coordination unit 1")
        expect(score).to_contain_text("Samir")
    expect(plays.get_by_text("“Papers!” came first.")).to_be_visible()
    look(plays, "exercise-observed")
    plays.goto(f"{inside}exercise/timeline/")
    expect(plays.get_by_role("row", name="A referral was accepted")).to_contain_text(
        "Harbour House"
    )

    # In neither direction.
    assert (AuditEvent.objects.count(), Case.objects.count()) == before
    assert not Referral.objects.exists()
    for page in (plays, pages["unit"], leads, watches):
        find_no_case_of_others(page, inside, is_own=page is plays)

    leads.goto(here)
    leads.get_by_role("link", name="Record what was learned").click()
    leads.get_by_label("Lessons learned").fill("The guards knew within the hour.")
    leads.get_by_label("Health").check()
    leads.get_by_role("button", name="Save").click()
    leads.get_by_role("link", name="Add an agreed step").click()
    leads.get_by_label("What needs to be done").fill("Ask before each call")
    leads.get_by_label("Who does it").fill("Coordination Office")
    leads.get_by_label("By when").fill("2030-01-31")
    leads.get_by_role("button", name="Save").click()
    plays.goto(here)
    expect(plays.get_by_text("Ask before each call")).to_be_visible()
    look(plays, "exercise-learned")
    assert HeldExercise.objects.get().steps.count() == 1
