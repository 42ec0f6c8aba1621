"""A figure can do nothing but be looked at, in whatever it is written."""

import pytest

from amana.academy.courses.engine import figure_checks

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"><title>A way</title></svg>'
BOMB = f'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>{DRAWING}'


def test_a_drawing_with_a_title_is_taken():
    assert list(figure_checks.check_picture(DRAWING.encode())) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-16-le"])
def test_no_words_of_its_own_come_in(encoding):
    assert list(figure_checks.check_picture(BOMB.encode(encoding))) != []
