"""When a question is asked, as a form on paper says it."""

import pytest
from django.utils.translation import override

from amana.design.forms.engine.expressions import parse_expression
from amana.design.forms.engine.form_model import Choice, Form, Question
from amana.design.mechanism.documents import question_conditions
from amana.design.mechanism.documents.questions import QuestionSheet
from amana.design.mechanism.documents.tests.printing import pack, paper
from amana.printing.document import Paragraph, get_words

YES_NO = tuple(
    Choice(code, {"en": code.title()}) for code in ("yes", "no", "unsure", "none")
)
LEVEL = parse_expression("if(${a} = 'yes', 'high', if(${b} = 'yes', 'middle', 'low'))")


def sheet():
    asked = {
        name: Question(name, "select_one", n, label={"en": name}, choices=YES_NO)
        for n, name in enumerate("abc", 1)
    }
    level = Question("level", "calculate", 4, calculation=LEVEL)
    number = Question("n", "calculate", 5, calculation=parse_expression("1 + 1"))
    questions = (*asked.values(), level, number)
    form = Form("form", {"en": "Form"}, "1", ("en",), questions)
    return QuestionSheet(form, "en", {"a": 1, "b": 2, "c": 3})


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("${a} = 'yes'", "question 1 is “Yes”"),
        ("${a} = 'no' or ${a} = 'yes'", "question 1 is “Yes” or “No”"),
        ("${b} = 'yes' or ${a} = 'yes'", "one of the questions 1, 2 is “Yes”"),
        ("not(${a} = 'yes')", "question 1 is not “Yes”"),
        (
            "not(${a} = 'yes' or ${b} = 'yes')",
            "none of the questions 1, 2 is “Yes”",
        ),
        ("${a} != '' and ${a} != 'yes'", "question 1 is not “Yes”"),
        (
            "${a} = 'yes' and (${b} = 'yes' or ${c} = 'no')",
            "question 1 is “Yes” and (question 2 is “Yes” or question 3 is “No”)",
        ),
        (
            "${a} = 'yes' or (${b} = 'yes' and ${c} = 'no')",
            "question 1 is “Yes” or (question 2 is “Yes” and question 3 is “No”)",
        ),
        (
            "count-selected(${a}) > 0 and not(selected(${a}, 'none'))",
            "question 1 has a tick other than “None”",
        ),
        ("${level} = 'high'", "question 1 is “Yes”"),
        ("${level} = 'middle'", "question 2 is “Yes” and question 1 is not “Yes”"),
        ("${level} = 'low'", "none of the questions 1, 2 is “Yes”"),
        ("${n} = 2", ""),
        ("string-length(${a}) > 3", ""),
    ],
)
def test_a_condition_speaks_of_numbered_questions_alone(condition, words):
    with override("en"):
        assert (
            question_conditions.format_condition(parse_expression(condition), sheet())
            == words
        )


def test_ways_that_exclude_each_other_are_told_one_after_the_other():
    with override("en"):
        on_paper = sheet()
        told = [
            get_words(block.line)
            for code in ("high", "middle", "low", "low")
            for block in on_paper.condition(parse_expression(f"${{level}} = '{code}'"))
        ]
    assert told == [
        "Only if question 1 is “Yes”.",
        "Otherwise, if question 2 is “Yes”.",
        "Otherwise.",
        "Only if none of the questions 1, 2 is “Yes”.",
    ]


@pytest.mark.parametrize("name", ["national", "district"])
def test_no_shipped_form_leaves_somebody_with_a_pen_guessing(name):
    vague = [
        form
        for form in pack(name).forms
        for block in paper(f"form-{form}", "en", name).blocks
        if isinstance(block, Paragraph)
        if "earlier answers lead here" in get_words(block.line)
    ]
    assert vague == []
