"""Each check is met by sound work, and finds each fault that is planted in it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from amana.academy.installations.engine import mechanism_checks, work_checks
from amana.academy.installations.engine.findings import CheckResult
from amana.academy.installations.engine.practice_work import PracticePart, PracticeWork
from amana.design.mechanism.pack import files, reading
from amana.design.mechanism.pack.pack_model import Chapter, Pack
from amana.design.pathway.pathway_model import Do

ROOT = Path(__file__).parents[5]
SCHEMA = ROOT / "amana/academy/courses/engine/schemas/assignment.json"
FOLDER = ROOT / "mechanisms" / "example"


def read(given: dict[str, bytes]) -> Pack:
    pack, faults = reading.read_pack(given)
    assert pack is not None, faults
    return pack


@pytest.fixture(scope="module")
def base() -> Pack:
    return read(dict(files.read_folder(FOLDER)))


def run(check: str, work: PracticeWork, base: Pack, **more: int) -> CheckResult:
    (result,) = work_checks.run_checks([{"check": check} | more], work, base)
    return result


def list_sentences(result: CheckResult) -> list[str]:
    return [finding.sentence for finding in result.findings]


def draft(pack: Pack | None, **facts: Any) -> PracticeWork:
    version = {"state": "consultation", "signed_by": ["coordination_office"]} | facts
    return PracticeWork(version=version, pack=pack)


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


# -- the mechanism


def change_steps(base: Pack, **steps: Any) -> Pack:
    found = MappingProxyType(dict(base.pathway.steps) | steps)
    return replace(base, pathway=replace(base.pathway, steps=found))


def get_do(base: Pack, code: str) -> Do:
    step = base.pathway.steps[code]
    assert isinstance(step, Do)
    return step


def other_clock(base: Pack, code: str, **more: Any) -> Do:
    other = next(
        step.due
        for step in base.pathway.steps.values()
        if isinstance(step, Do) and step.due and step.due != get_do(base, code).due
    )
    return replace(get_do(base, code), due=other, **more)


MECHANISM = sorted(
    code
    for code, check in work_checks.CHECKS.items()
    if check.parts == (PracticePart.MECHANISM,)
)


@pytest.mark.parametrize("check", MECHANISM)
def test_without_a_draft_none_is_met(base: Pack, check: str) -> None:
    result = run(check, PracticeWork(), base)
    assert not result.is_met
    assert list_sentences(result) == [mechanism_checks.NO_DRAFT]


@pytest.mark.parametrize("check", sorted({*MECHANISM} - {"loads_elsewhere"}))
def test_the_mechanism_that_one_began_from_is_no_work(base: Pack, check: str) -> None:
    result = run(check, draft(base), base)
    assert result.is_met == (check == "no_dead_end")


def test_own_steps_are_counted(base: Pack) -> None:
    one = replace(get_do(base, "screen"), do={"en": "Ask first"})
    two = replace(get_do(base, "inform"), do={"en": "Read aloud"})
    assert not run("pathway", draft(change_steps(base, screen=one)), base).is_met
    both = change_steps(base, screen=one, inform=two)
    assert run("pathway", draft(both), base).is_met


def spoil_file(name: str, was: str, becomes: str) -> dict[str, bytes]:
    given = dict(files.read_folder(FOLDER))
    text = given[name].decode()
    assert was in text
    given[name] = text.replace(was, becomes, 1).encode()
    return given


STUCK = [
    # what: a step to which nothing leads any more, and one that leads nowhere
    ("    late: [coordinator]\n    next: presumed_victim\n", "presumed_victim"),
    ("    due: PT24H\n    end: declined\n", "open_door"),
]


@pytest.mark.parametrize(("was", "step"), STUCK)
def test_a_dead_end_is_found_and_named(base: Pack, was: str, step: str) -> None:
    kept, _newline, _last = was.rstrip("\n").rpartition("\n")
    pack, faults = reading.read_pack(spoil_file("pathway.yaml", was, f"{kept}\n"))
    assert pack is None
    work = PracticeWork(version={"state": "draft"}, faults=faults)
    result = run("no_dead_end", work, base)
    assert not result.is_met
    (found,) = result.findings
    assert step in found.values.values()
    for check in {*MECHANISM} - {"no_dead_end", "loads_elsewhere"}:
        assert list_sentences(run(check, work, base)) == [mechanism_checks.FAULTS]


def test_what_another_would_refuse_is_told(base: Pack) -> None:
    given = spoil_file("pathway.yaml", "role: responder", "role: nobody_here")
    _pack, faults = reading.read_pack(given)
    work = PracticeWork(version={"state": "draft"}, faults=faults)
    result = run("loads_elsewhere", work, base)
    assert not result.is_met
    assert "nobody_here" in str(result.findings[0].values["fault"])
    assert run("loads_elsewhere", draft(base), base).is_met
    odd = replace(draft(base), service_faults=["1: no name"])
    assert not run("loads_elsewhere", odd, base).is_met


# -- clocks


def test_a_clock_that_both_sides_signed_is_agreed(base: Pack) -> None:
    pack = change_steps(base, screen=other_clock(base, "screen"))
    both = draft(pack, signed_by=["coordination_office", "hospital"])
    assert run("clocks_agreed", both, base).is_met


@pytest.mark.parametrize(
    ("signed", "role"),
    [
        ((), "responder"),
        (("coordination_office",), "responder"),
        (("hospital",), "coordinator"),
        (("open_door",), "coordinator"),
    ],
)
def test_the_side_that_did_not_sign_is_named(
    base: Pack, signed: tuple[str, ...], role: str
) -> None:
    pack = change_steps(base, screen=other_clock(base, "screen"))
    result = run("clocks_agreed", draft(pack, signed_by=list(signed)), base)
    assert not result.is_met
    assert role in [finding.values["role"] for finding in result.findings]


def test_a_clock_of_which_no_one_is_told_is_not_agreed(base: Pack) -> None:
    pack = change_steps(base, screen=other_clock(base, "screen", late=()))
    work = draft(pack, signed_by=["coordination_office", "hospital"])
    result = run("clocks_agreed", work, base)
    assert list_sentences(result) == [mechanism_checks.NO_ONE_TOLD]


def test_without_a_clock_of_ones_own_nothing_is_agreed(base: Pack) -> None:
    result = run("clocks_agreed", draft(base), base)
    assert list_sentences(result) == [mechanism_checks.NO_CLOCK]


# -- texts

LONG = " ".join(["word"] * 80)


def write_chapters(base: Pack, count: int, words: str = LONG) -> Pack:
    english = list(base.sop["en"])
    for at in range(count):
        english[at] = Chapter(at + 1, english[at].name, english[at].title, words)
    return replace(base, sop={**base.sop, "en": tuple(english)})


def test_four_chapters_of_ones_own_are_procedures(base: Pack) -> None:
    assert run("procedures", draft(write_chapters(base, 4)), base).is_met


@pytest.mark.parametrize(
    ("count", "words", "said"),
    [
        (3, LONG, mechanism_checks.FEW_CHAPTERS),
        (4, "Too short.", mechanism_checks.SHORT_CHAPTER),
        (4, f"{LONG} TODO", mechanism_checks.OPEN_CHAPTER),
    ],
)
def test_faults_of_procedures_are_found(
    base: Pack, count: int, words: str, said: str
) -> None:
    result = run("procedures", draft(write_chapters(base, count, words)), base)
    assert not result.is_met
    assert said in list_sentences(result)


def test_a_consent_text_takes_three_minutes_at_most(base: Pack) -> None:
    for count, met in ((450, True), (451, False)):
        words = " ".join(["word"] * count)
        pack = replace(base, consent={**base.consent, "en": words})
        assert run("consent_text", draft(pack), base).is_met is met
    result = run("consent_text", draft(base), base)
    assert list_sentences(result) == [mechanism_checks.SAME_CONSENT]


# -- law, forms, indicators, a change


def test_five_provisions_with_steps_or_gaps_are_law(base: Pack) -> None:
    own = {
        code: replace(provision, obliges={"en": "Ask her."})
        for code, provision in list(base.law.items())[:5]
    }
    law = {**base.law, **own}
    assert run("law", draft(replace(base, law=law)), base).is_met
    first = next(iter(own))
    alone = {**law, first: replace(own[first], honoured_by=(), note={})}
    result = run("law", draft(replace(base, law=alone)), base)
    assert list_sentences(result) == [mechanism_checks.LAW_ALONE]
    del law[first]
    result = run("law", draft(replace(base, law=law)), base)
    assert list_sentences(result) == [mechanism_checks.FEW_LAW]


def test_two_forms_of_ones_own_load(base: Pack) -> None:
    one, two = (f"forms/{name}.xlsx" for name in list(base.forms)[:2])
    changed = {**base.files, one: b"other", two: b"other"}
    assert run("forms", draft(replace(base, files=changed)), base).is_met
    changed[two] = base.files[two]
    result = run("forms", draft(replace(base, files=changed)), base)
    assert list_sentences(result) == [mechanism_checks.FEW_FORMS]


def test_a_form_that_does_not_load_is_named(base: Pack) -> None:
    given = dict(files.read_folder(FOLDER))
    given["forms/consent.xlsx"] = b"no workbook"
    _pack, faults = reading.read_pack(given)
    work = PracticeWork(version={"state": "draft"}, faults=faults)
    result = run("forms", work, base)
    assert not result.is_met
    assert "forms/consent.xlsx" in str(result.findings[0].values["fault"])


def test_few_indicators_are_defined_in_full(base: Pack) -> None:
    whole = [
        indicator
        for indicator in base.indicators.values()
        if indicator.of and indicator.target and indicator.steps
    ][:6]
    six = {indicator.code: indicator for indicator in whole}
    assert run("indicators", draft(replace(base, indicators=six)), base).is_met
    first = whole[0]
    for part in mechanism_checks.PARTS_OF_INDICATOR:
        empty: Any = () if part == "steps" else {}
        spoilt = {**six, first.code: replace(first, **{part: empty})}
        result = run("indicators", draft(replace(base, indicators=spoilt)), base)
        assert list_sentences(result) == [mechanism_checks.OPEN_INDICATOR]
    result = run("indicators", draft(base), base)
    assert list_sentences(result) == [mechanism_checks.MANY_INDICATORS]


def test_one_change_is_open_to_the_others(base: Pack) -> None:
    changed = replace(base, sharing={**base.sharing, "border": frozenset()})
    other = replace(base, duties={})
    for pack in (changed, other):
        if pack.sharing == base.sharing and pack.duties == base.duties:
            continue
        assert run("change", draft(pack), base).is_met
        result = run("change", draft(pack, state="draft"), base)
        assert list_sentences(result) == [mechanism_checks.NOT_OPENED]
    result = run("change", draft(base), base)
    assert list_sentences(result) == [mechanism_checks.NOT_CHANGED]


# -- cases


def build_case(**changed: Any) -> dict[str, Any]:
    return {
        "reference": "K7",
        "closed_at": "2026-11-30T12:00:00+00:00",
        "history": [{"did": "opened case", "gate": "safe"}],
        "consents": [{"recipient": "Harbour House"}],
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
