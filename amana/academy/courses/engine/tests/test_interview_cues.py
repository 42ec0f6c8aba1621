"""An interview whose best answers can be found without reading publishes no course."""

import json
from typing import Any

import pytest

from amana.academy.courses.engine.tests.test_interviewing import (
    INK,
    NAME,
    a_story,
    a_story_in_french,
    read,
    sentences,
    sentences_of,
    two_languages,
)


def a_choice(number, options, best):
    """A knot with a choice, of which one option has a strong note."""
    here, then = f"k{number}", f"k{number + 1}"
    said: list[Any] = ["^She waits. ", "\n"]
    named = {}
    for at, option in enumerate(options):
        said += ["ev", "str", f"^{option}", "/str", "/ev"]
        said += [{"*": f".^.c-{at}", "flg": 20}]
        tag = "strong" if at == best else "think"
        note = [f"^{number}{at} ", "#", f"^{tag}: {option}.", "/#", "\n"]
        named[f"c-{at}"] = ["\n", *note, {"->": then}, {"#f": 5}]
    return {here: [[*said, named], None]}


def a_long_story(choices):
    knots: dict[str, Any] = {}
    for number, (options, best) in enumerate(choices):
        knots |= a_choice(number, options, best)
    knots[f"k{len(choices)}"] = ["^It is over.", "\n", "end", None]
    story = json.loads(a_story())
    story["root"][0][-3] = {"->": "k0"}
    story["root"][-1] = knots
    return json.dumps(story)


def options(number, *, best, at):
    """Three options of one length, of which the best one is longer by so much."""
    words = [f"{number} Ask her", f"{number} Ask him", f"{number} Ask it."]
    words[at] += best
    return words, at


@pytest.mark.parametrize(
    ("choices", "says"),
    [
        (
            [options(n, best="!", at=n % 3) for n in range(6)],
            "Always choosing the longest answer finds the best one in 6 of 6 choices. "
            "By chance it would be 2; at most 3 is accepted.",
        ),
        (
            [([f"{n} Ask!", f"{n} Him", f"{n} Her!"], 1) for n in range(6)],
            "Always choosing the shortest answer finds the best one in 6 of 6",
        ),
        (
            [options(n, best="", at=0) for n in range(6)],
            "Always choosing the first answer in the file finds the best one in 6 of 6",
        ),
        ([options(n, best="!" * (n < 3), at=n % 3) for n in range(7)], ""),
        ([options(n, best="!", at=n % 3) for n in range(4)], ""),
        (
            [options(n, best=" how she is, and then", at=n % 3) for n in range(2)],
            "The longest option has 30 characters and the shortest 9: the length "
            "gives away which one is right.",
        ),
    ],
)
def test_an_interview_that_gives_its_answers_away_is_refused(choices, says):
    found = sentences(read(a_long_story(choices)))

    assert any(said.startswith(says) for said in found) if says else not found, found


def test_an_answer_that_is_far_longer_is_found_in_its_line():
    ink = INK.replace("[Sit down]", "[Sit down beside her, without a word]")
    story = a_story(ink).replace("^Sit down", "^Sit down beside her, without a word")
    [fault] = read(story, ink).faults

    assert (fault.file, fault.line) == (NAME, 9)
    assert fault.values == {"longest": 35, "shortest": 5}


def test_a_translation_that_gives_its_answers_away_is_refused():
    story = a_story_in_french().replace("Rester debout", "Debout, sans dire un mot")
    story = story.replace("Prendre une chaise", "S’asseoir")

    assert [said[:33] for said in sentences_of(two_languages(story=story))] == [
        "The longest option has 24 charact"
    ]
