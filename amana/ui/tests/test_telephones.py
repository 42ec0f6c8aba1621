"""What a telephone dials is the number that stands there, or nothing."""

import re
from pathlib import Path

import pytest

import amana
from amana.telephones import format_dialled
from amana.ui.tests.test_components import draw


@pytest.mark.parametrize(
    ("written", "dials"),
    [
        ("112", "112"),
        ("+962 6 500-0111", "+96265000111"),
        ("+962 (0)6 500 0111", "+96265000111"),
        ("06.500.0111", "065000111"),
        ("٩١١", "911"),
        ("۱۱۵", "115"),
        ("\u200e+962\u00a06\u2013500\u202c", "+9626500"),
        ("*111#", "*111#"),
        ("00962 (0)6 500 0111", "0096265000111"),
        ("+962 6 500 0111", "+96265000111"),
        ("06 500 01 11", "065000111"),
        ("0800 111 222", "0800111222"),
        ("011 222 333", "011222333"),
        ("(06) 500 0111", "065000111"),
        ("+998 112 911", "+998112911"),
        ("116111", "116111"),
        ("112 / 911", ""),
        ("112 - 911", ""),
        ("06 500 0111 \u2013 06 500 0112", ""),
        ("112-911", ""),
        ("110 113", ""),
        ("110 113 119", ""),
        ("(110) 113", ""),
        ("٩١١ - ١٩٩", ""),
        ("٩١١ ١٩٩", ""),
        ("112 (24)", ""),
        ("06 500 0111 (24).", ""),
        ("112, 911", ""),
        ("112 or 911", ""),
        ("06 500 0111 ext. 12", ""),
        ("+962 6 500 +962 7 900", ""),
        ("ask at the desk", ""),
        ("", ""),
    ],
)
def test_the_number_that_stands_there_is_dialled_or_none(
    written: str, dials: str
) -> None:
    assert format_dialled(written) == dials


@pytest.mark.parametrize(
    ("written", "kind", "shown"),
    [
        ("٩١١", "", '<a href="tel:911"><bdi dir="ltr">٩١١</bdi></a>'),
        ("*111#", "", '<a href="tel:*111%23"><bdi dir="ltr">*111#</bdi></a>'),
        (
            "112",
            "primary",
            '<a class="button" data-kind="primary" href="tel:112">'
            '<bdi dir="ltr">112</bdi></a>',
        ),
        ("112 / 911", "", '<bdi dir="ltr">112 / 911</bdi>'),
        ("112 / 911", "plain", '<strong><bdi dir="ltr">112 / 911</bdi></strong>'),
    ],
)
def test_a_number_is_a_link_where_it_can_be_dialled(
    written: str, kind: str, shown: str
) -> None:
    drawn = draw("{% telephone number kind=kind %}", number=written, kind=kind)
    assert re.sub(r"<svg class=\"icon\".*?</svg>", "", drawn) == shown


def test_no_page_makes_a_link_to_a_number_itself() -> None:
    pages = Path(amana.__path__[0]).rglob("templates/**/*.html")
    assert [page.name for page in pages if "tel:" in page.read_text("utf-8")] == []
