"""Somebody who learns, and a record store that was set up."""

from typing import Any

import pytest

from amana.academy.courses.tests.conftest import (
    coordinator,
    enrolment,
    learner,
    stranger,
    version,
)
from amana.exchange.learning.xapi import actions, sending


@pytest.fixture
def store(settings):
    settings.LRS_URL = "https://lrs.example/xAPI"
    settings.LRS_NAME = "The ministry’s record store"
    return settings


@pytest.fixture
def posted(monkeypatch):
    """What the store was sent, batch by batch; it takes everything."""
    batches: list[Any] = []
    monkeypatch.setattr(sending, "post_statements", batches.append)
    return batches


@pytest.fixture
def sharing(store, learner):
    return actions.agree_to_share(by=learner)
