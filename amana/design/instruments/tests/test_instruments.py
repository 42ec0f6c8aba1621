"""What answers may be signs of, and what follows: no number, always a next step."""

import json
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from amana.design.forms.engine.form_model import Choice, Form, Question, QuestionGroup
from amana.design.instruments import (
    ILO_EC,
    DimensionStatus,
    FindingOverride,
    Flag,
    FlagStatus,
    Instrument,
    MissingAnswer,
    MissingReason,
    SignStrength,
    TraffickingElement,
    convert_answers,
    is_enough,
    read_instrument,
)

S, M, W, P = SignStrength
YN = tuple(map(Choice, ("yes", "no", "unsure", "not_asked", "prefers_not"), [{}] * 5))
SCHEMA = json.loads(
    (Path(__file__).parents[2] / "mechanism/pack/schemas/screening.json").read_text(
        "utf-8"
    )
)


def yes_no(*names: str) -> tuple[Question, ...]:
    return tuple(
        Question(name, "select_one", row, label={"en": name}, choices=YN)
        for row, name in enumerate(names, 2)
    )


ACTS = Question(
    "acts",
    "select_multiple",
    40,
    choices=(Choice("moved", {}), Choice("housed", {})),
)
FORM = Form(
    name="trafficking",
    title={"en": "Trafficking"},
    version="1",
    languages=("en",),
    items=(
        *yes_no("under_18", "moved", "lied", "pay_lied", "held", "threatened"),
        *yes_no("long_hours", "no_pay", "beaten", "smuggled", "left_to_die", "friend"),
        ACTS,
        Question("hours", "integer", 41),
        Question("told", "note", 42),
        QuestionGroup("each", 43, yes_no("went_to_school"), repeats=True),
    ),
)


def a_sign(id: str, question: str, dimension: str = "", **more: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": id,
        "when": f'{question} == "yes"',
        "source": "Invented",
        "words": {"en": f"Words of {id}"},
        **more,
    }
    return said | ({"dimension": dimension} if dimension else {})


def trafficking() -> dict[str, Any]:
    found_out = 'purpose == "found" and act in ["found", "some"]'
    return {
        "form": "trafficking",
        "title": {"en": "Trafficking", "fr": "Traite"},
        "child": 'under_18 in ["yes", "unsure"]',
        "dimensions": {
            "moving": {"title": "Act", "element": "act", "enough": [["weak"]]},
            "deception": {"title": "Deception", "element": ["act", "means"]},
            "coercion": {"title": "Coercion", "element": "means"},
            "exploitation": {"title": "Exploitation", "element": "purpose"},
        },
        "signs": [
            a_sign("A1", "moved", "moving"),
            a_sign("D1.1", "lied", "deception"),
            a_sign("D1.2", "pay_lied", "deception", strength="medium"),
            a_sign("D5.1", "held", "coercion"),
            a_sign(
                "D5.5",
                "threatened",
                "coercion",
                strength={"adult": "medium", "child": "strong"},
            ),
            a_sign("D4.1", "long_hours", "exploitation", flags=["labour"]),
            a_sign("D4.2", "no_pay", "exploitation", strength="medium"),
            a_sign("D4.9", "beaten", "exploitation", strength={"child": "medium"}),
            a_sign("SOM", "smuggled", flags=["smuggling"]),
            a_sign("P1", "friend", strength="protective"),
        ],
        "flags": {
            "trafficking": {
                "if": f'{found_out} and (child == "yes" or means == "found")',
                "perhaps": 'purpose in ["found", "some"] or means == "found"',
            },
            "aggravated_smuggling": 'smuggled == "yes" and left_to_die == "yes"',
            "child": 'child == "yes"',
        },
        "gives": {
            "presumed": [
                {"if": 'trafficking == "yes"', "then": "yes"},
                {"if": 'trafficking == "perhaps"', "then": "unsure"},
                {"else": True, "then": "no"},
            ]
        },
        "follows": [
            {
                "if": 'trafficking in ["yes", "perhaps"]',
                "words": "Offer",
                "urgency": "U2",
            },
            {"if": '"D5.1" in signs', "words": "Ask for the papers", "urgency": "U1"},
        ],
        "otherwise": [{"words": "Say where help is", "need": "CM1"}],
    }


