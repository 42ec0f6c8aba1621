"""A check in pieces, and what was told of a log in doubt."""

import pytest

from amana.trust.audit import export
from amana.trust.audit.events import log_doubted


@pytest.fixture
def few_at_once(monkeypatch):
    monkeypatch.setattr(export, "AT_ONCE", 4)


@pytest.fixture
def told():
    """What was said of a log in doubt."""
    said = []

    def hear(kind, **kwargs):
        said.append(kind)

    log_doubted.connect(hear)
    yield said
    log_doubted.disconnect(hear)
