"""An exercise is opened, built and played: by a trainer who leads it and two learners,
in a process of its own, next to which this installation stays as it was."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from amana.academy.exercises.models import Exercise
from amana.academy.exercises.tests.conftest import cohort, learners, trainer, var
from amana.academy.sandboxes import processes
from amana.trust.access.models import Organisation, User
from amana.trust.audit.models import AuditEvent

from .conftest import Looks, SignsIn, Watch

__all__ = ["cohort", "learners", "trainer", "var"]

BUILDS_WITHIN = 240_000
"""Milliseconds, on a machine with other tests on it."""


@pytest.fixture
def home(var: Path, settings: Any, transactional_db: None) -> Iterator[Path]:
    """Where this installation keeps its data; its exercises end with it. A test names
    it first: a browser that is still open would ask in vain."""
    settings.STATIC_ROOT = var / "static"
    yield var
    for exercise in Exercise.objects.kept():
        processes.stop(exercise.folder)


def wait_inside(page: Page, heading: str) -> None:
    """Wait until the exercise's process answers, on the page that asks again by
    itself."""
    found = page.get_by_role("heading", level=1, name=heading)
    expect(found).to_be_visible(timeout=BUILDS_WITHIN)


NOT_PLAYED = ("/ready/", "/pack/list/", "/take/")
"""What would change what this browser keeps for real work."""


def walk_around(page: Page, *, inside: str) -> None:
    """Follow the links of a page of the exercise: each leads to a page of it."""
    found = page.eval_on_selector_all(
        "a[href^='/']", "links => links.map(link => link.getAttribute('href'))"
    )
    assert len(found) > 10
    (outside,) = {link for link in found if not link.startswith(inside)}
    assert outside == inside.removesuffix("in/")
    for link in sorted({link.partition("#")[0] for link in found} - {outside}):
        if not link.endswith(NOT_PLAYED):
            answer = page.goto(link)
            assert answer is not None
            assert answer.status == 200, link
            expect(page.get_by_role("complementary", name="Exercise")).to_be_visible()


@pytest.mark.usefixtures("turns")
def test_a_cohort_plays(
    home: Path,
    sign_in: SignsIn,
    look: Looks,
    watch: Watch,
    trainer: User,
    learners: list[User],
) -> None:
    nurse, mediator = learners[:2]

    leads = sign_in(trainer)
    leads.goto("/academy/exercises/")
    look(leads, "exercises")
    card = leads.locator("article, .card", has_text="The domestic worker’s child").last
    card.get_by_role("link", name="Play on paper").click()
    look(leads, "exercise-kit")
    leads.get_by_role("link", name="For those who lead").first.click()
    expect(leads.get_by_role("heading", name="Cards to cut out")).to_be_visible()
    look(leads, "exercise-kit-lead")
    leads.goto("/academy/exercises/")
    card.get_by_label("How it is played").select_option("room")
    card.get_by_role("button", name="Open for").first.click()
    expect(leads.get_by_role("heading", level=1)).to_have_text(
        "The domestic worker’s child"
    )
    look(leads, "exercise")
    exercise = Exercise.objects.get()
    here = f"/academy/exercises/{exercise.pk}/"

    plays = sign_in(nurse)
    plays.goto(here)
    plays.get_by_role("button", name="Play Health centre").click()
    elsewhere = sign_in(mediator, language="ar")
    elsewhere.goto(here)
    elsewhere.locator("form", has=elsewhere.locator("[value=mediator]")).get_by_role(
        "button"
    ).click()
    before = (AuditEvent.objects.count(), Organisation.objects.count())

    leads.get_by_role("link", name="Go in").click()
    look(leads, "exercise-starts")
    wait_inside(leads, "Board of the exercise")
    look(leads, "exercise-board")

    plays.get_by_role("link", name="Go in").click()
    wait_inside(plays, "Health centre")
    expect(plays.get_by_text("Eleven patients are waiting.")).to_be_visible()
    expect(plays.get_by_text("stopped", exact=True)).to_be_visible()
    elsewhere.goto(f"{here}in/exercise/")
    expect(elsewhere.get_by_text("تعرفون الشارع")).to_be_visible()
    expect(elsewhere.get_by_text("ينتظر أحد عشر مريضًا")).to_have_count(0)

    leads.get_by_role("button", name="× 20").click()
    began = time.monotonic()
    expect(plays.get_by_text("A boy and a lady are at the desk.")).to_be_visible()
    assert time.monotonic() - began < 10
    expect(elsewhere.get_by_text("صبي وسيدة عند مكتب الاستقبال")).to_have_count(0)
    look(plays, "exercise-seat")
    look(elsewhere, "exercise-seat")

    plays.get_by_role("link", name="To your work").click()
    banner = plays.get_by_role("complementary", name="Exercise")
    expect(banner).to_contain_text("Everyone is invented, and nothing is sent outside.")
    assert plays.url.endswith(f"{here}in/today/")
    walk_around(plays, inside=f"{here}in/")

    plays.goto(f"{here}in/exercise/")
    plays.get_by_label("What you did, or what happened").select_option("seen.alone")
    plays.get_by_label("Of whom").select_option("kofi")
    plays.get_by_role("button", name="Note it").click()
    expect(plays.get_by_text("Noted.")).to_be_visible()
    watch.expect("409")
    plays.get_by_label("What you did, or what happened").select_option("call.told")
    plays.get_by_role("button", name="Note it").click()
    expect(plays.get_by_text("Choose who else it was.").first).to_be_visible()
    expect(plays.get_by_text("Choose what you shared.").first).to_be_visible()
    watch.expect("403")
    plays.goto(f"{here}in/exercise/board/")
    expect(plays.get_by_role("heading", name="Board of the exercise")).to_have_count(0)

    elsewhere.get_by_role("button", name="أوقفوا التمرين للجميع").click()
    plays.goto(f"{here}in/exercise/")
    expect(plays.get_by_text("Someone has stopped the exercise")).to_be_visible()
    leads.reload()
    leads.get_by_role("button", name="24 hours forward").click()
    leads.get_by_label("Note for the debrief").fill("Who told her?")
    leads.get_by_role("button", name="Note it").click()
    expect(leads.get_by_text("Who told her?")).to_be_visible()
    leads.get_by_role("link", name="End the exercise").click()
    leads.get_by_role("button", name="End the exercise").click()
    expect(leads.get_by_text("The exercise has ended").first).to_be_visible()

    plays.goto(f"{here}in/exercise/")
    plays.get_by_role("link", name="Timeline").click()
    expect(plays.get_by_role("row", name="Seen alone")).to_be_visible()
    look(plays, "exercise-timeline")
    plays.goto(f"{here}in/exercise/scores/")
    expect(plays.get_by_text("not tested").first).to_be_visible()
    look(plays, "exercise-scores")

    assert (AuditEvent.objects.count(), Organisation.objects.count()) == before
    play_another_way(leads, here, look)


def play_another_way(leads: Page, here: str, look: Looks) -> None:
    """Open an exercise from a moment of the one that has ended, and compare both."""
    leads.goto(f"{here}in/exercise/timeline/")
    look(leads, "exercise-timeline-all")
    leads.get_by_role("link", name="Try another way from a moment").click()
    expect(leads.get_by_text("A boy and a lady are at the desk.")).to_be_visible()
    look(leads, "exercise-moments")
    leads.get_by_role("button", name="Play from").first.click()
    expect(leads.get_by_text("played again from 10 May, 09:00")).to_be_visible()
    leads.get_by_role("link", name="Go in").click()
    wait_inside(leads, "Board of the exercise")
    expect(leads.get_by_text("Monday 10 May 2027, 09:00")).to_be_visible()
    expect(leads.get_by_text("stopped", exact=True)).to_be_visible()
    # The inject of the moment is still to come.
    expect(leads.get_by_role("button", name="Play “reception” now")).to_be_visible()
    leads.goto(here)
    leads.get_by_role("link", name="Compare the ways").click()
    expect(leads.get_by_text("no verdicts yet")).to_be_visible()
    look(leads, "exercise-compare")
