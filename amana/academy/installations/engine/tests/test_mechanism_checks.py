"""Each check of a draft is met by sound work, and finds each fault that is planted."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from amana.academy.installations.engine import mechanism_checks, work_checks
from amana.academy.installations.engine.practice_work import PracticePart, PracticeWork
from amana.design.mechanism.pack import files, reading
from amana.design.mechanism.pack.pack_model import Chapter, Pack
from amana.design.pathway.pathway_model import Do

from .conftest import FOLDER
from .running import list_sentences, run


def draft(pack: Pack | None, **facts: Any) -> PracticeWork:
    version = {"state": "consultation", "signed_by": ["coordination_office"]} | facts
    return PracticeWork(version=version, pack=pack)


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
    # Services alone are no mechanism that could be loaded.
    alone = PracticeWork(services=[{"name": "Harbour House"}])
    result = run("loads_elsewhere", alone, base)
    assert list_sentences(result) == [mechanism_checks.NO_DRAFT]


def test_a_mechanism_without_indicators_defines_none(base: Pack) -> None:
    result = run("indicators", draft(replace(base, indicators={})), base)
    assert not result.is_met
    assert list_sentences(result) == [mechanism_checks.NO_INDICATOR]


def test_three_dots_are_no_open_place(base: Pack) -> None:
    assert not any(place in "She said “I …”" for place in mechanism_checks.OPEN_PLACES)


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
    changed = {**base.files, one: b"one", two: b"another"}
    assert run("forms", draft(replace(base, files=changed)), base).is_met
    # Not changed; one of the country's under another name; the same under two names.
    for second in (base.files[two], base.files[one], b"one"):
        changed[two] = second
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
