"""What each step of the machine needs."""

from contextlib import ExitStack
from datetime import datetime, timedelta
from unittest import mock
from uuid import UUID

from django.test import override_settings
from django.utils import timezone
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine

from amana.care.cases.models import Case
from amana.design.directory.models import Service
from amana.trust.access.models import Team, User
from tests.properties.attacker import Reader

from .knowledge import MARK, Known, Left, Mechanism, Shared, word
from .surroundings import (
    IN_THE_DATABASE,
    all_in_one_transaction,
    everything_logged,
    own_temporary_files,
)


class MechanismLife(RuleBasedStateMachine):
    """What the test knows of a mechanism, and the clock that only it moves."""

    mechanism: Mechanism
    people: dict[str, User]
    members: dict[str, set[str]]
    teams: dict[str, Team]
    services: dict[str, Service]
    team_of: dict[int, str]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.stack.enter_context(all_in_one_transaction())
        self.stack.enter_context(override_settings(TASKS=IN_THE_DATABASE))
        self.said = self.stack.enter_context(everything_logged())
        self.files = self.stack.enter_context(own_temporary_files())
        self.passed = timedelta()
        real = timezone.now

        def now() -> datetime:
            return real() + self.passed

        self.stack.enter_context(mock.patch("django.utils.timezone.now", now))
        self.reader = Reader(MARK.encode())
        self.cases: dict[UUID, Known] = {}
        self.consents: dict[UUID, tuple[UUID, str]] = {}
        self.shared: dict[UUID, Shared] = {}
        self.sent: dict[UUID, UUID] = {}
        self.left: dict[str, Left] = {}
        self.unsettled: set[str] = set()
        self.all_words: set[str] = set()
        self.steps = 0

    def teardown(self) -> None:
        self.stack.close()

    def word(self) -> str:
        made = word()
        self.all_words.add(made)
        return made

    def lead_of(self, case: UUID) -> User:
        return self.people[f"{self.cases[case].team} supervisor"]

    def forget(self, gone: object) -> None:
        for referral in list(gone):  # type: ignore[call-overload]
            self.shared.pop(referral.disclosure, None)
            self.sent.pop(referral.pk, None)

    def holds(self, person: str, known: Known) -> bool:
        if known.offered and person in self.members[known.offered]:
            return True
        if known.people is not None:
            return person in known.people
        return person in self.members[known.team]

    def some_case(self, data, suits=lambda known: True):
        fitting = sorted(pk for pk, known in self.cases.items() if suits(known))
        if not fitting:
            return None, None
        case = data.draw(some.sampled_from(fitting))
        return case, self.cases[case]

    def someone_of(self, team: str) -> User:
        return self.people[f"{team} supervisor"]

    def row(self, case: UUID) -> Case:
        return Case.objects.get(pk=case)
