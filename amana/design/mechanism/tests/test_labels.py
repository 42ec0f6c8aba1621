"""A mechanism in words, also one whose codes are its own."""

import pytest
from django.utils.translation import override

from amana.design.mechanism import labels
from amana.design.mechanism.outline import Outline, build_outline
from amana.faults import Fault

OWN = {
    "start": "look",
    "steps": {
        "look": {
            "do": {"en": "Look at the weather", "fr": "Regarder le temps"},
            "role": "worker",
            "gives": {"sky_now": ["clear", "storm"], "sea_now": ["calm", "rough"]},
            "next": "which",
        },
        "which": {
            "choose": [
                {"if": 'sky_now == "storm" or sea_now == "rough"', "next": "stay"},
                {"else": True, "next": "sail"},
            ]
        },
        "sail": {"decide": "boat", "gives": "boat_now", "next": "by_boat"},
        "by_boat": {
            "choose": [{"if": 'boat_now == "big"', "next": "stay"}, {"else": True}]
        },
        "stay": {"do": {"en": "Stay"}, "role": "worker"},
        "several": {"together": ["which", "stay"]},
        "known": {
            "choose": [{"if": 'agrees == "yes"', "next": "stay"}, {"else": True}]
        },
    },
}


@pytest.fixture
def seen() -> Outline:
    table = {"title": {"en": "Which boat", "fr": "Quel bateau"}}
    return build_outline({"pathway.yaml": OWN, "decisions/boat.yaml": table})


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("which", "Depends on: Look at the weather"),
        ("by_boat", "Depends on: By the table: Which boat"),
        ("several", "At the same time: Look at the weather, Stay"),
        ("known", "Depends on: Does the person agree?"),
    ],
)
def test_a_branching_names_the_step_that_it_depends_on(
    seen: Outline, step: str, words: str
) -> None:
    with override("en"):
        assert labels.format_step_title(seen, step) == words


def test_a_fault_and_the_name_that_was_meant_are_in_the_readers_language() -> None:
    sentence = "There is no step “%(name)s”."
    fault = Fault("pathway.yaml", 3, sentence, {"name": "meat"}, near="meet")

    with override("fr"):
        words = labels.format_fault(fault).replace("\N{NO-BREAK SPACE}", " ")

    assert words == "Il n’y a pas d’étape « meat ». Vouliez-vous dire « meet » ?"
    assert str(fault) == (
        "pathway.yaml:3: There is no step “meat”. Did you mean “meet”?"
    )