def read(plain: dict[str, Any] | None = None) -> Instrument:
    instrument, faults = read_instrument(plain or trafficking(), FORM)
    assert instrument, list(map(str, faults))
    return instrument


def faults_of(plain: dict[str, Any]) -> list[str]:
    instrument, faults = read_instrument(plain, FORM)
    assert instrument is None
    return list(map(str, faults))


def find(
    child: bool = False, judged: FindingOverride | None = None, **answers: Any
) -> Any:
    data = convert_answers(FORM, answers)
    return read().find(data, child=child, judged=judged or FindingOverride())


EXPLOITED: dict[str, Any] = {"long_hours": "yes", "no_pay": "yes"}
COERCED: dict[str, Any] = {"held": "yes", "threatened": "yes"}


def ids(findings: Any) -> set[str]:
    return {found.sign.id for found in findings.signs}


# --- which signs are enough


@pytest.mark.parametrize(
    ("signs", "enough"),
    [
        ([S, S], True),
        ([S, M], True),
        ([S, W], True),
        ([M, M, M], True),
        ([M, M, W], True),
        ([S], False),
        ([M, M], False),
        ([M, W, W], False),
        ([W, W, W, W], False),
        ([S, P, P], False),
        ([], False),
    ],
)
def test_the_rule_of_ilo_and_the_commission(signs, enough):
    assert is_enough(signs, ILO_EC) is enough


def test_the_rule_agrees_with_its_own_words():
    """2 strong; 1 strong and another; 3 medium; 2 medium and 1 weak."""
    for size in range(6):
        for signs in combinations_with_replacement([S, M, W], size):
            strong, medium, weak = map(signs.count, (S, M, W))
            said = (
                strong >= 2
                or (strong >= 1 and medium + weak >= 1)
                or medium >= 3
                or (medium >= 2 and weak >= 1)
            )
            assert is_enough(signs, ILO_EC) is said, signs


# --- what is found


def test_an_adult_needs_act_means_and_purpose():
    found = find(moved="yes", **EXPLOITED)
    assert found.elements == {
        TraffickingElement.ACT: DimensionStatus.FOUND,
        TraffickingElement.MEANS: DimensionStatus.OPEN,
        TraffickingElement.PURPOSE: DimensionStatus.FOUND,
    }
    assert found.flags[Flag.TRAFFICKING] is FlagStatus.PERHAPS

    found = find(moved="yes", **EXPLOITED, **COERCED)
    assert found.flags[Flag.TRAFFICKING] is FlagStatus.YES
    assert found.gives == {"presumed": "yes"}


@pytest.mark.parametrize("said", ["yes", "unsure"])
def test_whoever_may_be_a_child_needs_no_means(said):
    found = find(moved="yes", under_18=said, **EXPLOITED)

    assert found.child
    assert not found.needed(TraffickingElement.MEANS)
    assert found.flags[Flag.TRAFFICKING] is FlagStatus.YES
    assert found.flags[Flag.CHILD] is FlagStatus.YES


def test_who_is_known_to_be_a_child_stays_one_whatever_the_form_says():
    assert find(child=True, under_18="no").child


def test_a_sign_can_say_more_of_a_child_than_of_an_adult():
    strengths = {f.sign.id: f.strength for f in find(threatened="yes").signs}
    assert strengths == {"D5.5": M}
    strengths = {f.sign.id: f.strength for f in find(True, threatened="yes").signs}
    assert strengths == {"D5.5": S}


def test_what_is_no_sign_for_an_adult_is_none():
    assert ids(find(beaten="yes")) == set()
    assert ids(find(True, beaten="yes")) == {"D4.9"}


def test_some_signs_are_not_enough_and_shown_all_the_same():
    found = find(held="yes", threatened="no")
    assert found.dimensions["coercion"] is DimensionStatus.SOME
    assert found.elements[TraffickingElement.MEANS] is DimensionStatus.SOME


def test_nothing_found_is_not_the_same_as_not_asked():
    assert find().dimensions["coercion"] is DimensionStatus.OPEN
    answered = find(held="no", threatened="no")
    assert answered.dimensions["coercion"] is DimensionStatus.NONE


