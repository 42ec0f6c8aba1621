"""The page of a test says nothing of where options stand in its file."""

from typing import Any

from django.forms import ChoiceField

from amana.academy.courses.engine import course_content, reading
from amana.academy.courses.forms import AnswerForm, convert_places, shuffle_places
from amana.academy.courses.tests.courses import small_course

COURSE = course_content.build_course(reading.read_course(small_course()).compiled)
QUESTION = COURSE.questions["m1-b007"]
ASKED = QUESTION.texts["en"]


def build(seed, **said):
    return AnswerForm(QUESTION, ASKED, seed=seed, tested=True, **said)


def list_choices(form):
    field = form.fields["choice"]
    assert isinstance(field, ChoiceField)
    choices: Any = field.choices
    return list(choices)


def test_values_are_places_on_the_page_and_right_ones_differ_by_attempt():
    right = ASKED.options[min(QUESTION.right)].text
    values = set()
    for number in range(20):
        choices = list_choices(build(str(number)))
        assert [value for value, _text in choices] == ["0", "1", "2", "3"]
        values |= {value for value, text in choices if text == right}
    assert values == {"0", "1", "2", "3"}


def test_what_is_chosen_there_is_kept_as_its_place_in_the_file():
    for number in range(20):
        seed = str(number)
        for shown, at in enumerate(shuffle_places(QUESTION, seed)):
            form = build(seed, data={"m1-b007-choice": str(shown)})
            assert form.is_valid()
            assert form.given == [at]
            assert convert_places(QUESTION, seed, [shown]) == [at]


def test_practice_keeps_the_places_of_its_file():
    question = COURSE.questions["m1-q01"]
    form = AnswerForm(question, question.texts["en"], seed="a")
    assert sorted(list_choices(form))[0] == ("0", "When she agreed to it")
