"""A learning system on the list, and somebody who comes from there."""

import pytest

from amana.academy.courses.tests.conftest import (
    coordinator,
    learner,
    stranger,
    version,
)
from amana.exchange import web
from amana.exchange.learning.lti import actions, keys
from amana.exchange.learning.lti.tests.platform import SAID, Web
from tests.worlds import kept


@kept
def platform(coordinator):
    return actions.add_platform(by=coordinator, **SAID)


@pytest.fixture
def moodle(monkeypatch):
    there = Web(keys.build_public_keyset())
    monkeypatch.setattr(web, "request_json", there.ask)
    return there


@kept
def course(version):
    """Its address, as the other system was told it."""
    return actions.build_course_address(version.course)
