"""Each check is met by sound work, and finds each fault that is planted in it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from amana.academy.installations.engine import work_checks
from amana.academy.installations.engine.practice_work import PracticePart, PracticeWork
from amana.design.mechanism.pack.pack_model import Pack

from .running import list_sentences, run

ROOT = Path(__file__).parents[5]
SCHEMA = ROOT / "amana/academy/courses/engine/schemas/assignment.json"


def test_a_course_can_name_each_check_and_no_other() -> None:
    schema = json.loads(SCHEMA.read_text())
    named = schema["properties"]["checks"]["items"]["properties"]["check"]["enum"]
    assert set(named) == set(work_checks.CHECKS)


def test_what_is_taken_out_is_what_the_checks_look_at() -> None:
    asked = [{"check": "services"}, {"check": "pathway"}, {"check": "loads_elsewhere"}]
    assert work_checks.list_parts(asked) == [
        PracticePart.SERVICES,
        PracticePart.MECHANISM,
    ]


# -- contacts

CONTACTS = [
    {"name": f"Line {n}", "number": f"10{n}", "when": when, "note": "Any hour; en"}
    for n, when in enumerate(["any", "night", *["day"] * 5])
]


def spoil(rows: list[dict[str, Any]], at: int, **changed: Any) -> list[dict[str, Any]]:
    return [row | changed if n == at else row for n, row in enumerate(rows)]


def test_seven_contacts_that_answer_are_met(base: Pack) -> None:
    assert run("contacts", PracticeWork(contacts=CONTACTS), base).is_met


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (CONTACTS[:6], work_checks.FEW_CONTACTS),
        ([row | {"when": "day"} for row in CONTACTS], work_checks.NO_NIGHT),
        (spoil(CONTACTS, 3, note=""), work_checks.NO_NOTE),
        (spoil(CONTACTS, 3, number="100"), work_checks.TWICE),
    ],
)
def test_faults_of_contacts_are_found(
    base: Pack, rows: list[dict[str, Any]], said: str
) -> None:
    result = run("contacts", PracticeWork(contacts=rows), base)
    assert not result.is_met
    assert said in list_sentences(result)


# -- services

SERVICES = [
    {
        "name": f"Service {n}",
        "has_contact": True,
        "has_hours": True,
        "languages": ["en"],
        "referral_method": "phone",
    }
    for n in range(12)
]


def test_twelve_verified_services_are_met(base: Pack) -> None:
    assert run("services", PracticeWork(services=SERVICES), base).is_met


@pytest.mark.parametrize("part", sorted(work_checks.SERVICE_PARTS))
def test_what_a_service_lacks_is_named(base: Pack, part: str) -> None:
    work = PracticeWork(services=spoil(SERVICES, 5, **{part: ""}))
    result = run("services", work, base)
    assert not result.is_met
    (found,) = result.findings
    assert found.values == {
        "name": "Service 5",
        "what": work_checks.SERVICE_PARTS[part],
    }


def test_eleven_services_are_one_too_few(base: Pack) -> None:
    result = run("services", PracticeWork(services=SERVICES[:11]), base)
    assert list_sentences(result) == [work_checks.FEW_SERVICES]
    assert run("services", PracticeWork(services=SERVICES[:11]), base, least=11).is_met


# -- cases


def build_case(**changed: Any) -> dict[str, Any]:
    return {
        "reference": "K7",
        "closed_at": "2026-11-30T12:00:00+00:00",
        "history": [{"did": "opened case", "gate": "safe"}],
        "consents": [{"recipient": "Harbour House", "status": "given"}],
        "referrals": [
            {
                "recipient": "Harbour House",
                "has_consent": True,
                "in_vital_interest": False,
                "answered_at": "2026-11-30T11:00:00+00:00",
            }
        ],
    } | changed


def refer(**changed: Any) -> Callable[[], dict[str, Any]]:
    def build() -> dict[str, Any]:
        (sent,) = build_case()["referrals"]
        return build_case(referrals=[sent | changed])

    return build


def test_two_cases_run_to_their_end_are_met(base: Pack) -> None:
    asked_later = build_case(history=[{"did": "asked safety questions"}])
    assert run("cases", PracticeWork(cases=[build_case(), asked_later]), base).is_met


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: build_case(closed_at=""), work_checks.FEW_CASES),
        (
            lambda: build_case(history=[{"did": "opened case", "gate": ""}]),
            work_checks.NO_GATE,
        ),
        (
            lambda: build_case(
                history=[{"did": "opened case", "gate": "not_established"}]
            ),
            work_checks.NO_GATE,
        ),
        (lambda: build_case(referrals=[]), work_checks.NO_REFERRAL),
        (refer(answered_at=""), work_checks.NO_ANSWER),
        (refer(has_consent=False), work_checks.NO_CONSENT),
        (lambda: build_case(consents=[]), work_checks.NO_CONSENT),
        (
            lambda: build_case(
                consents=[{"recipient": "Harbour House", "status": "refused"}]
            ),
            work_checks.NO_CONSENT,
        ),
    ],
)
def test_faults_of_cases_are_found(
    base: Pack, build: Callable[[], dict[str, Any]], said: str
) -> None:
    result = run("cases", PracticeWork(cases=[build_case(), build()]), base)
    assert not result.is_met
    assert said in list_sentences(result)


def test_to_save_a_life_no_consent_is_asked_for(base: Pack) -> None:
    urgent = refer(has_consent=False, in_vital_interest=True)()
    assert run("cases", PracticeWork(cases=[build_case(), urgent]), base).is_met


# -- the brief, and the page

BRIEF: dict[str, Any] = {
    "languages": {
        "en": {"title": "Fund thirty places", "inaction": "", "cost": "Ten a day"},
        "fr": {"title": "[…]", "inaction": "", "cost": ""},
    },
    "may_be_empty": ["inaction"],
    "figures": {"I20": "41", "I21": "12", "I26": "3"},
    "unknown_figures": [],
}


def test_a_brief_that_is_whole_in_one_language_is_met(base: Pack) -> None:
    assert run("brief", PracticeWork(brief=BRIEF), base).is_met


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"languages": {"en": {"title": "[…]", "cost": "Ten"}}},
            work_checks.OPEN_PART,
        ),
        ({"languages": {"en": {"title": "Ask", "cost": " "}}}, work_checks.OPEN_PART),
        ({"figures": {"I20": "41"}}, work_checks.FEW_FIGURES),
        ({"unknown_figures": ["I99"]}, work_checks.NO_FIGURE),
    ],
)
def test_faults_of_a_brief_are_found(
    base: Pack, changed: dict[str, Any], said: str
) -> None:
    result = run("brief", PracticeWork(brief=BRIEF | changed), base)
    assert not result.is_met
    assert said in list_sentences(result)
    assert not run("brief", PracticeWork(), base).is_met


def test_the_page_has_as_many_words_as_are_asked_for(base: Pack) -> None:
    assert run("words", PracticeWork(words="one two three"), base, least=3).is_met
    assert not run("words", PracticeWork(words="one two"), base, least=3).is_met