def test_flags_stand_beside_each_other():
    found = find(smuggled="yes", left_to_die="yes", long_hours="yes")
    standing = {
        flag for flag, raised in found.flags.items() if raised is FlagStatus.YES
    }
    assert standing == {Flag.SMUGGLING, Flag.AGGRAVATED_SMUGGLING, Flag.LABOUR}


def test_what_protects_is_shown_and_counts_for_nothing():
    found = find(friend="yes")
    assert [f.strength for f in found.signs] == [P]
    assert set(found.dimensions.values()) == {DimensionStatus.OPEN}


def test_what_is_missing_is_named_with_the_reason():
    found = find(held="unsure", threatened="prefers_not", lied="no")
    missing = set(found.missing)
    assert MissingAnswer("held", MissingReason.UNSURE) in missing
    assert MissingAnswer("threatened", MissingReason.PREFERS_NOT) in missing
    assert MissingAnswer("moved", MissingReason.NOT_ASKED) in missing
    assert "lied" not in {gap.question for gap in missing}


def test_what_the_form_does_not_ask_is_not_missing():
    data = convert_answers(FORM, {})
    found = read().find(data, hidden={"held", "threatened"})
    assert {"held", "threatened"}.isdisjoint({gap.question for gap in found.missing})
    assert found.dimensions["coercion"] is DimensionStatus.NONE


def test_no_sign_lies_in_what_was_not_answered():
    plain = trafficking()
    plain["signs"][0]["when"] = 'moved != "no"'
    instrument = read(plain)
    for answer in (None, "not_asked", "prefers_not", "unsure"):
        assert not instrument.find({"moved": answer}).signs
    assert instrument.find({"moved": "yes"}).signs


def test_a_doubt_can_be_a_sign():
    plain = trafficking()
    plain["signs"][0]["when"] = 'under_18 in ["yes", "unsure"]'
    assert read(plain).find({"under_18": "unsure"}).signs


def test_the_most_urgent_comes_first():
    found = find(moved="yes", **EXPLOITED, **COERCED)
    assert [n.urgency for n in found.follows] == ["U1", "U2"]
    assert found.urgency == "U1"


def test_a_result_without_any_sign_leads_somewhere_too():
    no: dict[str, Any] = {name: "no" for name in FORM.questions if name != "hours"}
    found = find(**no)
    assert [n.need for n in found.follows] == ["CM1"]
    assert found.gives == {"presumed": "no"}


answers_of = some.dictionaries(
    some.sampled_from([n for n in FORM.questions if n not in ("acts", "hours")]),
    some.sampled_from([choice.name for choice in YN]),
)


@settings(max_examples=200, deadline=None)
@given(answers_of, some.booleans())
def test_every_result_leads_to_a_next_step_and_holds_no_number(answers, child):
    found = find(child, **answers)

    assert found.follows
    assert set(found.flags) == set(Flag)
    assert found.gives.keys() == {"presumed"}
    for held in vars(found).values():
        assert not isinstance(held, int) or isinstance(held, bool)


@settings(max_examples=200, deadline=None)
@given(answers_of)
def test_who_may_be_a_child_is_never_found_less_of(answers):
    adult, child = find(False, **answers), find(True, **answers)
    order = [FlagStatus.NO, FlagStatus.PERHAPS, FlagStatus.YES]
    for flag in Flag:
        assert order.index(child.flags[flag]) >= order.index(adult.flags[flag])


# --- what a person says otherwise


def test_a_rejected_sign_counts_no_more_and_what_follows_is_concluded_anew():
    answers = {"moved": "yes", **EXPLOITED, **COERCED}
    found = find(judged=FindingOverride(rejected=frozenset({"D5.1"})), **answers)

    assert "D5.1" not in ids(found)
    assert found.flags[Flag.TRAFFICKING] is FlagStatus.PERHAPS
    assert found.gives == {"presumed": "unsure"}
    assert [n.urgency for n in found.follows] == ["U2"]


def test_what_a_person_says_of_a_flag_holds():
    found = find(judged=FindingOverride(flags={Flag.TRAFFICKING: FlagStatus.YES}))
    assert found.gives == {"presumed": "yes"}
    assert [n.urgency for n in found.follows] == ["U2"]


def test_what_a_person_says_of_an_element_is_concluded_from():
    judged = FindingOverride(elements={TraffickingElement.MEANS: DimensionStatus.FOUND})
    found = find(judged=judged, moved="yes", **EXPLOITED)
    assert found.flags[Flag.TRAFFICKING] is FlagStatus.YES


