"""What “An operator's day” shows of installing and upgrading is what they print. Its
other commands are typed in tests/journeys/test_operators_day.py."""

import pytest

from tests.operations import shown
from tests.operations.conftest import NEEDED, Machine
from tests.operations.test_upgrade import installed, tag

__all__ = ["installed"]

UPGRADE = "./run upgrade v0.9.1"
INSTALL = "./run install --host amana.example.org --mail-host mail.example.org"


def test_the_page_shows_what_an_installation_prints(machine: Machine) -> None:
    machine.with_systemd()
    [block] = shown.blocks("day", INSTALL)

    assert INSTALL.split()[2:] == [*NEEDED]
    assert shown.fits(block, machine.install(*NEEDED).stdout)


def test_the_page_shows_what_an_upgrade_prints(installed: Machine) -> None:
    tag(installed, "v0.9.1", "new", by="ada")
    [block] = shown.blocks("day", UPGRADE)

    done = installed.run("upgrade", UPGRADE.split()[-1])

    assert done.returncode == 0, done.stderr
    assert shown.fits(block, done.stdout)


@pytest.mark.parametrize(
    ("page", "printed", "is_shown"),
    [
        ("Made in 1.5 s.\n", "Made in 22.75 s.\n", True),
        ("a\n…\nd\n", "a\nb\nc\nd\n", True),
        ("a\n…\nd\n", "a\nd\n", True),
        ("a\nd\n", "a\nb\nd\n", False),
        ("Made in 1 s.\n", "Restored in 1 s.\n", False),
        ("a\n", "a\nb\n", False),
    ],
)
def test_only_numbers_and_what_is_left_out_are_open(
    page: str, printed: str, is_shown: bool
) -> None:
    assert shown.fits(page, printed) is is_shown
