"""What is shown, to whom, and where looking closer ends."""

import csv
from datetime import date

import pytest
from django.urls import reverse

from amana import given
from amana.insight.facts.models import Observation
from amana.insight.measure import figure_labels
from amana.insight.measure.actions import prepare_protected_tables
from amana.insight.measure.library.reading import load_library
from amana.insight.measure.models import CountryNumber
from amana.ui import once

from .conftest import TODAY, YEAR


def get(user, name, *args, **query):
    return given.sign_in(user).get(reverse(f"measure:{name}", args=args), query)


def words(response):
    return response.content.decode()


PAGES = [
    ("home",),
    ("alike",),
    ("country",),
    ("figure", "I20"),
    ("part", "I20", "reasons"),
    ("table", "I20", "accepted"),
    ("agencies", "I20", "accepted"),
]


def test_figures_are_for_those_who_read_them(sheets, analyst, worker):
    reader, other = given.sign_in(analyst), given.sign_in(worker)
    for name, *args in PAGES:
        url = reverse(f"measure:{name}", args=args)
        assert reader.get(url).status_code == 200, url
        assert other.get(url).status_code == 404, url


def test_before_any_month_is_over_the_page_says_so(analyst):
    for page in (get(analyst, "home"), get(analyst, "figure", "I20")):
        assert "There are no figures yet" in words(page)


def test_what_does_not_exist_is_not_there(sheets, analyst):
    for args in (["I99"], ["I20", "nothing"]):
        assert get(analyst, "part" if args[1:] else "figure", *args).status_code == 404
    assert get(analyst, "agencies", "I24", "all").status_code == 404


def test_nothing_of_a_small_group_is_in_page_picture_or_file(sheets, analyst):
    asked = {"year": YEAR, "by": "sex"}
    page = words(get(analyst, "part", "I20", "accepted", **asked))
    assert "Too few to show: People of another gender" in page.replace(
        "<bdi>", ""
    ).replace("</bdi>", "")
    assert "<svg" in page
    rows = list(
        csv.DictReader(
            words(get(analyst, "table", "I20", "accepted", **asked)).splitlines()
        )
    )
    codes = {row["Group code"] for row in rows}
    assert {"female", "male"} <= codes
    assert "other" not in codes
    assert all(int(float(row["Out of"])) >= 11 for row in rows if row["Out of"])


def test_looking_closer_ends_with_a_sentence_that_says_why(sheets, analyst):
    asked = {"year": YEAR, "only": "quarter:1", "by": "sex"}
    page = words(get(analyst, "part", "I20", "accepted", **asked))
    assert "There are too few people for so much detail" in page


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("I32", "It is shown once 13 or more count in a year, or as many do not."),
        ("I51", "It is shown once 133 or more count in a year, or as many do not."),
        ("I26", "It is shown once 33 or more count in a year, or as many do not."),
        ("I25", "It is shown once there are 13 or more in a year."),
        (
            "I48",
            "Nothing of this kind was recorded in the year. One entry is enough "
            "to show it.",
        ),
    ],
)
def test_what_is_not_shown_says_from_when_on_it_would_be(
    sheets, analyst, code, sentence
):
    page = words(get(analyst, "figure", code, year=YEAR))
    assert "Not shown" in page
    assert sentence in page


def test_who_is_screened_is_a_share_also_where_a_few_are_unknown(analyst):
    """Then it is known of each group that it has so many or more, and no more."""
    Observation.objects.bulk_create(
        Observation(kind="screening", result=result, sex=sex, month=date(YEAR, 3, 1))
        for result, sex, n in (
            *(("presumed", "female", 60), ("not_presumed", "female", 30)),
            *(("presumed", "male", 40), ("not_presumed", "male", 50)),
            *(("", "female", 2), ("", "male", 3)),
        )
        for _one in range(n)
    )
    prepare_protected_tables(TODAY)
    page = words(get(analyst, "alike", year=YEAR, by="sex"))
    part = page.partition("Who is screened")[2].partition("Who is believed")[0]
    assert part.count("85 or more") == 2
    assert part.count(figure_labels.format_percent(0.5)) >= 2
    assert "Not shown" not in part


def test_a_year_of_which_no_part_is_shown_has_no_table_of_its_parts(analyst):
    Observation.objects.bulk_create(
        Observation(kind="contact", result=result, month=date(YEAR, month, 1))
        for month in (1, 4, 7, 10)
        for result in ("kept",) * 6 + ("lost",) * 6
    )
    prepare_protected_tables(TODAY)
    page = words(get(analyst, "figure", "I32", year=YEAR))
    assert "50\N{NO-BREAK SPACE}%" in page
    assert "Through the year" not in page


def test_an_odd_question_is_answered_as_usual(sheets, analyst):
    odd = {"year": "1066", "only": "sex:'; drop", "by": "agency"}
    assert get(analyst, "part", "I20", "accepted", **odd).status_code == 200
    assert get(analyst, "home", group="<b>", year="x").status_code == 200


def test_agencies_stand_by_name_in_a_funnel(sheets, analyst):
    for name in ("Haven", "Clinic", "Dar Amal"):
        given.make_organisation(name=name)
    page = words(get(analyst, "agencies", "I20", "accepted", year=YEAR))
    assert page.index("Clinic") < page.index("Dar Amal") < page.index("Haven")
    assert "within the range of chance" in page


def test_a_coordinator_says_a_number_of_the_country(sheets, coordinator, analyst):
    said = {
        "what": "inhabitants",
        "year": 2025,
        "number": 5_000_000,
        "source": "Census",
    }
    url = reverse("measure:country")
    given.sign_in(coordinator).post(url, said | {once.FIELD: once.make_key()})
    assert CountryNumber.objects.get().number == 5_000_000
    assert "Census" in words(get(analyst, "country"))
    assert "Add a number" not in words(get(analyst, "country"))
    wrong = given.sign_in(coordinator).post(
        url, said | {"number": 0, once.FIELD: once.make_key()}
    )
    assert wrong.status_code == 422


def test_a_page_asks_the_database_as_often_however_much_it_shows(
    sheets, analyst, django_assert_max_num_queries
):
    client = given.sign_in(analyst)
    for url in ("home", "alike"):
        client.get(reverse(f"measure:{url}"))
        with django_assert_max_num_queries(22):
            client.get(reverse(f"measure:{url}"), {"year": YEAR})


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_every_indicator_has_words_in_each_language(language):
    for indicator in load_library().values():
        texts = [
            indicator.title,
            indicator.counts,
            *(part.title for part in indicator.parts.values()),
        ]
        assert all(text[language].strip() for text in texts), indicator.code
