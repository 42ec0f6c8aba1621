"""How long before keys are taken away: the mechanism in force says it."""

from datetime import timedelta

import pytest

from amana.design.mechanism import keys
from amana.trust.vault import removal
from amana.trust.vault.removal_states import DELAY, LONGEST_DELAY
from amana.working_time import parse_span

pytestmark = pytest.mark.django_db


class Says:
    """A version in force, of which only this is asked."""

    def __init__(self, span):
        self.pack = self
        self.calendar = None
        self.keys_taken_after = parse_span(span) if span else None


@pytest.fixture
def in_force(monkeypatch):
    def say(version):
        versions = [version] if version else []
        monkeypatch.setattr(keys, "list_versions_in_force", lambda: versions)

    return say


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        (None, DELAY),
        (Says(""), DELAY),
        (Says("PT48H"), timedelta(hours=48)),
        (Says("PT1M"), timedelta(minutes=1)),
        (Says("PT9000H"), LONGEST_DELAY),
    ],
)
def test_the_mechanism_in_force_sets_the_delay(in_force, said, wait):
    in_force(said)

    assert removal.compute_usual_delay() == wait
