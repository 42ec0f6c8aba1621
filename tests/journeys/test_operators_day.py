"""An operator's day on an installation of their own: five things are wrong in the
morning, the page *Operation* and `amana doctor` name the same five and how to mend
each, each is mended in that way, and in the evening all is well. docs/operations/day.md
shows it; what it shows of commands is what they print here.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import gettext, override
from playwright.sync_api import Locator, Page, ViewportSize, expect
from pytest_django import DjangoDbBlocker

from tests.databases import save
from tests.journeys.conftest import Opens
from tests.journeys.installation import Installation, wait_for
from tests.operations import shown
from tests.operations.test_day import INSTALL, UPGRADE

pytestmark = pytest.mark.django_db  # or there would be no database to copy

PHONE: ViewportSize = {"width": 360, "height": 740}
CLOCK, FILES, TIMERS = "Clock", "Files outside the database", "Timers"
TASKS, BACKUP, MAIL = "Background tasks", "Backup", "Mail"
IN_ORDER = [CLOCK, FILES, TIMERS, TASKS, BACKUP]
"""The most urgent first. That no mail server answers only the doctor may ask."""


@pytest.fixture(scope="module")
def migrated(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Path:
    if os.environ.get("DATABASE_URL"):
        pytest.skip("this installation has SQLite, whatever the tests run on")
    path = tmp_path_factory.mktemp("migrated") / "amana.sqlite3"
    with django_db_blocker.unblock():
        save(path)  # before a test has a transaction of its own
    return path


@pytest.fixture
def house(migrated: Path) -> Iterator[Installation]:
    made = Installation(Path(tempfile.mkdtemp(prefix="machine-")))
    shutil.copy(migrated, made.data / "amana.sqlite3")
    (made.data / "amana.sqlite3").chmod(0o600)
    made.make_backup_keys()
    made.amana("collectstatic", "--no-input", "--verbosity", "0")
    yield made
    made.end()


@pytest.fixture
def address(house: Installation) -> str:
    return house.address


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """The certificate is one that no browser knows; the proxy says whose address it is,
    as it does on a server."""
    return browser_context_args | {
        "ignore_https_errors": True,
        "extra_http_headers": {"X-Forwarded-For": "192.0.2.7"},
    }


@dataclass(frozen=True)
class Named:
    """What is wrong, as a card of the page or lines of the doctor say it."""

    what: str
    mend: str
    commands: tuple[str, ...]


def on_the_page(page: Page) -> dict[str, Named]:
    """What the page *Operation* says is to mend, in its order."""
    page.goto(reverse("operation:state"))
    expect(page.locator("main .summary")).to_be_visible()
    found = {}
    for card in page.locator(".card").all():
        what, mend = card.locator("p").all_inner_texts()
        urgency = card.locator(".tag").inner_text()
        found[card.locator(".card-title").inner_text()] = Named(
            what.removeprefix(urgency).strip(),
            f"{urgency}. {mend}",
            tuple(card.locator(".command").all_inner_texts()),
        )
    return found


WRONG = re.compile(
    r"^  WRONG (.+)\n {8}(.+)\n {8}→ (.+)\n((?: {10}.+\n)*)", re.MULTILINE
)


def by_the_doctor(printed: str) -> dict[str, Named]:
    return {
        title: Named(what, mend, tuple(line.strip() for line in commands.splitlines()))
        for title, what, mend, commands in WRONG.findall(printed)
    }


class Terminal:
    """What the operator types, and whether the page of the manual shows it so."""

    def __init__(self, house: Installation) -> None:
        self.house = house
        self.left = shown.typed("day")

    def type(self, command: str, *, fails: bool = False) -> str:
        """Type it, and see that this is what the page shows next of it."""
        printed = self.house.amana(*command.split()[1:], fails=fails)
        below = printed.replace(str(self.house.root), "")
        block = next(block for typed, block in self.left if typed == command)
        self.left.remove((command, block))
        assert shown.fits(block, below), below
        return printed


@pytest.fixture
def signed_in(house: Installation, visit: Opens) -> Callable[..., Page]:
    """A browser in which the administrator is signed in."""

    def signed_in(said: str, *, language: str = "en") -> Page:
        page = visit(language=language)
        page.context.add_cookies(
            [
                {"name": name, "value": value, "url": house.address, "secure": True}
                for name, value in house.planted(said).items()
            ]
        )
        return page

    return signed_in


def test_five_mistakes_are_named_and_mended_in_a_day(
    house: Installation,
    signed_in: Callable[..., Page],
    accessible: Callable[[Page], None],
    picture: Callable[..., None],
) -> None:
    operator = Terminal(house)
    page = signed_in("administrator")
    plant_five(house, page)

    # --- the morning: the page and the doctor name the same

    wrong = on_the_page(page)
    assert [*wrong] == IN_ORDER
    expect(last_backup(page)).to_contain_text("9 days ago")
    accessible(page)
    picture(page, "day-wrong")
    see_in_arabic(signed_in("again", language="ar"), accessible, picture)
    page.get_by_role("main").get_by_role("link", name=TASKS).last.click()
    expect(page.get_by_text("could not be reached")).to_be_visible()
    accessible(page)
    picture(page, "day-tasks")
    found = by_the_doctor(operator.type("amana doctor", fails=True))
    assert "ConnectionRefusedError" in found.pop(MAIL).what
    assert found == wrong

    # --- each is mended as it is said

    on_the_page(page)
    page.get_by_role("main").get_by_role("link", name="Retention").click()
    accessible(page)
    page.get_by_role("button", name="Confirm the time").click()
    expect(page.get_by_role("button", name="Confirm the time")).to_have_count(0)
    assert [*on_the_page(page)] == IN_ORDER[1:]

    assert "Put the right file back" in wrong[FILES].mend
    (house.data / "aside").rename(house.data / "erased.list")
    assert [*on_the_page(page)] == IN_ORDER[2:]

    assert wrong[TIMERS].commands[0] == "systemctl start amana-timers"
    house.start("amana-timers", "timers")
    wait_for(
        lambda: {*on_the_page(page)} <= {TASKS, BACKUP},
        lambda: house.journal("amana-timers"),
    )

    run_tasks_again(house, page)
    assert TASKS not in on_the_page(page)

    assert wrong[BACKUP].commands == ("amana timers --only backup",)
    operator.type(*wrong[BACKUP].commands)

    # --- the evening

    assert on_the_page(page) == {}
    expect(
        page.get_by_text("Everything this page can check is in order.")
    ).to_be_visible()
    expect(last_backup(page)).to_contain_text("ago")
    expect(last_backup(page)).not_to_contain_text("day")
    accessible(page)
    picture(page, "day-well")
    operator.type("amana doctor")
    operator.type("amana drill")
    assert [typed for typed, _block in operator.left] == [INSTALL, UPGRADE]


def last_backup(page: Page) -> Locator:
    return page.locator(".fact", has_text="Last backup")


def plant_five(house: Installation, page: Page) -> None:
    """The timers stand, the clock jumped, no mail server answers, the last backup is
    old, and a file is not where it was."""
    house.amana("backup")
    for archive in house.backups.glob("*.age"):
        made = (datetime.now(UTC) - timedelta(days=9)).timestamp()
        os.utime(archive, (made, made))
    house.serve()
    house.start("amana-tasks", "tasks")
    house.planted("standstill")
    said = house.amana("expire_consents", fails=True)
    assert "Nothing is destroyed" in said  # and the administrator is told by mail
    wait_for(lambda: TASKS in on_the_page(page), lambda: house.journal("amana-tasks"))
    (house.data / "erased.list").rename(house.data / "aside")


def see_in_arabic(
    page: Page, accessible: Callable[[Page], None], picture: Callable[..., None]
) -> None:
    """The same, in the same order, on a phone."""
    page.set_viewport_size(PHONE)
    with override("ar"):
        titles = [gettext(title) for title in IN_ORDER]
    assert [*on_the_page(page)] == titles
    accessible(page)
    picture(page, "day-wrong")


def run_tasks_again(house: Installation, page: Page) -> None:
    """The mail server is back; one button, and each message has gone."""
    mail = house.open_mail_server()
    page.goto(reverse("operation:tasks"))
    failed = page.get_by_role("button", name="Run again", exact=True).count()
    page.get_by_role("button", name="Run all again").click()
    expect(page.get_by_text("No task has failed")).to_be_visible()
    wait_for(lambda: mail.taken >= failed, lambda: house.journal("amana-tasks"))
