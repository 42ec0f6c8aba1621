"""Two engines tell the same interviews: inkjs, by which they were compiled, and bink,
which plays them here. And what lies in the course is what ink makes of it today."""

from pathlib import Path
from random import Random

import pytest

from amana.academy.courses.engine import interview_story
from tests.peers import node
from tools import ink

COURSES = Path(__file__).parents[2] / "courses"
INTERVIEWS = sorted(COURSES.rglob("interviews/*.ink"))
WAYS = 40


@pytest.fixture(params=INTERVIEWS, ids=lambda path: path.stem)
def interview(request):
    return request.param


def story_of(interview):
    return Path(f"{interview}.json").read_text("utf-8")


def test_there_are_interviews():
    assert len(INTERVIEWS) >= 3


def test_a_story_is_what_ink_makes_of_its_file(interview):
    source = {"it": interview.read_text("utf-8")}

    assert ink.compiled(source)["it"] == story_of(interview)


def ways(story):
    """By chance, each to its end."""
    chance = Random(1)
    for _time in range(WAYS):
        chosen: list[int] = []
        while not (scene := interview_story.play_interview(story, chosen)).is_over:
            chosen.append(chance.randrange(len(scene.choices)))
        yield chosen


def test_both_engines_tell_the_same(interview):
    story = story_of(interview)
    every = list(ways(story))

    told = node.run("ink.mjs", {"story": story, "ways": every})

    for chosen, answer in zip(every, told, strict=True):
        scene = interview_story.play_interview(story, chosen)
        passages = [passage.text for turn in scene.turns for passage in turn.passages]
        assert passages == [text for text, _tags in answer["lines"] if text]
        tags = [tag for _text, tags in answer["lines"] for tag in tags]
        assert scene.strong == said(tags, "strong")
        assert scene.think == said(tags, "think")
        assert answer["choices"] == answer["errors"] == []


def said(tags, kind):
    found = [interview_story.split_tag(tag) for tag in tags]
    return [words for name, words in found if name == kind]


def test_each_interview_ends_well_and_less_well(interview):
    """Who always finds the best answer has nothing to think about; who never
    does has nothing else."""
    story = story_of(interview)
    well, less_well = follow(story, "strong"), follow(story, "think")

    assert len(well.strong) >= 5
    assert not well.think
    assert len(less_well.think) >= 5
    assert not less_well.strong


def follow(story, kind):
    """Go through it by the first answers after which such a note stands."""
    chosen: list[int] = []
    while not (scene := interview_story.play_interview(story, chosen)).is_over:
        noted = len(getattr(scene, kind))
        for at in range(len(scene.choices)):
            after = interview_story.play_interview(story, [*chosen, at])
            if len(getattr(after, kind)) > noted:
                break
        else:
            pytest.fail(f"No answer leads to a note: {scene.choices}")
        chosen.append(at)
    return scene
