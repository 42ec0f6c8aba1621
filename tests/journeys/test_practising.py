"""Six assignments are made in a practice installation by a case worker, checked by
machines, and handed in; nothing of it is in this installation, and another loads it."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as house
from playwright.sync_api import Page, expect

from amana import given
from amana.academy.assessment.models import HandIn
from amana.academy.courses import actions as courses
from amana.academy.courses.engine.files import read_folder
from amana.academy.installations.models import MachineCheck, PracticeInstallation
from amana.academy.installations.tests.conftest import var
from amana.academy.sandboxes import processes
from amana.care.cases.models import Case, EmergencyContact
from amana.care.referrals.models import Referral
from amana.design.directory.models import Service
from amana.design.mechanism.models import Version
from amana.insight.briefs.models import Brief
from amana.practising.tests.replacing import replace_form
from amana.trust.access.models import Organisation, Role, User
from amana.trust.audit.models import AuditEvent

from . import making
from .conftest import Looks, SignsIn

__all__ = ["var"]

SLUG = "referral-mechanism"
MODULES = ("m1", "m2", "m3", "m4", "m5", "m6")
PAGE = " ".join(["word"] * 400)
BUILDS_WITHIN = 400_000
"""Milliseconds, on a machine with other tests on it."""
STEP = "Ask what she needs first"
UNTOUCHED = (
    *(Organisation, Service, Case, Referral, Version, Brief, EmergencyContact, User),
)
OF_THE_LEARNER = {
    *("opened practice installation", "handed in work", "begun course"),
}


@pytest.fixture
def home(var: Path, settings: Any, transactional_db: None) -> Iterator[Path]:
    """Where this installation keeps its data; its practice installations end with
    it. A test names it first: a browser that is still open would ask in vain."""
    settings.STATIC_ROOT = var / "static"
    yield var
    for installation in PracticeInstallation.objects.all():
        processes.stop(installation.folder)


@pytest.fixture
def learner(transactional_db: None) -> User:
    coordinator = given.make_worker(role=Role.COORDINATOR)
    course = read_folder(house.ROOT / "courses" / SLUG)
    version = courses.publish_version(course, by=coordinator)
    found = given.unlock_user(given.make_worker(name="Peter Novak"))
    courses.begin_course(version, by=found)
    return found


def count_all() -> dict[str, int]:
    return {str(model): model.objects.count() for model in UNTOUCHED}


def hand_in(page: Page, module: str, look: Looks) -> None:
    """Check what was made for a module, and hand it in; each check is met."""
    page.goto(f"/academy/{SLUG}/{module}/assignment")
    page.get_by_role("link", name="Check it and hand it in").click()
    expect(page.get_by_role("heading", name="What machines checked")).to_be_visible()
    page.locator('main [name="words"]').fill(PAGE)
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_text("Not met yet")).to_have_count(0)
    if module == "m3":
        look(page, "practice-checked")
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_text("Your work is handed in.")).to_be_visible()


@pytest.mark.usefixtures("turns")
def test_six_assignments_are_made_checked_and_handed_in(
    home: Path, learner: User, sign_in: SignsIn, look: Looks
) -> None:
    assert home.is_dir()
    before, log = count_all(), AuditEvent.objects.count()
    page = sign_in(learner)
    # Another process works next to these pages, and each waits for its turn.
    page.set_default_timeout(60_000)
    page.goto(f"/academy/{SLUG}/m1/assignment")
    look(page, "practice-assignment")
    page.get_by_role("link", name="Open a practice installation").click()
    page.get_by_role("button", name="Open a practice installation").click()
    look(page, "practice-home")
    installation = PracticeInstallation.objects.get()
    inside = f"/academy/installations/{installation.pk}/in"

    page.get_by_role("link", name="Go in").click()
    look(page, "practice-starts")
    desk = page.get_by_role("heading", level=1, name="Practice desk")
    expect(desk).to_be_visible(timeout=BUILDS_WITHIN)
    look(page, "practice-desk")
    page.goto(f"/academy/{SLUG}/m1/assignment")
    page.get_by_role("link", name="Make it in your practice installation").click()
    assert page.url.endswith(f"{inside}/cases/emergency-contacts/")
    banner = page.get_by_role("complementary", name="Practice")
    expect(banner).to_contain_text("Everyone is invented, and nothing is sent outside.")
    expect(banner).to_contain_text("Coordinator")

    page.goto(f"/academy/{SLUG}/m1/assignment")
    page.get_by_role("link", name="Check it and hand it in").click()
    expect(page.get_by_text("Emergency lines entered: 0 of 7")).to_be_visible()
    look(page, "practice-not-met")

    making.add_contacts(page, inside, 7)
    hand_in(page, "m1", look)
    making.add_services(page, inside, 12)
    draft = making.load_mechanism(page, inside)
    folder = making.MECHANISM / "forms"
    changed = {
        name: replace_form((folder / f"{name}.xlsx").read_bytes())
        for name in ("consent", "safety-gate")
    }
    making.replace_forms(page, draft, changed)
    making.add_step(page, draft, after="inform", words=STEP)
    expect(page.get_by_role("heading", level=1, name=STEP)).to_be_visible()
    page.goto(f"{draft}steps/")
    expect(page.locator(".station", has_text=STEP)).to_be_visible()
    making.consult_and_sign(page, inside, draft)
    hand_in(page, "m2", look)
    hand_in(page, "m3", look)
    for name, age in (("Hope", "24"), ("Zawadi", "41")):
        making.run_case(page, inside, name, age)
    hand_in(page, "m4", look)
    hand_in(page, "m5", look)
    making.write_brief(page, inside)
    hand_in(page, "m6", look)
    look(page, "practice-handed-in")

    assert sorted(HandIn.objects.values_list("module", flat=True)) == sorted(MODULES)
    for found in MachineCheck.objects.all():
        assert [result for result in found.results if not result["met"]] == []

    # Nothing of it is here, in no table and not in the log.
    assert count_all() == before
    did = AuditEvent.objects.order_by("pk")[log:].values_list("did", flat=True)
    assert set(did) <= OF_THE_LEARNER

    load_elsewhere(sign_in, learner)


def load_elsewhere(sign_in: SignsIn, learner: User) -> None:
    """This installation, which has no mechanism, loads the one that was made."""
    work = HandIn.objects.get(module="m3")
    (made,) = work.files.all()
    with zipfile.ZipFile(io.BytesIO(bytes(made.content))) as packed:
        mechanism = packed.read("mechanism.zip")
    coordinator = User.objects.exclude(pk=learner.pk).earliest("pk")
    page = sign_in(given.unlock_user(coordinator))
    page.goto("/mechanism/load/")
    making.bring(page, "m.zip", "application/zip", mechanism)
    version = Version.objects.get()
    steps: Any = version.pack.pathway.steps
    assert steps["screen"].do["en"] == "Now screen"
    # What was added by clicking comes before what came after “inform”.
    assert steps["inform"].next == "ask_what_she_needs_first"
    assert steps["ask_what_she_needs_first"].next == "agreed"
    expect(page.get_by_text("This is a draft.")).to_be_visible()