# --- answers


def test_answers_are_read_as_what_they_are():
    data = convert_answers(
        FORM,
        {
            "acts": "moved housed",
            "hours": "70",
            "each": "2",
            "went_to_school.0": "no",
            "went_to_school.1": "yes",
        },
    )
    assert data["acts"] == ["moved", "housed"]
    assert data["hours"] == 70
    assert data["went_to_school"] == ["no", "yes"]
    assert data["held"] is None


def test_a_number_and_several_answers_can_hold_a_sign():
    plain = trafficking()
    plain["signs"][0]["when"] = '"moved" in acts or hours > 60'
    instrument = read(plain)
    assert instrument.find(convert_answers(FORM, {"acts": "housed moved"})).signs
    assert instrument.find(convert_answers(FORM, {"hours": "61"})).signs
    assert not instrument.find(
        convert_answers(FORM, {"acts": "housed", "hours": "8"})
    ).signs


# --- the file


def test_the_example_fits_the_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(trafficking(), SCHEMA)


def broken(change: Any) -> dict[str, Any]:
    plain = trafficking()
    change(plain)
    return plain


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p.pop("otherwise"),
        lambda p: p.update(otherwise=[]),
        lambda p: p.update(score=3),
        lambda p: p["signs"][0].pop("source"),
        lambda p: p["signs"][0].update(strength=5),
        lambda p: p["flags"].update(danger="moved"),
        lambda p: p["dimensions"]["moving"].update(element="motive"),
    ],
)
def test_the_schema_refuses(change):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken(change), SCHEMA)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda p: p["signs"][0].update(when="moved = 1"), "write =="),
        (lambda p: p["signs"][0].update(when='who == "yes"'), "“who” is neither"),
        (lambda p: p["signs"][0].update(when='moved == "yess"'), "can never be “yess”"),
        (lambda p: p["signs"][0].update(when='acts == "moved"'), '"moved" in acts'),
        (
            lambda p: p["signs"][0].update(when='"flown" in acts'),
            "can never be “flown”",
        ),
        (lambda p: p["signs"][0].update(when='told == "yes"'), "only a note"),
        (lambda p: p["signs"][0].update(when='means == "found"'), "“means” is neither"),
        (lambda p: p["signs"][1].update(id="A1"), "two signs called “A1”"),
        (lambda p: p["signs"][0].update(dimension="x"), "no dimension “x”"),
        (lambda p: p["signs"].pop(0), "No sign belongs to the dimension “moving”"),
        (
            lambda p: p["dimensions"]["coercion"].update(enough=[["strong"] * 3]),
            "can never be found",
        ),
        (lambda p: p["dimensions"].update(held={"title": "x"}), "also a question"),
        (
            lambda p: p["dimensions"].update(child={"title": "x"}),
            "has a meaning of its own here. Give the dimension",
        ),
        (lambda p: p["flags"].update(gbv='purpose == "yes"'), "can never be “yes”"),
        (lambda p: p["flags"].update(gbv='labour == "yes"'), "“labour” is neither"),
        (
            lambda p: p["follows"][0].update({"if": 'gbv == "yes"'}),
            "Nothing ever raises",
        ),
        (lambda p: p["follows"][0].update({"if": '"X" in signs'}), "no sign “X”"),
        (lambda p: p["gives"]["presumed"].pop(), "last row"),
        (lambda p: p["gives"]["presumed"].reverse(), "last row"),
    ],
)
def test_a_fault_is_named_in_words(change, says):
    faults = faults_of(broken(change))
    assert any(says in fault for fault in faults), faults


def test_nothing_in_a_condition_is_ever_run():
    change = broken(lambda p: p["signs"][0].update(when='__import__("os").system("x")'))
    assert faults_of(change)


def test_a_question_of_the_form_may_not_mean_two_things():
    form = Form("f", {}, "1", ("en",), (*FORM.items, *yes_no("child")))
    instrument, faults = read_instrument(trafficking(), form)
    assert instrument is None
    assert "a meaning of its own" in str(faults[0])


def test_the_instrument_tells_what_it_may_give():
    assert read().codes == {"presumed": frozenset({"yes", "no", "unsure"})}
    assert {"held", "smuggled"} <= read().reads
