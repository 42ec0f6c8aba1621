"""A torn or repeated sync loses nothing and doubles nothing."""

from typing import Any
from uuid import UUID

from hypothesis import given as drawn_from
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from amana import given
from amana.academy.courses import actions as learning
from amana.academy.courses.models import Event
from amana.academy.courses.tests.courses import small_course
from amana.academy.offline import actions
from amana.trust.access.models import Role

QUESTIONS = ["m1-q01", "m1-q02", "m1-q99"]
"""The last one is not in the course: it is refused, and stays on the device."""

things = st.lists(
    st.tuples(st.sampled_from(["read", *QUESTIONS]), st.integers(0, 2)), max_size=12
)
ways = st.lists(
    st.tuples(
        st.integers(1, 5),  # how many are sent at once
        st.integers(0, 5),  # after how many the server stops
        st.booleans(),  # whether the answer reaches the device
        st.integers(0, 3),  # how many more are done before the next sending
    ),
    max_size=10,
)


def event(number, what, option):
    id = str(UUID(int=number + 1))
    if what == "read":
        path = "m1/02-a-case" if option else "m1/01-asking-first"
        return {"id": id, "verb": "read", "object": path}
    return {"id": id, "verb": "answered", "object": what, "given": [option % 2]}


class Sync(TestCase):
    """A device as `outbox.js` is one: it forgets what the academy says it has."""

    def setUp(self):
        coordinator = given.make_worker(role=Role.COORDINATOR)
        self.learner = given.make_worker()
        self.version = learning.publish_version(small_course(), by=coordinator)
        learning.begin_course(self.version, by=self.learner)

    def send(self, waits, refused, at_once, cut_after, answered):
        sent = waits[:at_once]
        arrived = sent[:cut_after] if cut_after < len(sent) else sent
        results = actions.record_all(self.version.sha256, arrived, by=self.learner)
        if not answered or len(arrived) < len(sent):
            return
        for event, result in zip(sent, results, strict=True):
            assert event["id"] == result.id
            waits.remove(event)
            if result.state == "refused":
                assert result.why
                refused.append(event)

    @drawn_from(things, ways)
    def test_each_thing_is_there_once_or_still_waits_or_says_why(self, done, how):
        events = [event(at, *deed) for at, deed in enumerate(done)]
        waits: list[dict[str, Any]] = []
        refused: list[dict[str, Any]] = []
        rest = list(events)
        for at_once, cut_after, answered, more in how:
            waits += [rest.pop(0) for _ in range(min(more, len(rest)))]
            self.send(waits, refused, at_once, cut_after, answered)
        waits += rest
        while waits:
            self.send(waits, refused, 4, 4, True)

        kept = list(Event.objects.in_order().values_list("pk", "object"))
        wanted = [event for event in events if event["object"] != "m1-q99"]
        assert kept == [(UUID(event["id"]), event["object"]) for event in wanted]
        assert {event["id"] for event in refused} == {
            event["id"] for event in events if event not in wanted
        }
