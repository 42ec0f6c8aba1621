"""So many from one network in an hour, and nobody can say from which."""

import time

import pytest

from amana.errors import Refused
from amana.insight.feedback import flood


def test_so_many_pass_and_the_next_waits_for_the_hour(rf, monkeypatch):
    monkeypatch.setitem(flood.MOST, "complaint", 2)
    here, there = rf.post("/"), rf.post("/", REMOTE_ADDR="203.0.113.9")
    for _one in range(2):
        flood.require_pace(here, "complaint")
    with pytest.raises(Refused, match="Too many tries"):
        flood.require_pace(here, "complaint")
    flood.require_pace(there, "complaint")
    flood.require_pace(here, "code")

    monkeypatch.setattr(time, "monotonic", lambda: flood.GATE.since + 3601)
    flood.require_pace(here, "complaint")


def test_what_is_held_in_memory_names_no_address(rf):
    gate = flood.RateLimit()
    gate.passes("203.0.113.9", "code", 5)
    [held] = gate.came
    assert b"203.0.113.9" not in held
    before = gate.secret
    gate.forget()
    assert not gate.came
    assert gate.secret != before
