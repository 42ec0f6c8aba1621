"""What a telephone dials is the number that stands there, or nothing."""

import pytest

from amana.telephones import dialled


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
        ("112 / 911", ""),
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
    assert dialled(written) == dials
