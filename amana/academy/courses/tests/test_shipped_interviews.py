"""The conversations of the courses that come along are in each language, and can't be
had well by going by the length of the answers."""

from collections.abc import Iterator
from functools import cache
from statistics import mean

import pytest

from amana.academy.courses import shipped_courses
from amana.academy.courses.engine import (
    course_content,
    files,
    interview_cues,
    interview_story,
    reading,
)
from amana.academy.courses.engine.course_content import CourseContent
from amana.academy.courses.engine.guessing import GuessedQuestion, GuessingRule
from amana.academy.courses.engine.interview_story import StoryPlace, StoryScene

FOLDERS = shipped_courses.map_folders()


@cache
def read(name: str) -> CourseContent:
    checked = reading.read_course(files.read_folder(FOLDERS[name]))
    return course_content.build_course(checked.compiled)


def list_languages() -> list[tuple[str, str]]:
    return [(name, language) for name in FOLDERS for language in read(name).languages]


def list_stories(name: str, language: str) -> list[str]:
    return [
        interview.texts[language].story
        for module in read(name).modules
        for interview in module.interviews
    ]


@cache
def explore(story: str) -> list[StoryPlace]:
    return list(interview_story.explore_story(story))


@pytest.mark.parametrize("name", FOLDERS)
def test_each_is_in_each_language_and_of_the_present_wording(name):
    for module in read(name).modules:
        for interview in module.interviews:
            assert set(interview.texts) == set(read(name).languages)
            assert not any(text.stale for text in interview.texts.values())


@pytest.mark.parametrize(("name", "language"), list_languages())
def test_the_best_answer_is_no_longer_than_the_others(name, language):
    asked = [
        choice
        for story in list_stories(name, language)
        for choice in interview_cues.list_choices(explore(story))
    ]
    longest = 0
    for choice in asked:
        words = [len(option.split()) for option in choice.options]
        assert len(words) == 3
        for count in words:
            assert 0.75 * mean(words) <= count <= 1.25 * mean(words), choice.options
        lengths = list(map(len, choice.options))
        longest += lengths[choice.right] == max(lengths)
    # Chance is a third.
    assert longest <= len(asked) * 0.4


@pytest.mark.parametrize(("name", "language"), list_languages())
def test_what_follows_is_told_as_fully_where_one_chose_badly(name, language):
    told: dict[str, list[int]] = {"strong": [], "think": []}
    noted: dict[str, list[int]] = {"strong": [], "think": []}
    for story in list_stories(name, language):
        for kind, passage, note in iterate_consequences(explore(story)):
            told[kind].append(len(passage.split()))
            noted[kind].append(len(note.split()))
    for found in (told, noted):
        assert 0.8 <= mean(found["strong"]) / mean(found["think"]) <= 1.25


def iterate_consequences(
    places: list[StoryPlace],
) -> Iterator[tuple[str, str, str]]:
    """Yield what follows a choice, with the note on it."""
    for place in places:
        for after in place.after:
            for kind in interview_story.MARKS:
                for note in get_new(place.scene, after, kind):
                    yield kind, after.turns[-1].passages[0].text, note


def get_new(before: StoryScene, after: StoryScene, kind: str) -> list[str]:
    notes: list[str] = getattr(after, kind)
    return notes[len(getattr(before, kind)) :]


@pytest.mark.parametrize(("name", "language"), list_languages())
def test_no_one_talks_well_who_goes_by_the_length_or_the_place(name, language):
    for story in list_stories(name, language):
        choices = len(interview_cues.list_choices(explore(story)))
        for rule in interview_cues.RULES:
            assert count_well_chosen(story, rule) <= 0.6 * choices, rule.sentence


def count_well_chosen(story: str, rule: GuessingRule) -> int:
    chosen: list[int] = []
    while (scene := interview_story.play_interview(story, chosen)).choices:
        rated = rule.rate(GuessedQuestion("", tuple(scene.choices), 0))
        chosen.append(rated.index(max(rated)))
    return len(scene.strong)
