"""Days, hours and times as people write them."""

from datetime import date

import pytest

from amana.exchange.sources.values import (
    find_language_code,
    parse_clock,
    parse_day,
    read_days,
    read_hours,
)

NINE_TO_FIVE = [[day * 1440 + 540, day * 1440 + 1020] for day in range(5)]


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("09:00", 540),
        ("9:00am", 540),
        ("9 a.m.", 540),
        ("9h30", 570),
        ("21h", 1260),
        ("13:00pm", 780),
        ("12:00 am", 0),
        ("٩:٠٠", 540),
        ("09:00:00", 540),
        ("noon", None),
        ("25:00", None),
        ("24:00", 1440),
        ("24:30", None),
    ],
)
def test_a_time_of_day_is_read(said, minutes):
    assert parse_clock(said) == minutes


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("MO,TU", [0, 1]),
        ("Sun-Thurs", [0, 1, 2, 3, 6]),
        ("Mondays only", [0]),
        ("lundi et jeudi", [0, 3]),
        ("du lundi au vendredi", [0, 1, 2, 3, 4]),
        ("lundi au vendredi", [0, 1, 2, 3, 4]),
        ("الأحد-الخميس", [0, 1, 2, 3, 6]),
        ("lunes a viernes", [0, 1, 2, 3, 4]),
        ("tous les jours", [0, 1, 2, 3, 4, 5, 6]),
        ("sometimes", []),
        ("7", []),
        ("7/7", [0, 1, 2, 3, 4, 5, 6]),
    ],
)
def test_days_are_read(said, days):
    assert read_days(said) == days


@pytest.mark.parametrize(
    "said",
    [
        "Mo-Fr 09:00-17:00",
        "Monday to Friday 9am - 5pm",
        "lundi au vendredi 9h-17h",
        "Mon-Thu: 9:00-17:00 Fri: 9:00-17:00",
        "Mo-Fr 09:00-17:00; Sunday: Closed",
    ],
)
def test_hours_are_read_from_words(said):
    assert read_hours(said) == NINE_TO_FIVE


def test_always_is_always_and_the_unclear_stays_words():
    assert read_hours("24/7") == [[0, 7 * 1440]]
    assert read_hours("Sa 22:00-02:00") == [[5 * 1440 + 1320, 5 * 1440 + 1560]]
    for unclear in ("by appointment", "9-5", "Mo-Fr 9:00-12:00, 13:00-17:00 on call"):
        assert read_hours(unclear) is None


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        ("31.12.2026", date(2026, 12, 31)),
        ("31/12/2026", date(2026, 12, 31)),
        ("12/31/2026", date(2026, 12, 31)),
        ("03/04/2026", None),
        ("2026-02-31", None),
        ("soon", None),
    ],
)
def test_a_day_is_read_unless_it_could_be_two(said, day):
    assert parse_day(said) == day


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Arabic", "ar"),
        ("français", "fr"),
        ("العربية", "ar"),
        ("fr-FR", "fr"),
        ("x", ""),
    ],
)
def test_a_language_is_known_by_name_or_code(said, code):
    assert find_language_code(said) == code
