"""Walking through pages meets every row exactly once, in order, both ways."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.db import models
from django.http import HttpRequest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from amana.ui.models import Submission
from amana.ui.paging import Page, find_page
from amana.ui.tests.conftest import Asks

START = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def rows(hours: list[int]) -> list[Submission]:
    return Submission.objects.bulk_create(
        Submission(sender="1", key=uuid4(), sent_at=START + timedelta(hours=hour))
        for hour in hours
    )


def request_for(query: str) -> HttpRequest:
    return RequestFactory().get(f"/{query}")


def at(query: str, key: tuple[str, ...], size: int) -> Page[Submission]:
    everything: models.QuerySet[Submission] = Submission.objects.all()
    return find_page(everything, request_for(query), key=key, size=size)


def walk(key: tuple[str, ...], size: int) -> tuple[list[int], list[int]]:
    """The rows met on the way to the end, and on the way back from there."""
    there, back = [], []
    found = at("", key, size)
    assert found.previous == ""
    there += [row.pk for row in found]
    while found.next:
        found = at(found.next, key, size)
        there += [row.pk for row in found]
    back = [row.pk for row in found]
    while found.previous:
        found = at(found.previous, key, size)
        back = [row.pk for row in found] + back
    return there, back


class Walking(TestCase):
    @given(
        hours=st.lists(st.integers(0, 5), max_size=25),
        size=st.integers(1, 7),
        key=st.sampled_from(
            [
                ("pk",),
                ("-pk",),
                ("sent_at", "pk"),
                ("-sent_at", "pk"),
                ("-sent_at", "-pk"),
                ("sender", "sent_at", "-pk"),
            ]
        ),
    )
    def test_every_row_is_met_exactly_once(
        self, hours: list[int], size: int, key: tuple[str, ...]
    ) -> None:
        rows(hours)
        expected = list(Submission.objects.order_by(*key).values_list("pk", flat=True))
        assert walk(key, size) == (expected, expected)


@pytest.mark.django_db
def test_a_page_costs_one_query(asks: Asks, django_assert_num_queries: object) -> None:
    rows(list(range(30)))
    first = at("", ("sent_at", "pk"), 10)
    with django_assert_num_queries(1):  # type: ignore[operator]
        at(first.next, ("sent_at", "pk"), 10)


@pytest.mark.django_db
def test_rows_that_come_meanwhile_push_nothing_onto_the_next_page() -> None:
    rows([0, 1, 2, 3, 4, 5])
    key = ("-sent_at", "-pk")
    first = at("", key, 3)
    rows([9])
    second = at(first.next, key, 3)
    assert {row.pk for row in first} & {row.pk for row in second} == set()
    assert len(second) == 3


@pytest.mark.django_db
def test_filters_stay_in_the_address() -> None:
    rows([0, 1, 2])
    found = find_page(
        Submission.objects.all(), request_for("?kind=food&kind=legal"), size=1
    )
    assert parse_qs(urlsplit(found.next).query)["kind"] == ["food", "legal"]


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", ["nonsense", "WzFd:1abc:xyz", ""])
def test_an_invented_cursor_means_the_first_page(cursor: str) -> None:
    made = rows([0, 1, 2])
    found = find_page(Submission.objects.all(), request_for(f"?after={cursor}"), size=2)
    assert [row.pk for row in found] == [made[0].pk, made[1].pk]


@pytest.mark.django_db
def test_a_cursor_of_another_order_means_the_first_page() -> None:
    rows([0, 1, 2])
    other = at("", ("sent_at", "pk"), 1).next
    assert len(at(other, ("pk",), 2)) == 2


@pytest.mark.django_db
def test_who_stands_beyond_the_last_row_can_go_back() -> None:
    rows([0, 1])
    after = at("", ("pk",), 1).next
    Submission.objects.all().delete()
    found = at(after, ("pk",), 1)
    assert (found.items, found.previous, found.next) == ([], "?", "")


@pytest.mark.django_db
def test_the_database_walks_the_index() -> None:
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL scans a table as small as this one")
    rows(list(range(50)))
    after = request_for(at("", ("sent_at",), 10).next)
    from amana.ui.paging import filter_beyond, read_cursor

    start = read_cursor(after.GET["after"], 1)
    plan = Submission.objects.filter(filter_beyond(["sent_at"], start)).order_by(
        "sent_at"
    )
    assert "USING INDEX submission_sent_at (sent_at>?)" in plan.explain()
