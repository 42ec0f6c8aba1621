"""An interview that can't be gone through to its end publishes no course."""

import json
from hashlib import sha256

import pytest

from amana.academy.courses.engine import course_content, interview_story, reading
from amana.academy.courses.tests.courses import small_course

NAME = "modules/1-consent/interviews/first.ink"
INK = """\
# title: A first meeting
# about: Somebody waits.
# note: Nothing hard.
# minutes: 5
# lesson: 01-asking-first
-> door
=== door ===
She waits. # who: scene
* [Sit down] -> talk
* [Stand] -> talk
=== talk ===
She speaks. # strong: You sat down.
-> END
"""


HEAD = [line[2:] for line in INK.splitlines() if line.startswith("# ")]


def a_story(**changed):
    """What ink's compiler makes of it, by hand, so that no test needs it."""
    head = [part for tag in HEAD for part in ("#", f"^{tag}", "/#")]

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
        "source": sha256(INK.encode()).hexdigest(),
        "inkVersion": 21,
        "root": [first, "done", knots],
        "listDefs": {},
    }
    return json.dumps(said | changed)


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
    assert (interview.title, interview.minutes) == ("A first meeting", "5")
    scene = interview_story.play_interview(interview.story, [0])
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
    story = a_story().replace("01-asking-first", "09-elsewhere")

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
