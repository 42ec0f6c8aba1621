"""Each line of OWASP ASVS 5.0.0, levels 1 and 2, has its state, and evidence that is
where it says; what it says of limits stands in the manual."""

import ast
import csv
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django import forms
from django.conf import settings

from amana.installed import ROOMS
from amana.trust.access import sessions
from amana.trust.vault import middleware, passphrases
from tests.architecture.code import (
    PRODUCT,
    ROOT,
    called,
    calls,
    functions,
    modules,
    tree,
)

FOLDER = ROOT / "docs/security"
STATES = ("met", "partly", "not met", "not applicable")
LINES = {
    1: 27,
    2: 11,
    3: 19,
    4: 10,
    5: 9,
    6: 35,
    7: 18,
    8: 7,
    9: 7,
    10: 29,
    11: 14,
    12: 9,
    13: 13,
    14: 9,
    15: 13,
    16: 16,
    17: 7,
}
"""How many lines of the two levels each chapter has: 70 and 183."""

type Line = dict[str, str]


@cache
def lines() -> list[Line]:
    with (FOLDER / "asvs.csv").open() as file:
        return list(csv.DictReader(file))


def place(line: Line) -> list[int]:
    return [int(part) for part in line["id"].split(".")]


def test_each_line_of_both_levels_is_there_once_and_in_order() -> None:
    places = [place(line) for line in lines()]
    assert places == sorted(places)
    assert len({tuple(numbers) for numbers in places}) == len(places)
    assert Counter(chapter for chapter, *_rest in places) == LINES
    assert Counter(line["level"] for line in lines()) == {"1": 70, "2": 183}


@pytest.mark.parametrize("chapter", sorted(LINES))
def test_evidence_is_where_it_says_and_each_deviation_is_told(chapter: int) -> None:
    ours = [line for line in lines() if place(line)[0] == chapter]
    assert [f"{our['id']}: {fault}" for our in ours for fault in wrong(our)] == []


def wrong(line: Line) -> Iterator[str]:
    """What keeps this line from being believed."""
    if line["state"] not in STATES:
        yield "it has no state"
    if not line["about"]:
        yield "it does not say what it is about"
    if (line["state"] == "met") == bool(line["deviation"]):
        yield "what is not met says why, and what is met has nothing to say"
    if line["state"] in ("met", "partly") and not line["evidence"]:
        yield "it has no evidence"
    for evidence in filter(None, line["evidence"].split("; ")):
        file, _separator, test = evidence.partition("::")
        if not (ROOT / file).is_file():
            yield f"{file} is not there"
        elif test and test not in named_in(ROOT / file):
            yield f"{file} has no {test}"


@cache
def named_in(path: Path) -> frozenset[str]:
    return frozenset(found.name for found in functions(tree(path)))


GOOD = {
    "state": "met",
    "about": "something",
    "evidence": f"{Path(__file__).relative_to(ROOT).as_posix()}::test_each_line",
    "deviation": "",
}
PLANTED = {
    "has no test_each_line": GOOD,
    "amana/none.py is not there": GOOD | {"evidence": "amana/none.py"},
    "it has no evidence": GOOD | {"evidence": ""},
    "it has no state": GOOD | {"state": "nearly"},
    "what is not met says why": GOOD | {"state": "partly"},
    "has nothing to say": GOOD | {"deviation": "well"},
}


@pytest.mark.parametrize("what", PLANTED)
def test_the_check_notices_what_it_forbids(what: str) -> None:
    assert any(what in fault for fault in wrong(PLANTED[what]))


def test_the_page_counts_what_the_list_holds() -> None:
    counted = Counter((line["level"], line["state"]) for line in lines())
    page = (FOLDER / "asvs.md").read_text()
    for state in STATES:
        one, two = counted["1", state], counted["2", state]
        assert f"| {state} | {one} | {two} | {one + two} |" in page


# --- the manual, to which the list points


def controls() -> str:
    return (FOLDER / "controls.md").read_text()


