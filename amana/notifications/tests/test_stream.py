"""Open pages hear within a moment; nothing is lost, whatever order rows come in."""

import asyncio
import json
from contextlib import suppress

import pytest

from amana.care.referrals import actions as referrals
from amana.notifications import stream
from amana.notifications.actions import notify_badges
from amana.notifications.models import NONE, Notification, NotificationTopic
from amana.notifications.stream import NewRows, WaitingSource
from amana.ui import streams
from amana.ui.streams import TopicFlow

pytestmark = pytest.mark.django_db


def counts(topic, since=""):
    news = topic.news(since)
    return json.loads(news[1].decode().split("data: ")[1]) if news else None


def test_a_page_is_told_what_waits_and_again_when_that_changes(
    referral, host, stranger
):
    source = WaitingSource()
    mine, other = source.open(str(host.pk)), source.open(str(stranger.pk))
    topics = {"mine": mine, "other": other}
    assert counts(mine)["inbox"] == 1
    assert list(source.changed(topics)) == []

    referrals.accept(referral, by=host)

    assert list(source.changed(topics)) == ["mine"]
    source.read(mine)
    assert counts(mine)["inbox"] == 0
    assert list(source.changed(topics)) == []


def test_one_query_serves_all_pages(
    referral, host, second_host, worker, django_assert_num_queries
):
    source = WaitingSource()
    people = (host, second_host, worker)
    topics = {str(user.pk): source.open(str(user.pk)) for user in people}
    with django_assert_num_queries(1):
        source.changed(topics)


def test_a_row_whose_number_is_lower_is_not_lost(host, referral):
    """As on PostgreSQL, where a number is given before a transaction ends."""
    rows = NewRows()
    rows.fetch()
    first, second, third = (
        Notification(what=NotificationTopic.RING, user=host, number=number)
        for number in (1, 2, 3)
    )
    newest = Notification.objects.order_by("-pk").values_list("pk", flat=True)[0]
    first.pk, second.pk, third.pk = newest + 1, newest + 2, newest + 3
    third.save()
    assert [row[0] for row in rows.fetch()] == [third.pk]
    first.save()
    second.save()
    assert [row[0] for row in rows.fetch()] == [first.pk, second.pk]
    assert rows.fetch() == []


def test_old_rows_are_looked_for_no_more(host, referral, monkeypatch):
    rows = NewRows()
    rows.fetch()
    notify_badges(NONE, users=[host.pk])
    assert len(rows.fetch()) == 1
    monkeypatch.setattr(stream, "LOOK_BACK", -1.0)
    rows.fetch()
    assert rows.after == Notification.objects.latest("pk").pk
    notify_badges(NONE, users=[host.pk])
    assert len(rows.fetch()) == 1


def test_what_became_late_is_told_after_a_while_too(host, referral, monkeypatch):
    source = WaitingSource()
    topics = {"mine": source.open(str(host.pk))}
    monkeypatch.setattr(stream, "AT_LEAST", -1.0)
    assert list(source.changed(topics)) == ["mine"]


def test_whoever_was_shut_out_is_told_noughts(host, referral):
    source = WaitingSource()
    topic = source.open(str(host.pk))
    host.is_active = False
    host.save()
    source.read(topic)
    assert set(counts(topic).values()) == {0}


# --- any stream


class Counter:
    """A source without a database: a number, and how often it was read."""

    tick = 0.005

    def __init__(self):
        self.number, self.asked = 0, 0

    def open(self, key):
        return self

    def news(self, since):
        number = str(self.number)
        return (
            None if since == number else (number, streams.format_event(number, number))
        )

    def changed(self, topics):
        self.asked += 1
        return list(topics)

    def read(self, topic):
        pass


@pytest.fixture
def counter(monkeypatch):
    monkeypatch.setattr(streams, "close_old_connections", lambda: None)
    counter = Counter()
    monkeypatch.setitem(streams.SOURCES, "counter", counter)
    return counter


def test_a_stream_that_broke_goes_on_from_where_the_page_was(counter):
    async def story():
        flow, heard = TopicFlow(counter, "counter"), []

        async def send(body):
            heard.append(body.decode().split("\n")[0])

        async def listen(since, seconds=0.05):
            with suppress(TimeoutError):
                await asyncio.wait_for(flow.follow("all", since, send), seconds)

        counter.number = 1
        await listen("0")
        counter.number = 2  # while nobody listens
        await listen("1")
        await listen("2")
        return heard, flow.followed

    heard, followed = asyncio.run(story())
    assert heard == ["id: 1", "id: 2"]
    assert followed == {}


def test_nobody_listens_and_nothing_is_asked(counter):
    async def story():
        flow = TopicFlow(counter, "counter")

        async def send(body):
            pass

        with suppress(TimeoutError):
            await asyncio.wait_for(flow.follow("all", "0", send), 0.03)
        await asyncio.sleep(0.02)
        asked = counter.asked
        await asyncio.sleep(0.03)
        return counter.asked - asked

    assert asyncio.run(story()) == 0
