"""Random lives of cases, by real actions, right and wrong, in any order. After each:

- the rows say exactly what the facts, folded anew, say is open and waited for;
- facts are numbered without a gap, and hold codes of the pathway and not a word;
- what was refused has changed nothing.

`HYPOTHESIS_PROFILE=thorough` lives through 300, else five.

Planted fault that this finds: `settle` that leaves waits alone (one is waited for that
has ended).
"""

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from amana import given
from amana.care.pathways import actions, status, version_moves
from amana.care.pathways.models import DeviationReason, PathwayRun
from amana.care.pathways.rules import do_step
from amana.care.pathways.tests.test_version_moves import longer, next_version
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism.models import Version
from amana.design.pathway import case as engine
from amana.design.pathway.pathway_model import LIST, Do
from amana.errors import Refused
from amana.trust.access.models import User

LIVES = 300 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 5
STEPS = 12
CANARY = "canary: words about a person"


@dataclass
class Life:
    course: PathwayRun
    cast: list[User]
    chance: random.Random

    def refresh(self) -> None:
        rows = PathwayRun.objects.select_related("case", "version__mechanism")
        self.course = rows.get(pk=self.course.pk)

    @property
    def some_step(self) -> str:
        """Most often one that is due."""
        keys = list(self.course.dues.values_list("key", flat=True).order_by("key"))
        every = sorted(status.get_pathway(self.course).steps)
        return self.chance.choice(keys * 8 + every)

    def answers(self, key: str) -> dict[str, Any]:
        step = status.get_pathway(self.course).steps[key.partition("@")[0]]
        gives = step.gives if isinstance(step, Do) else {}
        return {
            name: self.chance.randint(0, 2)
            if codes == (LIST,)
            else self.chance.choice(codes)
            for name, codes in gives.items()
        }

    def who(self, step: str) -> User:
        """Most often somebody who may do it."""
        row = self.course.dues.filter(key=step)
        may = [user for user in self.cast if do_step.among(row, user).exists()]
        return self.chance.choice(may * 4 + self.cast)

    def deeds(self) -> Iterator[Callable[[], object]]:
        course = self.course
        reason = self.chance.choice(list(DeviationReason))
        step, other = self.some_step, self.some_step
        done = sorted(status.compute_state(course).done)
        again = self.chance.choice(done or [other])
        doer = self.who(step)
        by = self.chance.choice(self.cast[:3])
        yield from [
            lambda: actions.finish_step(
                course,
                step,
                data=self.answers(step),
                said=CANARY,
                ground="signs",
                by=doer,
            )
        ] * 8
        yield lambda: actions.skip_step(
            course, step, reason=reason, data=self.answers(step), said=CANARY, by=doer
        )
        yield lambda: actions.reopen_step(
            course, again, reason=reason, onward=self.chance.random() < 0.5, by=by
        )
        yield lambda: actions.reassign_step(
            course, step, to="coordinator", reason=reason, by=by
        )
        yield lambda: actions.cancel_step(course, step, reason=reason, by=by)
        yield lambda: actions.override_pathway(
            course, step, to=other, reason=reason, by=by
        )
        yield lambda: actions.record_message(course, "ready_to_decide", by=by)
        yield lambda: actions.record_message(course, "consent_withdrawn", by=by)
        for team in course.version.mechanism.parts.filter(role="health"):
            yield lambda team=team: actions.give_to_team(  # type: ignore[misc]
                course, "health", team.team, by=by
            )


def stands(course: PathwayRun) -> tuple[Any, ...]:
    dues = {
        due.key: (due.role, due.since, due.due_at, due.remind_at, due.again)
        for due in course.dues.all()
    }
    return dues, {wait.key: (wait.since, wait.until) for wait in course.awaited.all()}


def folded(course: PathwayRun) -> tuple[Any, ...]:
    told = status.read_facts(course)
    state = engine.compute_state(status.get_pathway(course), told)
    assert (course.length, course.ended) == (len(told), state.ended or "")
    return {
        key: (
            open_step.role,
            open_step.since,
            open_step.due_at,
            open_step.remind_at,
            open_step.again,
        )
        for key, open_step in state.open.items()
    }, {key: (wait.since, wait.until) for key, wait in state.waiting.items()}


@pytest.mark.parametrize("seed", range(LIVES))
def test_lists_say_what_the_facts_say(
    seed: int,
    mechanism: Version,
    worker: User,
    supervisor: User,
    coordinator: User,
    authority: User,
    another_authority: User,
    nurse: User,
    stranger: User,
) -> None:
    chance = random.Random(seed)
    case = given.make_case(worked_on_by=worker, identity_age=chance.choice([15, 30]))
    cast = [supervisor, worker, coordinator, authority, nurse, stranger]
    life = Life(case.course, [*cast, another_authority], chance)
    for number in range(STEPS):
        if number == STEPS // 2 and seed % 2:
            new = next_version(mechanism, coordinator, longer)
            mechanisms.put_in_force(new, by=coordinator)
        life.refresh()
        before = stands(life.course), life.course.facts.count()
        try:
            chance.choice(list(life.deeds()))()
        except (Refused, PermissionDenied):
            life.refresh()
            assert (stands(life.course), life.course.facts.count()) == before
        life.refresh()
        assert stands(life.course) == folded(life.course)
        rows = list(life.course.facts.order_by("number").values())
        assert [row["number"] for row in rows] == list(range(len(rows)))
        assert "canary" not in str(rows)
    assert version_moves.find_behind(life.course.version).count() == 0
    assert life.course.begun_at <= timezone.now()
