"""A mark of a form tells neither when it came nor after which."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from amana.insight.feedback.models import Complaint
from amana.ui.once import make_form_key

FORMS = 6


@pytest.fixture
def shared(settings, db):
    backend = "amana.trust.access.limits.SharedMemory"
    settings.CACHES = {"default": {"BACKEND": backend}}


@pytest.fixture
def marks(shared, house, desk):
    """As they lie in the table, after several people have complained."""
    for _one in range(FORMS):
        said = {
            "kind": "secret",
            "words": "He told others.",
            "send": "1",
        } | make_form_key()
        assert Client().post(reverse("feedback:complain"), said).status_code == 200
    assert Complaint.objects.count() == FORMS
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM access_shortlivedvalue WHERE key NOT LIKE %s", ["%allauth%"]
        )
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def test_a_mark_says_nothing_but_its_digest_and_the_midnight(marks):
    assert len(marks) == FORMS
    assert {frozenset(mark) for mark in marks} == {frozenset({"key", "value", "until"})}
    assert len({(str(mark["value"]), str(mark["until"])) for mark in marks}) == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="has no row numbers")
def test_marks_lie_by_their_digest_and_not_as_they_came(marks):
    keys = [mark["key"] for mark in marks]
    assert keys == sorted(keys)
    with connection.cursor() as cursor, pytest.raises(Exception, match="rowid"):
        cursor.execute("SELECT rowid FROM access_shortlivedvalue")
