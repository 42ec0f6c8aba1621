"""Our SQLite finds a query's placeholders as Python does."""

import pytest
from django.db import connection
from hypothesis import given as given_any
from hypothesis import strategies as st

from amana.sqlite import base
from amana.sqlite.base import Cursor

PIECES = st.lists(st.sampled_from(["%s", "%%", "s", "é", " = ", "'", "?"]), max_size=12)


@given_any(pieces=PIECES)
def test_placeholders_are_found_as_python_finds_them(pieces):
    query = "".join(pieces)

    found = base.convert_placeholders(query)

    assert found == query % (("?",) * pieces.count("%s"))


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_the_product_asks_through_it():
    with connection.cursor() as cursor:
        assert isinstance(cursor.cursor, Cursor)
        cursor.execute("SELECT %s, '%%s', '%%'", ["one"])
        assert cursor.fetchall() == [("one", "%s", "%")]
        cursor.execute("SELECT %(a)s, %(a)s, '%%'", {"a": 1})
        assert cursor.fetchall() == [(1, 1, "%")]
