"""A conversation is the same in each language: a translation that differs in more than
its words publishes no course."""

import json
from hashlib import sha256

import pytest

from amana.academy.courses.engine import course_content, interview_story, reading
from amana.academy.courses.engine.tests.test_interviewing import (
    FRENCH,
    INK,
    INK_IN_FRENCH,
    NAME,
    a_story,
    a_story_in_french,
    sentences_of,
    two_languages,
)
from amana.academy.courses.tests.courses import small_course


def test_a_translation_is_published_with_its_interview():
    checked = reading.read_course(small_course() | two_languages())

    assert checked.faults == []
    assert not [remark for remark in checked.remarks if remark.file == FRENCH]
    [interview] = course_content.build_course(checked.compiled).modules[0].interviews
    assert {language: text.title for language, text in interview.texts.items()} == {
        "en": "A first meeting",
        "fr": "Une première rencontre",
    }
    scene = interview_story.play_interview(interview.texts["fr"].story, [1])
    assert [turn.chosen for turn in scene.turns] == ["", "Rester debout"]
    assert not interview.texts["fr"].stale


def test_a_version_of_before_has_it_in_its_first_language():
    checked = reading.read_course(small_course() | two_languages())
    plain = json.loads(checked.compiled)
    [interview] = plain["modules"][0]["interviews"]
    interview |= interview.pop("texts")["en"]

    [interview] = course_content.build_course(json.dumps(plain)).modules[0].interviews
    assert list(interview.texts) == ["en"]
    assert interview.texts["en"].title == "A first meeting"


def test_who_reads_a_lesson_in_a_language_practises_in_it():
    ink = INK.replace("02-a-case", "01-asking-first")  # which there is in French
    files = {NAME: ink.encode(), f"{NAME}.json": a_story(ink).encode()}

    assert sentences_of(files) == ["This is not translated into “fr”."]


def test_a_translation_needs_its_interview():
    files = two_languages()
    del files[NAME], files[f"{NAME}.json"]

    assert sentences_of(files) == [
        "There is no interview “first” for this translation."
    ]


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("de", "course.yaml does not name the language “de”."),
        ("en", "The name of an interview in the course’s first language has no"),
    ],
)
def test_a_translation_is_in_another_language_of_the_course(language, says):
    files = {
        name.replace(".fr.", f".{language}."): said
        for name, said in two_languages().items()
    }

    [sentence] = sentences_of(files)
    assert sentence.startswith(says)


def to_door(change):
    """The knot in which one chooses, in French, with a fault."""
    door = json.loads(a_story_in_french())["root"][-1]["door"]
    *said, named = door[0]
    return {"knots": {"door": [[*change(said), named], None]}}


ADD_LINE = {"knots": {"talk": ["^Elle parle. ", "\n", "^Encore.", "\n", "end", None]}}
OTHER_TAG = {
    "knots": {
        "talk": ["^A. ", "#", "^think: Un mot.", "/#", "\n", "end", None],
    }
}
ADD_KNOT = {
    "knots": {
        "talk": [{"->": "more"}, None],
        "more": ["^Elle parle.", "\n", "end", None],
    }
}
SET_VARIABLE = {
    "knots": {"global decl": ["ev", 0, {"VAR=": "trust"}, "/ev", "end", None]}
}


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        (to_door(lambda said: [*said[:5], *said[11:]]), ["door"]),
        (to_door(lambda said: [*said[:11], *said[5:11]]), ["door"]),
        (to_door(lambda said: ["ev", {"VAR?": "trust"}, "/ev", *said]), ["door"]),
        (ADD_LINE, ["talk"]),
        (OTHER_TAG, ["talk"]),
        (ADD_KNOT, ["more", "talk"]),
        (SET_VARIABLE, ["VAR"]),
        ({"listDefs": {"mood": {"calm": 1}}}, ["LIST"]),
    ],
)
def test_a_translation_differs_in_its_words_alone(changed, names):
    story = a_story_in_french(**changed)
    found = sentences_of(two_languages(story=story))

    for name in names:
        assert any(
            said.startswith(f"“{name}” has other choices, links, variables or tags")
            for said in found
        ), found


def test_a_translation_begins_where_the_original_begins():
    story = json.loads(a_story_in_french())
    story["root"][0][-3] = {"->": "talk"}
    found = sentences_of(two_languages(story=json.dumps(story)))

    assert any(said.startswith("“->” has other choices") for said in found), found


def test_minutes_and_lesson_are_said_once():
    ink = INK_IN_FRENCH.replace("-> door", "# lesson: 02-a-case\n-> door", 1)

    assert sentences_of(two_languages(ink)) == [
        "“# lesson: …” belongs at the top of the original only, not of a translation."
    ]


def test_what_is_missing_at_the_head_of_a_translation_is_said():
    ink = INK_IN_FRENCH.replace("# about: Quelqu’un attend.\n", "")

    assert sentences_of(two_languages(ink)) == [
        "“# about: …” is missing at the top of the interview."
    ]


@pytest.mark.parametrize(
    ("line", "says", "stale"),
    [
        ("# translated_from: 0000\n", "has changed since this translation", True),
        ("", "not recorded which wording this is a translation of", False),
    ],
)
def test_a_translation_says_of_which_wording(line, says, stale):
    now = sha256(INK.encode()).hexdigest()
    ink = INK_IN_FRENCH.replace(f"# translated_from: {now}\n", line)
    checked = reading.read_course(small_course() | two_languages(ink))

    assert checked.faults == []
    [remark] = [remark for remark in checked.remarks if remark.file == FRENCH]
    assert says in str(remark)
    assert str(remark).endswith(f"write # translated_from: {now}") or str(
        remark
    ).endswith(f"Write # translated_from: {now}")
    [interview] = course_content.build_course(checked.compiled).modules[0].interviews
    assert interview.texts["fr"].stale == stale
