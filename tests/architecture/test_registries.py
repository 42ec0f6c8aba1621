"""Rooms that are made ready twice add nothing twice."""

from collections.abc import Iterable

from django.apps import apps

from amana.academy.courses import along
from amana.academy.courses import sections as learning
from amana.care.cases import sections
from amana.design.mechanism import sections as mechanism
from amana.exchange.learning.lessons import lesson_formats
from amana.trust.access import gates
from amana.trust.operation import checks
from amana.trust.oversight import subjects
from amana.trust.vault import epochs, removal
from amana.ui import badges, navigation, streams

FILLED: list[Iterable[object]] = [
    along.ALONG,
    lesson_formats.FORMATS,
    learning.MODULE,
    learning.OFFERS,
    learning.PROGRESS,
    learning.ASSIGNMENT,
    learning.ATTENDED,
    mechanism.FIGURES,
    mechanism.CERTIFICATES,
    gates.HOLDING,
    gates.ACTING,
    gates.ASKED,
    sections.PANELS,
    sections.ENTRIES,
    sections.DUE,
    sections.ALONG,
    sections.OVERVIEW,
    sections.NEED_STEPS,
    sections.AFTERWARDS,
    subjects.FINDERS,
    checks.CHECKS,
    epochs.SEALED,
    removal.DELAYS,
    navigation.ENTRIES,
    navigation.PERSONAL,
    badges.BADGES,
    streams.SOURCES,
]


def test_a_room_that_is_made_ready_twice_adds_nothing_twice():
    before = [list(registry) for registry in FILLED]

    for room in apps.get_app_configs():
        if room.name.startswith("amana."):
            room.ready()

    assert [list(registry) for registry in FILLED] == before
