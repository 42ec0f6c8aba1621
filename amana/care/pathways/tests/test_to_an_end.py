"""Random cases of every shipped mechanism, beside those of the others, to their ends.

All are in force at once. In each turn a case drawn by lot goes one step on: someone who
may does what is due, a message is heard, or a wait runs out. So the cases of all of
them live in the same days, and each has to come to an end by its own pathway.

`AMANA_NIGHTLY=1` opens 500 cases of each, else two.

Planted fault that this finds: `find_version_of` that answers with the first in force.
"""

import os
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from amana import given
from amana.care.cases.actions import StatedNeed
from amana.care.cases.gate import GateResult
from amana.care.cases.models import Urgency
from amana.care.pathways import actions, conference, sealed, status
from amana.care.pathways.models import (
    DecisionBasis,
    OpenTask,
    PathwayRun,
    PendingSignal,
)
from amana.care.pathways.rules import do_step
from amana.care.pathways.tests.test_machine import folded, stands
from amana.care.pathways.tests.test_side_by_side import SHIPPED
from amana.design.directory.taxonomy import ServiceType
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism.models import Version
from amana.design.pathway.pathway_model import LIST, Codes, Do, Wait
from amana.trust.access.models import Role, User

CASES = 500 if os.environ.get("AMANA_NIGHTLY") else 2
STEPS = 500
"""No case of a shipped mechanism takes as many."""

INTERRUPTED = 0.02
"""How often something happens that may happen at any time, such as a withdrawal."""

MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)


@dataclass
class Party:
    """A mechanism in force, and the people who take part in it."""

    version: Version
    opener: User
    cast: dict[int | None, list[User]]
    """By team."""
    chance: random.Random

    def open_case(self) -> PathwayRun:
        kind = self.chance.choice(list(ServiceType))
        urgency = self.chance.choice(list(Urgency))
        case = given.make_case(
            worked_on_by=self.opener,
            identity_age=self.chance.choice([9, 15, 17, 30, 62]),
            needs=[StatedNeed(kind, urgency, "Help")],
        )
        return PathwayRun.objects.get(case=case)

    def go_on(self, run: PathwayRun, clock: time_machine.Traveller) -> None:
        """Have one thing happen to this case, of what may happen next."""
        due, awaited = list(run.dues.all()), list(run.awaited.all())
        assert due or awaited, "nothing is due, and nothing is waited for"
        place = self.chance.randrange(len(due) + len(awaited))
        messages = list_interrupts(run, {task.key for task in due})
        if messages and self.chance.random() < INTERRUPTED:
            actions.record_message(run, self.chance.choice(messages), by=self.opener)
        elif place < len(due):
            self.do(run, due[place])
        else:
            self.end_wait(run, awaited[place - len(due)], clock)

    def end_wait(
        self, run: PathwayRun, wait: PendingSignal, clock: time_machine.Traveller
    ) -> None:
        step = status.get_pathway(run).steps[wait.key.partition("@")[0]]
        assert isinstance(step, Wait)
        messages = [way.message for way in step.wait if way.message]
        if messages and (wait.until is None or self.chance.random() < 0.6):
            message = self.chance.choice(messages)
            actions.record_message(run, message, step=wait.key, by=self.opener)
            return
        assert wait.until is not None
        clock.move_to(max(timezone.now(), wait.until) + timedelta(seconds=1))
        assert actions.expire_wait(run, wait.key)

    def do(self, run: PathwayRun, due: OpenTask) -> None:
        row = run.dues.filter(pk=due.pk)
        may = [u for u in self.cast[due.team_id] if do_step.among(row, u).exists()]
        decides = actions.is_decision(run, due)
        before = run.facts.filter(reason__in=DecisionBasis.values).last()
        if decides and before:  # who has decided does not review it
            may = [user for user in may if user.pk != before.by_id]
        assert may, f"no one may do {due.key}, which {due.role} has to do"
        words = sealed.may_send_words(run.case, due.team)
        meets = words and actions.is_conference(run, due)
        someone, _name = conference.list_participants(run.version.pack)[0]
        actions.finish_step(
            run,
            due.key,
            data=self.answer(run, due),
            said="So we agreed." if words else "",
            ground="signs" if decides else "",
            invited=[someone] if meets else [],
            by=self.chance.choice(may),
        )

    def answer(self, run: PathwayRun, due: OpenTask) -> dict[str, Any]:
        step = status.get_pathway(run).steps[due.key.partition("@")[0]]
        assert isinstance(step, Do)
        return {name: self.draw(codes) for name, codes in step.gives.items()}

    def draw(self, codes: Codes) -> object:
        if codes == (LIST,):
            return self.chance.randint(0, 2)
        # While safety is not established, the step of the safety questions stays due.
        known = [code for code in codes if code != GateResult.NOT_ESTABLISHED]
        return self.chance.choice(known)


def list_interrupts(run: PathwayRun, due: set[str]) -> list[str]:
    """List what may happen at any time, but for what is being answered already."""
    interrupts = status.get_pathway(run).interrupts.values()
    return [interrupt.on for interrupt in interrupts if interrupt.next not in due]


def make_party(version: Version, coordinator: User, chance: random.Random) -> Party:
    """Have a team of its own play each role, with two people who may."""
    cast: dict[int | None, list[User]] = {}
    workers: list[User] = []
    for code, role in version.pack.roles.items():
        team = given.make_team(of=given.make_organisation(sphere=role.sphere))
        mechanisms.give_part(version.mechanism, code, team, by=coordinator)
        access = Role(role.access_role)
        by = [given.make_worker(of=team, role=access) for _ in range(2)]
        cast[team.pk] = by
        workers += by if access == Role.CASE_WORKER else []
    return Party(version, workers[0], cast, chance)


def list_ends(version: Version) -> set[str]:
    steps = version.pack.pathway.steps.values()
    return {step.end for step in steps if step.end}


@pytest.mark.django_db
def test_random_cases_of_all_shipped_mechanisms_come_to_an_end() -> None:
    chance = random.Random(14)
    coordinator = given.make_worker(role=Role.COORDINATOR)
    versions = [mechanisms.adopt_shipped(folder, by=coordinator) for folder in SHIPPED]
    ends: dict[int, set[str]] = {version.pk: set() for version in versions}
    with time_machine.travel(MONDAY, tick=False) as clock:
        parties = [make_party(version, coordinator, chance) for version in versions]
        running = [
            (party, party.open_case()) for party in parties for _ in range(CASES)
        ]
        left = STEPS * len(running)
        while running and (left := left - 1):
            clock.shift(timedelta(minutes=chance.randint(1, 60)))
            party, run = running.pop(chance.randrange(len(running)))
            party.go_on(run, clock)
            run = PathwayRun.objects.get(pk=run.pk)
            assert run.version_id == party.version.pk
            assert stands(run) == folded(run)
            if run.ended_at is None:
                running.append((party, run))
            else:
                ends[run.version_id].add(run.ended)
    assert not running
    for version in versions:
        missing = list_ends(version) - ends[version.pk]
        assert not missing or CASES < 100, f"{version} was never {missing}"
