"""An interview that can't be gone through to its end publishes no course."""

import json
from hashlib import sha256

import pytest

from amana.academy.courses.engine import course_content, interview_story, reading
from amana.academy.courses.tests.courses import small_course

NAME = "modules/1-consent/interviews/first.ink"
INK = """\
# title: A first meeting
# about: Someone waits.
# note: Nothing hard.
# minutes: 5
# lesson: 02-a-case
-> door
=== door ===
She waits. # who: scene
* [Sit down] -> talk
* [Stand] -> talk
=== talk ===
She speaks. # strong: You sat down.
-> END
"""


IN_FRENCH = {
    "A first meeting": "Une première rencontre",
    "Someone waits.": "Quelqu’un attend.",
    "Nothing hard.": "Rien de dur.",
    "She waits.": "Elle attend.",
    "Sit down": "Prendre une chaise",
    "Stand": "Rester debout",
    "She speaks.": "Elle parle.",
    "You sat down.": "Vous avez pris une chaise.",
    "minutes: 5\n# lesson: 02-a-case": "translated_from: "
    + sha256(INK.encode()).hexdigest(),
}
FRENCH = "modules/1-consent/interviews/first.fr.ink"


def translate(words):
    for said, becomes in IN_FRENCH.items():
        words = words.replace(said, becomes)
    return words


INK_IN_FRENCH = translate(INK)


def a_story(ink=INK, **changed):
    """What ink's compiler makes of it, by hand, so that no test needs it."""
    tags = [line[2:] for line in ink.splitlines() if line.startswith("# ")]
    head = [part for tag in tags for part in ("#", f"^{tag}", "/#")]

    def choice(text, at):
        return ["ev", "str", f"^{text}", "/str", "/ev", {"*": f".^.c-{at}", "flg": 20}]

    to_talk = ["^ ", {"->": "talk"}, "\n", {"#f": 5}]
    says = ["^She waits. ", "#", "^who: scene", "/#", "\n"]
    choices = {"c-0": to_talk, "c-1": to_talk}
    knots = {
        "door": [
            [*says, *choice("Sit down", 0), *choice("Stand", 1), choices],
            None,
        ],
        "talk": [
            "^She speaks. ",
            "#",
            "^strong: You sat down.",
            "/#",
            "\n",
            "end",
            None,
        ],
    } | changed.pop("knots", {})
    first = [*head, {"->": "door"}, ["done", {"#n": "g-0"}], None]
    said = {
        "source": sha256(ink.encode()).hexdigest(),
        "inkVersion": 21,
        "root": [first, "done", knots],
        "listDefs": {},
    }
    return json.dumps(said | changed)


def a_story_in_french(ink=INK_IN_FRENCH, **changed):
    return translate(a_story(ink, **changed))


def two_languages(ink=INK_IN_FRENCH, story=None):
    """The files of the interview and of its translation."""
    return {
        NAME: INK.encode(),
        f"{NAME}.json": a_story().encode(),
        FRENCH: ink.encode(),
        f"{FRENCH}.json": (story or a_story_in_french(ink)).encode(),
    }


def read(story=None, ink=INK):
    files = small_course()
    if ink is not None:
        files[NAME] = ink.encode()
    if story is not None:
        files[f"{NAME}.json"] = story.encode()
    return reading.read_course(files)


def sentences(checked):
    return [fault.sentence % dict(fault.values) for fault in checked.faults]


def test_an_interview_is_published_with_its_module():
    checked = read(a_story())

    assert checked.faults == []
    [interview] = course_content.build_course(checked.compiled).modules[0].interviews
    [text] = interview.texts.values()
    assert (text.title, interview.minutes) == ("A first meeting", "5")
    scene = interview_story.play_interview(text.story, [0])
    assert [turn.chosen for turn in scene.turns] == ["", "Sit down"]
    assert scene.strong == ["You sat down."]
    assert scene.is_over


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"story": None}, "not compiled yet"),
        ({"ink": None, "story": a_story()}, "from which this was compiled is missing"),
        ({"ink": f"{INK}\n", "story": a_story()}, "has changed since it was compiled"),
        ({"story": "{}"}, "not a compiled interview"),
        ({"story": "not JSON"}, "not a compiled interview"),
        ({"story": a_story(inkVersion=None)}, "not a compiled interview"),
        (
            {"story": a_story(knots={"alone": ["end", None]})},
            "Nothing leads to “alone”",
        ),
        (
            {"story": a_story(knots={"talk": [{"->": "nowhere.0"}, None]})},
            "Something leads to “nowhere”",
        ),
        (
            {"story": a_story(knots={"talk": ["^She is silent.", "\n", None]})},
            "does not end",
        ),
    ],
)
def test_a_mistake_is_said_in_words(files, says):
    assert any(says in sentence for sentence in sentences(read(**files))), sentences(
        read(**files)
    )


def test_what_is_missing_at_the_head_is_said():
    story = a_story().replace("note: Nothing hard.", "note:")

    assert sentences(read(story)) == [
        "“# note: …” is missing at the top of the interview."
    ]


def test_an_interview_belongs_to_a_lesson_of_its_module():
    story = a_story().replace("02-a-case", "09-elsewhere")

    assert sentences(read(story)) == [
        "There is no lesson “09-elsewhere” in this module."
    ]


def test_there_is_no_choice_beyond_those_that_are_offered():
    with pytest.raises(interview_story.BrokenStory, match="no such choice"):
        interview_story.play_interview(a_story(), [2])


@pytest.mark.parametrize("story", ['{"root":' + "[" * 30_000, "[" * 30_000])
def test_a_story_that_is_nested_without_end_is_refused_in_words(story):
    found = sentences(read(story))
    assert len(found) == 1
    assert "not a compiled interview" in found[0]


def sentences_of(files):
    return sentences(reading.read_course(small_course() | files))
