import pytest
from django.db import models
from django.utils import translation

from amana.ui.labels import format_list
from amana.ui.tests.test_components import draw


class Fruit(models.TextChoices):
    FIG = "fig", "Fig & leaf"
    DATE = "date", "Date"


@pytest.mark.parametrize(
    ("language", "words"), [("en", "a, b, c"), ("fr", "a, b, c"), ("ar", "a، b، c")]
)
def test_a_list_has_the_commas_of_its_language(language: str, words: str) -> None:
    with translation.override(language):
        assert format_list("abc") == words
        assert format_list(["a"]) == "a"
        assert format_list([]) == ""


def test_things_are_listed_by_their_labels() -> None:
    assert format_list(Fruit) == "Fig & leaf, Date"


def test_on_a_page_each_thing_has_its_own_direction_and_is_escaped() -> None:
    shown = "<bdi>Fig &amp; leaf</bdi>, <bdi>Date</bdi>"
    assert draw("{{ fruits|listed }}", fruits=list(Fruit)) == shown


def test_a_reference_is_shown_in_one_piece() -> None:
    shown = '<bdi dir="ltr" class="reference">K7-2MQ</bdi>'
    assert draw("{{ it|reference }}", it="K7-2MQ") == shown
    assert draw("{{ it|reference }}", it="") == ""
    assert "&lt;" in draw("{{ it|reference }}", it="<K7>")
    inside = draw(
        "{% page_header title kicker=it|reference %}{% endpage_header %}",
        it="K7-2MQ",
        title="T",
    )
    assert shown in inside
