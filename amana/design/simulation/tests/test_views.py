"""A coordinator sees where it would queue, and what one more would change."""

import re
from xml.etree import ElementTree as ET

import pytest
from django.urls import reverse
from django.utils import translation

from amana import given
from amana.design.mechanism import actions
from amana.design.simulation.asking import build_initial
from amana.design.simulation.tests.conftest import brought

ASKED = {"look": "queues", "cases": "200", "times": "2"}


def asked(version, user, /, *, language="en", **query):
    url = reverse("mechanism:foresight", args=[version.pk])
    spoken = {"accept-language": language}
    return given.sign_in(user).get(url, query, headers=spoken)


def question(version, **said):
    return build_initial(version.pack.capacity) | ASKED | said


def text_of(response):
    assert response.status_code == 200
    pieces = response.streaming_content if response.streaming else [response.content]
    return b"".join(pieces).decode()


def pictures(page):
    return [
        ET.fromstring(svg)
        for svg in re.findall(r"<svg viewBox=\"0 0 340.*?</svg>", page, re.S)
    ]


def test_before_anything_is_asked_there_is_the_question_with_the_packs_numbers(
    version, coordinator
):
    page = text_of(asked(version, coordinator))

    assert 'name="staff-nurse"' in page
    assert 'name="places-seen"' in page
    assert 'id="answer"' not in page


def test_the_answer_comes_while_it_is_worked_out(version, coordinator):
    response = asked(version, coordinator, **question(version))

    pieces = [piece.decode() for piece in response.streaming_content]
    bars = [number for number, piece in enumerate(pieces) if "<progress" in piece]
    assert len(bars) == 2
    assert "1 of 2" in pieces[bars[0]]
    assert 'id="question"' in pieces[0]
    assert 'id="answer"' in pieces[-2]
    assert pieces[-1].rstrip().endswith("</html>")


def test_each_picture_has_its_figures_in_a_table(version, coordinator):
    page = text_of(asked(version, coordinator, **question(version)))

    drawn = pictures(page)
    assert len(drawn) == 2
    for picture in drawn:
        assert picture.get("role") == "img"
        labels = [text.text for text in picture.iter("text") if not text.get("class")]
        assert labels
        assert all(page.count(label.removesuffix("…")) >= 2 for label in labels)
    assert "Child protection" in page


def test_fewer_people_make_a_longer_queue(version, coordinator):
    alone = {"staff-nurse": "0.5"}
    page = text_of(asked(version, coordinator, **question(version, **alone)))

    assert "More work arrives here than can be done: Health post" in page


def test_what_one_more_would_change_is_told_for_each_that_keeps_waiting(
    version, coordinator
):
    few = {"look": "more", "staff-protector": "1", "cases": "300", "times": "4"}
    page = text_of(asked(version, coordinator, **question(version, **few)))

    assert "Days of waiting saved per case by one more" in page
    (picture,) = pictures(page)
    assert next(picture.iter("text")).text == "Child protection"


def test_two_versions_are_put_beside_one_another(version, coordinator):
    other = brought("example", coordinator)
    said = question(version, look="compare", other=str(other.pk))

    page = text_of(asked(version, coordinator, **said))

    assert "The other version" in page
    assert "no clear difference" in page


def test_which_version_to_compare_with_has_to_be_said(version, coordinator):
    brought("example", coordinator)

    response = asked(version, coordinator, **question(version, look="compare"))

    assert response.status_code == 422
    assert "Choose the version to compare with." in response.content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"cases": "10000", "times": "20"}, "That would take too long"),
        ({"cases": "many"}, "Invented cases"),
        ({"staff-nurse": "0"}, "Health post"),
        ({"look": "compare"}, "What would you like to know?"),
        ({"look": "nothing"}, "What would you like to know?"),
    ],
)
def test_a_question_that_cannot_be_answered_is_kept_and_told(
    version, coordinator, wrong, sentence
):
    response = asked(version, coordinator, **question(version, **wrong))

    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert 'id="answer"' not in page
    assert [value for value in wrong.values() if value not in page] == []


def test_shares_that_lead_in_circles_are_told(version, coordinator):
    def circle(files):
        words = files["capacity.yaml"]
        changed = words.replace(
            b"treatment: {goes_on: 0.8, finished: 0.12, elsewhere: 0.08}",
            b"treatment: {goes_on: 1.0}",
        )
        assert changed != words
        return {"capacity.yaml": changed}

    actions.edit_draft(version, circle, by=coordinator)

    page = text_of(asked(version, coordinator, **question(version)))

    assert "a case never ends: it loops at" in page
    assert page.rstrip().endswith("</html>")


def test_a_version_that_says_nothing_of_people_says_what_it_lacks(version, coordinator):
    actions.edit_draft(version, lambda _files: {"capacity.yaml": None}, by=coordinator)

    page = text_of(asked(version, coordinator))
    assert "Add them in a draft: staff, hours and places." in page
    assert "/change/capacity-people/" in page


def test_nobody_else_looks_ahead(version, coordinator, worker, stranger):
    actions.open_consultation(version, by=coordinator)

    for user in (worker, stranger):
        assert asked(version, user).status_code == 404


def test_in_arabic_bars_grow_from_the_right(version, coordinator):
    response = asked(version, coordinator, language="ar", **question(version))
    with translation.override("en"):
        page = text_of(response)

    assert "<h2>Where queues form</h2>" not in page
    bar = next(pictures(page)[0].iter("rect"))
    assert float(bar.get("x")) + float(bar.get("width")) == 340
