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
    ],
)
def test_a_fault_is_named(was, becomes, says):
    found = faults(was, becomes)

    assert any(says in fault for fault in found), found
    assert all(fault.startswith(NAME) for fault in found)
