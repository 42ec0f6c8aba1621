"""One person, four recipients, and a model that knows only what was answered."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from amana.care.cases.fields import FIELDS
from amana.care.cases.models import Case
from amana.care.consent import actions
from amana.care.consent.models import Consent, Destruction
from amana.care.consent.rules import read_disclosure
from amana.errors import Refused
from amana.trust.access.models import Sphere, Team, User
from amana.trust.access.rules import Denied
from amana.trust.vault import disclosures
from amana.trust.vault.compartments import CEILING
from amana.trust.vault.crypto import Unopenable
from amana.trust.vault.models import Disclosure, DisclosureWrap

from .conftest import HER, a_case, agrees

SPHERES = [Sphere.HUMANITARIAN, Sphere.HEALTH, Sphere.LAW_ENFORCEMENT, Sphere.BORDER]
EVERY_FIELD = sorted(FIELDS)
KNOWN = {
    f"{c}.{name}": value for c, record in HER.items() for name, value in record.items()
}


@dataclass
class World:
    """Built once: keys are slow to make."""

    worker: User
    stranger: User
    recipients: list[tuple[Team, User]]


@dataclass
class Said:
    """What the model knows of one consent."""

    recipient: int
    fields: set[str]
    until: datetime
    over: bool = False
    copies: set[Any] = field(default_factory=set)
    shared: bool = False

    def content(self) -> dict[str, Any]:
        return {k: KNOWN[k] for k in self.fields if KNOWN.get(k) not in (None, "")}


class Ledger(RuleBasedStateMachine):
    """One person, four recipients, and a clock that only the test moves."""

    world: World
    consents = Bundle("consents")

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.now = timezone.now()
        self.clock = patch("django.utils.timezone.now", lambda: self.now)
        self.clock.start()
        self.model: dict[Any, Said] = {}

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize()
    def meet(self) -> None:
        self.case: Case = a_case(self.world.worker)

    # --- what is lawful

    @rule(
        target=consents,
        to=st.integers(0, len(SPHERES) - 1),
        fields=st.sets(st.sampled_from(EVERY_FIELD), min_size=1, max_size=6),
        days=st.integers(1, 9),
    )
    def gives(self, to: int, fields: set[str], days: int) -> Any:
        """Within the ceiling it is written down; beyond it, refused."""
        team, _reader = self.world.recipients[to]
        until = self.now + timedelta(days=days)
        ask: dict[str, Any] = {
            "fields": fields,
            "expires_at": until,
            "purpose": Consent.Purpose.COORDINATION,
        }
        ceiling = CEILING[SPHERES[to]]
        # Nobody agrees to what isn't there.
        written = {name for name in fields if KNOWN.get(name) not in (None, "")}
        lawful = all(FIELDS[name].compartment in ceiling for name in fields)
        if not written or not lawful:
            with pytest.raises(Refused):
                agrees(self.case, to=team, by=self.world.worker, **ask)
            return multiple()
        consent = agrees(self.case, to=team, by=self.world.worker, **ask)
        self.model[consent.pk] = Said(to, written, until)
        return consent.pk

    @rule(target=consents, to=st.integers(0, 2), name=st.sampled_from(sorted(KNOWN)))
    def gives_one_thing(self, to: int, name: str) -> Any:
        """Often lawful, so that there is much to share and to withdraw."""
        if FIELDS[name].compartment not in CEILING[SPHERES[to]]:
            name = "identity.name"
        return self.gives(to, {name, "identity.age"}, 3)

    @rule(target=consents, to=st.integers(0, len(SPHERES) - 1))
    def refuses(self, to: int) -> Any:
        refusal = actions.refuse(
            self.case,
            recipient=self.world.recipients[to][0],
            purpose=Consent.Purpose.REFERRAL,
            language="en",
            by=self.world.worker,
        )
        self.model[refusal.pk] = Said(to, set(), self.now, over=True)
        return refusal.pk

    @rule(target=consents, to=st.integers(0, 2))
    def gives_and_discloses(self, to: int) -> Any:
        pk = self.gives(to, {"identity.name"}, 3)
        self.discloses(pk)
        return pk

    @rule(pk=consents)
    def discloses(self, pk: Any) -> None:
        said, consent = self.model[pk], Consent.objects.get(pk=pk)
        if self.is_live(said) and said.content():
            said.copies.add(actions.disclose(consent, by=self.world.worker).pk)
            said.shared = True
        else:
            with pytest.raises(Refused):
                actions.disclose(consent, by=self.world.worker)

    @rule(pk=consents, days=st.integers(1, 9))
    def agrees_again(self, pk: Any, days: int) -> None:
        said, consent = self.model[pk], Consent.objects.get(pk=pk)
        until = self.now + timedelta(days=days)
        ask: dict[str, Any] = {
            "expires_at": until,
            "language": "en",
            "mode": Consent.Mode.SPOKEN,
            "given_by": Consent.GivenBy.PERSON,
            "interpreter": False,
            "understood": True,
        }
        if self.is_live(said):
            actions.prolong(consent, by=self.world.worker, **ask)
            said.until = until
        else:
            with pytest.raises(Refused):
                actions.prolong(consent, by=self.world.worker, **ask)

    @rule(pk=consumes(consents))
    def withdraws(self, pk: Any) -> None:
        said, consent = self.model[pk], Consent.objects.get(pk=pk)
        if said.over:
            with pytest.raises(Refused):
                actions.withdraw(consent, by=self.world.worker)
        else:
            actions.withdraw(consent, by=self.world.worker)
            self.end(said)

    @rule(pk=consents)
    def discloses_after_a_colleague_withdrew(self, pk: Any) -> None:
        """The page was open all the time: what it holds in memory is old."""
        said, held = self.model[pk], Consent.objects.get(pk=pk)
        if said.over:
            return
        actions.withdraw(Consent.objects.get(pk=pk), by=self.world.worker)
        self.end(said)
        with pytest.raises(Refused):
            actions.disclose(held, by=self.world.worker)

    @rule(days=st.integers(1, 5))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days, seconds=1)

    @rule()
    def the_clock_runs(self) -> None:
        lapsed = [s for s in self.model.values() if not s.over and s.until <= self.now]
        assert actions.expire_lapsed() == len(lapsed)
        for said in lapsed:
            self.end(said)

    @rule()
    def everything_lapses_and_the_clock_runs(self) -> None:
        self.now += timedelta(days=10)
        self.the_clock_runs()

    # --- what is not

    @rule(pk=consents)
    def a_stranger_tries(self, pk: Any) -> None:
        consent = Consent.objects.get(pk=pk)
        for act in (actions.disclose, actions.withdraw):
            with pytest.raises(Denied):
                act(consent, by=self.world.stranger)

    @rule(pk=consents, other=st.integers(0, len(SPHERES) - 1))
    def another_recipient_tries(self, pk: Any, other: int) -> None:
        said = self.model[pk]
        if other == said.recipient:
            return
        _team, reader = self.world.recipients[other]
        for disclosure in Disclosure.objects.filter(consent=pk):
            with pytest.raises((Unopenable, Refused)):
                disclosures.open_disclosure(disclosure, by=reader, purpose="test")

    # --- what always holds

    @invariant()
    def each_recipient_reads_exactly_what_was_agreed(self) -> None:
        for index, (_team, reader) in enumerate(self.world.recipients):
            shown = read_disclosure.among(Disclosure.objects.all(), reader)
            read = {
                d.pk: disclosures.open_disclosure(d, by=reader, purpose="t")
                for d in shown
            }
            assert read == {
                copy: said.content()
                for said in self.model.values()
                if said.recipient == index and self.is_live(said)
                for copy in said.copies
            }

    @invariant()
    def after_the_end_nothing_is_left(self) -> None:
        kept = {copy for s in self.model.values() if not s.over for copy in s.copies}
        assert set(Disclosure.objects.values_list("pk", flat=True)) == kept
        wraps = DisclosureWrap.objects.values_list("disclosure", flat=True)
        assert set(wraps) == kept

    @invariant()
    def who_received_something_is_told_to_destroy_it(self) -> None:
        told = set(Destruction.objects.values_list("consent", flat=True))
        assert told == {pk for pk, s in self.model.items() if s.over and s.shared}

    @invariant()
    def the_ledger_says_what_was_said(self) -> None:
        live = set(Consent.objects.live().values_list("pk", flat=True))
        assert live == {pk for pk, said in self.model.items() if self.is_live(said)}

    def is_live(self, said: Said) -> bool:
        return not said.over and said.until > self.now

    def end(self, said: Said) -> None:
        said.over = True
        said.copies.clear()


def live_through(world: World, **changes: Any) -> None:
    machine = type("ThisLedger", (Ledger,), {"world": world})
    usual = settings(
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        stateful_step_count=25,
    )
    run_state_machine_as_test(machine, settings=settings(usual, **changes))