def test_each_limit_is_in_the_manual() -> None:
    rows = [f"| `{n}` | `{v}` |" for n, v in settings.ACCOUNT_RATE_LIMITS.items()]
    assert [row for row in rows if row not in controls()] == []


def test_each_limit_that_is_counted_has_a_number() -> None:
    named = {
        call.args[1].value
        for path in modules()
        for call in calls(tree(path))
        if called(call) in ("slow_down", "within_limit")
        and len(call.args) > 1
        and isinstance(call.args[1], ast.Constant)
    }
    assert named
    assert named <= settings.ACCOUNT_RATE_LIMITS.keys()


def test_each_word_of_the_house_is_in_the_manual() -> None:
    assert [word for word in passphrases.HOUSE if f"“{word}”" not in controls()] == []
    assert f"have {passphrases.SHORTEST} characters" in controls()
    assert f"Up to {passphrases.LONGEST} characters" in controls()


def test_how_long_a_session_lasts_is_in_the_manual() -> None:
    def minutes(span: object) -> int:
        return int(span.total_seconds() // 60)  # type: ignore[attr-defined]

    hours = minutes(sessions.END_AFTER) // 60
    for sentence in (
        f"locks after {minutes(sessions.LOCK_AFTER)} minutes",
        f"ends after {minutes(sessions.LEAVE_AFTER)} minutes",
        f"ends after {hours} hours",
        f"in the last {minutes(middleware.RECENTLY)} minutes",
    ):
        assert sentence in controls()


OPENS = re.compile(
    r"^(?:from|import) (?:urllib\.request|urllib import request|smtplib)\b",
    flags=re.MULTILINE,
)
ASKED = {
    "exchange/web.py": "other learning systems",
    "exchange/learning/xapi/sending.py": "a record store",
    "academy/sessions/bigbluebutton.py": "a BigBlueButton server",
    "trust/witness/asking.py": "witnesses of the log",
    "trust/operation/checks/services.py": "the mail server",
}
"""What opens a connection, and the row that says so."""


def test_each_address_that_is_asked_is_in_the_manual() -> None:
    opening = {
        path.relative_to(PRODUCT).as_posix()
        for path in modules()
        if OPENS.search(path.read_text())
    }
    assert opening == ASKED.keys()
    assert [row for row in ASKED.values() if f"\n| {row} |" not in controls()] == []


TAKEN = {
    "academy/assessment": "a case; work of a learner",
    "academy/authoring": "a course; its files",
    "academy/credentials": "a certificate to check",
    "academy/offline": "progress; a witness’s answer",
    "academy/cohorts": "people to invite",
    "academy/sessions": "captions",
    "care/cases": "a case; work of a learner",
    "design/forms": "a form that is tried out or put in",
    "design/mechanism": "a mechanism",
    "exchange/areas": "areas",
    "exchange/figures": "tables of codes; tables that are checked",
    "exchange/imports": "services",
    "exchange/learning/qti": "questions (QTI)",
    "insight/release": "tables of codes; tables that are checked",
    "trust/witness": "progress; a witness’s answer",
}
"""Rooms with a place for a file, and the row that says what it takes."""
GALLERY = "ui"


def find_room(path: Path) -> str:
    """Find the app that a module is in: a room, or one in a room."""
    parts = path.relative_to(PRODUCT).parts[:-1]
    known = (".".join(("amana", *parts[:n])) for n in range(len(parts), 0, -1))
    room = next((name for name in known if name in ROOMS), f"amana.{parts[0]}")
    return room.removeprefix("amana.").replace(".", "/")


def test_each_place_for_a_file_is_in_the_manual() -> None:
    rooms = {
        find_room(path)
        for path in modules()
        for call in calls(tree(path))
        if called(call) == forms.FileField.__name__
    }
    assert rooms - {GALLERY} == TAKEN.keys()
    assert [row for row in TAKEN.values() if f"\n| {row} |" not in controls()] == []
