"""What open pages of a table are sent, and to whom nothing is sent."""

import json

import pytest
from django.urls import reverse

from amana import given
from amana.academy.practice.labs import actions
from amana.academy.practice.labs.engine.table import EVERYONE
from amana.academy.practice.labs.table_stream import (
    FollowedTable,
    FollowedTables,
    build_key,
)
from amana.academy.practice.labs.tests.played import play


@pytest.fixture
def source():
    return FollowedTables()


def follow(source, lab, *seats):
    return {key: source.open(key) for key in (build_key(lab, seat) for seat in seats)}


def tell(source, topics, since):
    """What each page that is at `since` is sent once the source has looked for news."""
    for key in source.changed(topics):
        source.read(topics[key])
    return {
        key.partition(":")[2]: found and found[1].decode()
        for key, topic in topics.items()
        for found in [topic.news(since[key])]
    }


def test_a_message_is_news_for_those_who_read_its_channel(source, lab, seated, trainer):
    play(lab, trainer, 2)
    topics = follow(source, lab, "police", "shelter", "legal", "mediator", "")
    since = {key: topic.news("")[0] for key, topic in topics.items()}
    assert tell(source, topics, since) == dict.fromkeys(
        ("police", "shelter", "legal", "mediator", "")
    )

    actions.write_in_channel(lab, "police.shelter", "Alone", by=seated["police"])
    told = tell(source, topics, since)
    assert {seat for seat, news in told.items() if news} == {"police", "shelter"}
    assert "Alone" not in str(told)

    actions.write_in_channel(lab, EVERYONE, "All", by=seated["police"])
    told = tell(source, topics, since)
    assert all(told.values())


def test_each_event_names_the_part_of_the_page_that_it_concerns(
    source, lab, seated, trainer
):
    play(lab, trainer, 3)
    topics = follow(source, lab, "legal")
    (key,) = topics
    version, _news = topics[key].news("")

    def newest(act):
        nonlocal version
        act()
        for changed in source.changed(topics):
            source.read(topics[changed])
        version, news = topics[key].news(version)
        areas = json.loads(news.decode().split("data: ")[1])
        return {area for area, number in areas.items() if str(number) == version}

    assert newest(
        lambda: actions.write_in_channel(lab, EVERYONE, "Hello", by=seated["police"])
    ) == {"talk"}
    assert newest(
        lambda: actions.propose(lab, "answer", option="hours12", by=seated["police"])
    ) == {"text"}
    assert newest(lambda: actions.call_break(lab, by=seated["police"])) == {"state"}


def test_a_source_asks_once_for_all_tables(
    source, lab, cohort, seated, trainer, django_assert_num_queries
):
    others = [actions.open_lab(cohort, "old-harbour", by=trainer) for _ in range(3)]
    topics: dict[str, FollowedTable] = {}
    for table in (lab, *others):
        topics |= follow(source, table, "police", "shelter")
    with django_assert_num_queries(1):
        assert source.changed(topics) == []


def test_a_page_that_has_missed_nothing_is_sent_nothing(lab, seated, trainer):
    play(lab, trainer, 1)
    browser = given.sign_in(seated["police"])
    page = browser.get(reverse("labs:table", args=[lab.pk]))
    address = reverse("labs:stream", args=[lab.pk])
    now = b"".join(browser.get(address, {"since": page.context["version"]}))
    assert b"data:" not in now
    actions.write_in_channel(lab, "police", "A note", by=seated["police"])
    later = b"".join(browser.get(address, {"since": page.context["version"]}))
    assert b"data:" in later
    assert b"A note" not in later
