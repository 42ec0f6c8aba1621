"""What is wrong with a negotiation is said where it stands."""

from pathlib import Path

import pytest

from amana.academy.courses.engine import reading
from amana.academy.courses.tests.courses import small_course

NAME = "labs/old-harbour.yaml"
ROOT = Path(__file__).parents[5]
LAB = (ROOT / "courses/referral-mechanism" / NAME).read_text()


def faults(was="", becomes=""):
    assert was in LAB
    spoilt = LAB.replace(was, becomes, 1) if was else LAB
    return [
        str(fault)
        for fault in reading.read_course(small_course(**{NAME: spoilt})).faults
    ]


def test_the_shipped_negotiation_is_sound():
    assert faults() == []


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("      police: [name, evidence]", "      polic: [name]", "No party"),
        ("      police: [name, evidence]", "      police: [nam]", "no option"),
        ("      police: [name, evidence]\n", "", "has no zone"),
        (
            "      shelter: [nothing, name]",
            "      shelter: [nothing]",
            "could never agree",
        ),
        ("code: told", "code: answer", "used as a code more than once"),
        ("kind: caucus", "kind: secret", "secret"),
        ("needs: [coordination,", "needs: [ministry,", "No party"),
        ("to: [hospital]", "to: [hospitall]", "hospital"),
        ("languages: [en, fr, ar]", "languages: [fr, ar]", "first language"),
        ("languages: [en, fr, ar]", "languages: [en, fr, ar, es]", "not written in es"),
        ("en: Ask, fr: Demandez, ar", "en: Ask, ar", "not written in fr"),
        ("  - code: legal\n", "  - code: mediator\n", "can’t be a party’s code"),
        ("value: PT12H}", "}", "what is written into the file"),
        ("    place: [clocks, U1, answer]\n", "", "place"),
        ("    line:\n", "    lines:\n", "line"),
        ("briefs: shown", "briefs: some", "some"),
    ],
)
def test_a_fault_is_named(was, becomes, says):
    found = faults(was, becomes)

    assert any(says in fault for fault in found), found
    assert all(fault.startswith(f"{NAME}:") for fault in found)


def test_a_negotiation_without_a_round_of_offers_is_no_negotiation():
    spoilt = LAB.replace("kind: offer", "kind: ask")
    found = reading.read_course(small_course(**{NAME: spoilt})).faults

    assert [str(fault) for fault in found] == [
        f"{NAME}:{line_of('rounds:')}: In no round anything can be proposed: one of "
        "them has to be of the kind offer."
    ]


def test_a_fault_names_its_line():
    (fault,) = faults("      police: [name, evidence]", "      police: [name, all]")

    assert fault.startswith(f"{NAME}:{line_of('      police: [name, evidence]')}: ")


def line_of(text):
    return LAB[: LAB.index(text)].count("\n") + 1


def test_positions_name_clauses():
    was = "    line:\n      en: You leave rather than sign"
    position = "    positions:\n      answers: {en: A, fr: A, ar: A}\n"

    assert any("No clause" in fault for fault in faults(was, position + was))


def test_a_value_without_a_place_would_be_written_nowhere():
    places = "    file: mechanism.yaml\n    place: [clocks, U1, answer]\n"

    assert any("written nowhere" in fault for fault in faults(places, ""))
