"""A lesson comes apart, and together again as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.academy.authoring import lesson_parts
from amana.academy.authoring.lesson_parts import LessonPart
from amana.academy.courses.engine import prose
from amana.academy.courses.tests.courses import FILES, IN_FRENCH, LESSON
from tests.architecture.code import ROOT

COURSE = ROOT / "courses" / "referral-mechanism" / "modules"

line = st.text("abc é[]*|.", min_size=1, max_size=30).filter(
    lambda text: text.strip() and not text.startswith((" ", "*", "|"))
)
paragraph = st.builds("{}\n{}".format, line, line) | line
section = st.builds("## {}\n\n{}".format, st.text("abc", min_size=1), paragraph)
code = st.from_regex(r"[a-z][a-z0-9]{0,9}", fullmatch=True)
part = (
    st.builds(LessonPart, st.just("words"), section)
    | st.builds(LessonPart, st.just("question"), code)
    | st.builds(LessonPart, st.just("reflect"), st.text("abc ?", min_size=1))
    | st.builds(LessonPart, st.just("figure"), code, st.text("abc ", min_size=1))
    | st.just(LessonPart("helplines"))
)


@pytest.mark.parametrize("module", ["1-understanding", "4-case-work"])
def test_every_lesson_of_the_course_comes_out_of_its_parts_as_it_was(module):
    for path in sorted((COURSE / module).glob("*/[0-9]*.md")):
        draft = lesson_parts.read_draft(path.read_bytes())
        assert draft is not None
        assert lesson_parts.join_parts(draft.parts) == draft.body, path


@given(st.lists(part, max_size=8))
def test_parts_that_are_written_are_read_as_the_same_parts(parts):
    body = lesson_parts.join_parts(parts)
    assert list(lesson_parts.split_parts(body)) == parts


@pytest.mark.parametrize("text", [LESSON, IN_FRENCH])
def test_what_is_left_as_it_was_gives_the_same_bytes(text):
    # Two empty lines, as no form would write them: they are the author's.
    text = text.replace("\n\n", "\n\n\n", 1)
    draft = lesson_parts.read_draft(text.encode())
    assert draft is not None
    assert lesson_parts.write_draft(draft, draft.said, draft.parts) == text.encode()


def test_comments_and_order_of_the_head_stay():
    text = LESSON.replace("kind: lesson\n", "# Seen by a lawyer.\nkind: lesson  # ok\n")
    draft = lesson_parts.read_draft(text.encode())
    assert draft is not None
    written = lesson_parts.write_draft(draft, {"title": "Asking: twice"}, draft.parts)
    assert written.decode() == text.replace(
        "title: Asking first", "title: 'Asking: twice'"
    )


def test_a_part_knows_the_line_of_a_fault():
    draft = lesson_parts.read_draft(LESSON.encode())
    assert draft is not None
    lines = LESSON.split("\n")
    found = lesson_parts.find_part(draft.parts, lines.index("| Who | What |") + 1)
    assert found is not None
    assert "| Who | What |" in draft.parts[found].said
    assert lesson_parts.find_part(draft.parts, 3) is None


@pytest.mark.parametrize("text", ["", "no head", "---\ntitle: x", "---\n- a\n---\n"])
def test_what_is_no_lesson_is_mended_as_text(text):
    assert lesson_parts.read_draft(text.encode()) is None


def test_a_drawing_between_lines_of_text_is_part_of_the_text():
    words = "One\n![Two](figures/circles.svg)\nThree"
    [part] = lesson_parts.split_parts(words)
    assert part.kind == "words"
    assert len(list(prose.iterate_pieces(FILES["course.yaml"]))) == 1
