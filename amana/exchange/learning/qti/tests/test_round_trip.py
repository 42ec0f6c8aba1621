"""A question that left comes back as it was; what can't be a question is set aside."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as some

from amana.academy.courses.engine import course_content, reading
from amana.academy.courses.engine.course_content import (
    Question,
    QuestionOption,
    QuestionText,
)
from amana.academy.courses.tests.courses import small_course
from amana.errors import Unreadable
from amana.exchange.learning.qti.reading import ReadQuestion, SkippedItem, read
from amana.exchange.learning.qti.vocabulary import NAMESPACE
from amana.exchange.learning.qti.writing import write_item, write_package

SMALL = course_content.build_course(reading.read_course(small_course()).compiled)
QUESTIONS = list(SMALL.questions.values())

signs = some.characters(categories=["L", "M", "N", "P", "S", "Zs"])
texts = some.text(signs, min_size=1, max_size=30).map(lambda t: " ".join(t.split()))
texts = texts.filter(bool)
maybe = some.one_of(some.just(""), texts)
options = some.lists(some.builds(QuestionOption, texts, maybe), min_size=2, max_size=5)


@some.composite
def questions(draw):
    kind = draw(
        some.sampled_from(["one", "many", "decide", "order", "match", "number"])
    )
    offered: tuple[QuestionOption, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    right: frozenset[int] = frozenset()
    answer: float | None = None
    tolerance: float = 0
    unit = ""
    if kind == "match":
        pairs = tuple(
            draw(some.lists(some.tuples(texts, texts), min_size=2, max_size=4))
        )
    elif kind == "number":
        answer = draw(some.floats(-1e9, 1e9, allow_subnormal=False))
        tolerance = draw(some.floats(0, 100, allow_subnormal=False))
        unit = draw(maybe)
    else:
        offered = tuple(draw(options))
        if kind == "order":
            offered = tuple(QuestionOption(option.text, "") for option in offered)
        else:
            most = len(offered) if kind == "many" else 1
            places = some.integers(0, len(offered) - 1)
            least = 0 if kind == "decide" else 1
            right = draw(some.frozensets(places, min_size=least, max_size=most))
    asked = QuestionText(
        text=draw(texts),
        options=offered,
        pairs=pairs,
        feedback=draw(maybe),
        unit=unit,
        stale=False,
    )
    return Question(
        "q-1", kind, (), "", right, answer, tolerance, "", {"en": asked}
    ), asked


def as_said(question, asked):
    """As the file of questions says it."""
    said = {"id": question.id, "kind": question.kind, "text": asked.text}
    if question.kind == "order":
        said["options"] = [option.text for option in asked.options]
    elif asked.options:
        said["options"] = [
            {"text": option.text}
            | ({"right": True} if at in question.right else {})
            | ({"feedback": option.feedback} if option.feedback else {})
            for at, option in enumerate(asked.options)
        ]
    if asked.pairs:
        said["pairs"] = [{"left": left, "right": right} for left, right in asked.pairs]
    if question.kind == "number":
        said["answer"] = question.answer
        said |= {"unit": asked.unit} if asked.unit else {}
        said |= {"tolerance": question.tolerance} if question.tolerance else {}
    return said | ({"feedback": asked.feedback} if asked.feedback else {})


@given(questions())
def test_what_left_comes_back(made):
    question, asked = made

    [found] = read(write_item(question, asked, "en"), "item.xml")

    assert isinstance(found, ReadQuestion), found
    assert found.question == as_said(question, asked)


def test_a_package_comes_back_whole():
    [*found] = read(write_package(SMALL, QUESTIONS, language="en"), "questions.zip")

    ids = [taken.question["id"] for taken in found if isinstance(taken, ReadQuestion)]
    assert ids == sorted(SMALL.questions)


# --- what is set aside

CHOICE = f"""
<qti-assessment-item xmlns="{NAMESPACE}" identifier="A 1" title="t">
  <qti-response-declaration identifier="R" cardinality="single" base-type="identifier">
    <qti-correct-response><qti-value>a</qti-value></qti-correct-response>
  </qti-response-declaration>
  <qti-item-body><p>Who decides?</p>
    <qti-choice-interaction response-identifier="R" max-choices="1">
      <qti-prompt>Choose one</qti-prompt>
      <qti-simple-choice identifier="a">She does</qti-simple-choice>
      <qti-simple-choice identifier="b">We do</qti-simple-choice>
    </qti-choice-interaction>
  </qti-item-body>
</qti-assessment-item>"""


def test_an_item_of_somebody_else_is_taken_with_a_remark():
    [found] = read(CHOICE.encode(), "a.xml")

    assert isinstance(found, ReadQuestion)
    assert found.question == {
        "id": "a-1",
        "kind": "one",
        "text": "Who decides? Choose one",
        "options": [{"text": "She does", "right": True}, {"text": "We do"}],
    }
    assert found.remarks == ("Some options have no feedback yet.",)


@pytest.mark.parametrize(
    ("was", "becomes", "why"),
    [
        ("<p>Who", '<img src="a.png" alt="x"/><p>Who', "picture, sound or formula"),
        ("<qti-value>a<", "<qti-value>z<", "not among its options"),
        ("<qti-correct-response>", "<qti-default-value>", "not XML"),
        ("choice-interaction", "hotspot-interaction", "“hotspot-interaction”"),
        (NAMESPACE, "http://www.imsglobal.org/xsd/imsqti_v2p1", "another version"),
        (NAMESPACE, "http://example.org/else", "not a QTI 3 item"),
        ("<qti-value>a</qti-value>", "", "correct answer is missing"),
        ('response-identifier="R"', 'response-identifier="Q"', "format of its answer"),
        (
            '<qti-simple-choice identifier="b">We do</qti-simple-choice>',
            "",
            "fewer than",
        ),
        (
            "</qti-choice-interaction>",
            "</qti-choice-interaction><qti-extended-text-interaction/>",
            "not ask exactly one question",
        ),
    ],
)
def test_what_would_be_another_question_is_set_aside(was, becomes, why):
    assert was in CHOICE
    [found] = read(CHOICE.replace(was, becomes).encode(), "a.xml")

    assert isinstance(found, SkippedItem)
    assert why in found.why


BOMB = """<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]>"""
FILE = """<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>"""


@pytest.mark.parametrize("head", [BOMB, FILE])
def test_a_document_type_is_not_read(head):
    [found] = read(f"{head}{CHOICE.strip()}".encode(), "a.xml")

    assert isinstance(found, SkippedItem)
    assert "document type" in found.why


def test_one_that_is_set_aside_does_not_hold_up_the_others():
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        made.writestr("imsmanifest.xml", "<manifest/>")
        made.writestr("a.xml", CHOICE)
        made.writestr("b.xml", CHOICE)
        made.writestr("c.xml", "not at all")
        made.writestr("d.xml", CHOICE.replace("A 1", "B 1"))

    found = read(held.getvalue(), "some.zip")

    assert [type(result) for result in found] == [
        ReadQuestion,
        SkippedItem,
        SkippedItem,
        ReadQuestion,
    ]
    assert "same name" in str(found[1])


def test_an_empty_package_says_so():
    held = BytesIO()
    zipfile.ZipFile(held, "w").close()
    with pytest.raises(Unreadable, match="no questions"):
        read(held.getvalue(), "some.zip")
