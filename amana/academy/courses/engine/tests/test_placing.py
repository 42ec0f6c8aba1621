"""Questions on where to begin: what is wrong in their file, and what they propose."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.academy.courses.engine import course_content as courses
from amana.academy.courses.engine import lesson_order as placements
from amana.academy.courses.engine import reading
from amana.academy.courses.engine.translations import hash_wording
from amana.academy.courses.tests.courses import PLACEMENT, small_course

FILE = "placement.yaml"
M1, M2 = ["m1/01-asking-first", "m1/02-a-case"], "m2/01-three-elements"


@cache
def with_placement(text=PLACEMENT):
    return reading.read_course(small_course(**{FILE: text}))


def the_course():
    checked = with_placement()
    assert checked.faults == []
    course = courses.build_course(checked.compiled)
    about = placements.build_placement(course)
    assert about is not None
    return course, about


def proposed(answers, code="health"):
    course, about = the_course()
    sector = about.sector(code)
    assert sector is not None
    return placements.propose_order(course, about, sector, answers)


def test_a_course_without_a_placement_has_none():
    course = courses.build_course(reading.read_course(small_course()).compiled)

    assert placements.build_placement(course) is None


PLANTED = {
    "a lesson that isn't there": (
        "first: [m2/01-three-elements]",
        "first: [m2/02-three-elements]",
        "no module of this placement has a lesson",
    ),
    "a question that isn't there": (
        "question: m2-q01",
        "question: m2-q09",
        "there is no question “m2-q09”",
    ),
    "a module that isn't there": ("modules: [m1, m2]", "modules: [m1, m3]", "“m3”"),
    "a question that nobody can get right": (
        "question: m2-q01",
        "question: m1-q02",
        "has no right option",
    ),
    "two sectors of one code": (
        "code: police",
        "code: health",
        "a code more than once",
    ),
    "a question without a right option": (
        "right: true, feedback: Yes.",
        "feedback: Yes.",
        "exactly one option has to be right",
    ),
    "an objective that nobody has": ("objectives: [O2]", "objectives: [O7]", "“O7”"),
    "a competency that nobody has": ("competency: RM-1", "competency: RM-8", "RM-8"),
    "a source that nobody has": ("source: palermo-3", "source: palermo-9", "palermo-9"),
    "a question that is there already": ("id: pl-q1", "id: m1-q01", "appears twice"),
    "a sector that asks too little": (
        "      - {question: m1-q03, shows: [m1/02-a-case]}\n",
        "",
        "3",
    ),
    "an unknown key": ("about:", "abuot:", "abuot"),
}


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_fault_is_named_with_its_place(what):
    was, becomes, said = PLANTED[what]
    assert was in PLACEMENT
    text = PLACEMENT.replace(was, becomes, 1)
    if what == "a question that is there already":
        text = text.replace("question: pl-q1", "question: m1-q01")

    checked = with_placement(text)

    found = [fault for fault in checked.faults if fault.file == FILE]
    assert found, checked.faults
    assert any(said in str(fault).lower() + str(fault) for fault in found), found
    assert all(fault.line for fault in found)


def test_what_is_known_comes_last_and_what_matters_first():
    nothing = proposed({})
    assert [lesson.path for lesson in nothing.order] == [M2, *M1]
    assert nothing.known == frozenset()

    proposal = proposed({"pl-q1": [0], "m2-q01": [0]})
    assert proposal.known == {M2}
    assert [lesson.path for lesson in proposal.order] == [*M1, M2]


def test_each_question_on_a_lesson_has_to_be_right():
    one = proposed({"pl-q1": [0]})

    assert one.known == frozenset()
    assert one.right == {"pl-q1"}


@given(
    st.dictionaries(
        st.sampled_from(["pl-q1", "m2-q01", "m1-q03", "m1-q99"]),
        st.one_of(st.lists(st.integers(-1, 5), max_size=3), st.text(max_size=3)),
    )
)
def test_whatever_is_answered_each_lesson_is_proposed_once(answers):
    for code in ("health", "police"):
        proposal = proposed(answers, code)
        assert sorted(lesson.path for lesson in proposal.order) == sorted([*M1, M2])
        assert proposal.known <= {lesson.path for lesson in proposal.order}


# --- translated questions that have aged


def test_a_question_that_changed_since_it_was_translated_is_told_and_shown():
    french = "modules/1-consent/fr/questions.yaml"
    files = small_course()
    question = {"text": "x"}
    assert hash_wording(question) == hash_wording({**question, "source": "who-2003"})
    old = files[french].replace(
        b"m1-q01:\n",
        b"m1-q01:\n  translated_from: %s\n" % (hash_wording(question).encode()),
    )

    checked = reading.read_course({**files, french: old})

    assert any("has changed since" in str(remark) for remark in checked.remarks)
    texts = courses.build_course(checked.compiled).questions["m1-q01"].texts
    assert texts["fr"].stale
    assert not texts["en"].stale


def test_a_translation_that_says_of_nothing_is_of_unknown_age():
    checked = reading.read_course(small_course())

    [remark] = [
        remark
        for remark in checked.remarks
        if "not recorded which wording" in str(remark) and "m1-q01" in str(remark)
    ]
    sha256 = str(remark).rpartition(" ")[2]
    french = "modules/1-consent/fr/questions.yaml"
    files = small_course()
    new = files[french].replace(
        b"m1-q01:\n", f"m1-q01:\n  translated_from: {sha256}\n".encode()
    )
    again = reading.read_course({**files, french: new})
    assert not [said for said in again.remarks if said.file == french]
    assert (
        not courses.build_course(again.compiled).questions["m1-q01"].texts["fr"].stale
    )
