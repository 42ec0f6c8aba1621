"""A pathway of many parts is checked in the time of a small one."""

import pytest

from amana.design.pathway.pathway_reading import read_pathway
from amana.design.pathway.soundness import (
    END_INSIDE,
    PART_TWICE,
    Soundness,
    find_unsound,
)

END = {"do": "Close", "role": "worker", "end": "closed"}


def build_parts(deep: int) -> dict[str, object]:
    """Build parts of which each uses the next one twice, one after the other."""
    parts: dict[str, object] = {
        f"p{n}": {
            "start": f"a{n}",
            "steps": {
                f"a{n}": {"part": f"p{n + 1}", "next": f"b{n}"},
                f"b{n}": {"part": f"p{n + 1}"},
            },
        }
        for n in range(deep)
    }
    last = {"do": "Act", "role": "worker"}
    return parts | {f"p{deep}": {"start": "act", "steps": {"act": last}}}


def test_parts_that_use_parts_twice_take_no_longer_than_their_steps() -> None:
    """The ways that lead into the last of these are more than could ever be counted."""
    said = {
        "start": "all",
        "steps": {"all": {"part": "p0", "next": "end"}, "end": END},
        "parts": build_parts(100),
    }
    assert find_unsound(read_pathway(said), "pathway.yaml") == []


@pytest.mark.parametrize("deep", [0, 1, 30])
def test_a_part_in_two_branches_is_found_through_the_parts_around_it(deep: int) -> None:
    said = {
        "start": "all",
        "steps": {
            "all": {"together": ["first", "second"], "next": "end"},
            "first": {"part": "p0"},
            "second": {"part": "other"},
            "end": END,
        },
        "parts": build_parts(deep)
        | {"other": {"start": "o", "steps": {"o": {"part": f"p{deep}"}}}},
    }
    found = find_unsound(read_pathway(said), "pathway.yaml")
    assert {fault.sentence for fault in found} == {PART_TWICE}
    assert {fault.values["name"] for fault in found} == {f"p{deep}"}


def test_an_end_in_a_part_is_inside_the_block_that_uses_it() -> None:
    said = {
        "start": "all",
        "steps": {
            "all": {"together": ["first", "second"], "next": "end"},
            "first": {"part": "p"},
            "second": {"do": "Act", "role": "worker"},
            "end": END,
        },
        "parts": {"p": {"start": "leave", "steps": {"leave": END}}},
    }
    pathway = read_pathway(said)
    (fault,) = find_unsound(pathway, "pathway.yaml")
    assert (fault.sentence, fault.values["block"]) == (END_INSIDE, "all")
    assert Soundness(pathway, "").together_around("second") == "all"
