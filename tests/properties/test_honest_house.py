"""In an honest house nothing is ever found altered, whatever people do in which order.

A machine lets colleagues write, restrict, share, withdraw, move, leave, lose their keys
and get them back, with the log sealed now and then, and the keys of the team renewed.
After each step every case opens for somebody, and everything is as it was signed.

    pytest tests/properties/test_honest_house.py
    python -m tools.postgres pytest tests/properties/test_honest_house.py
"""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases import signed_case as shell
from amana.care.cases.models import Case, Transfer
from amana.care.consent import actions as consents
from amana.care.consent import ledger
from amana.care.consent.models import Consent
from amana.errors import Refused
from amana.trust.access.models import Role
from amana.trust.audit import sealing
from amana.trust.vault import admission, documents, epochs, leaving, manifest, removal
from amana.trust.vault.altered import Tampered
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.models import CaseLink, CompartmentWrap

WHO = some.integers(0, 3)


class House(RuleBasedStateMachine):
    looked = 0
    """How often everything was compared."""

    @initialize()
    def begins(self) -> None:
        self.team = given.make_team()
        self.people = [given.make_worker(of=self.team) for _each in range(4)]
        self.boss = given.make_worker(of=self.team, role=Role.SUPERVISOR)
        self.case = given.make_case(worked_on_by=self.people[0], identity_name="Hope")
        self.clinic = given.make_worker().memberships.get().team
        cases.assign(self.case, self.people[1], by=self.people[0])

    def attempt(self, act: Any) -> None:
        """What isn't allowed now doesn't happen; what is found altered is a failure."""
        try:
            with transaction.atomic():
                act()
        except Tampered:
            raise
        except (Refused, PermissionDenied):
            pass

    @property
    def fresh(self) -> Case:
        return Case.objects.get(pk=self.case.pk)

    @rule(who=WHO, part=some.sampled_from([C.CONTACT, C.NEEDS, C.NARRATIVE]))
    def writes(self, who: int, part: C) -> None:
        by = self.people[who]
        self.attempt(lambda: cases.add_note(self.fresh, part, "words", by=by))

    @rule(who=WHO)
    def changes_a_record(self, who: int) -> None:
        def act() -> None:
            by, case = self.people[who], self.case.pk
            now = documents.open_documents(case, [C.IDENTITY], by=by, purpose="test")
            was = now[C.IDENTITY, "record"].revision if now else 0
            said = {"name": f"Hope {was}"}
            documents.write(case, C.IDENTITY, said, by=by, replacing=was)

        self.attempt(act)

    @rule(who=WHO)
    def fails_half_way(self, who: int) -> None:
        def act() -> None:
            cases.add_note(self.fresh, C.NEEDS, "lost", by=self.people[who])
            raise Refused("")

        self.attempt(act)

    @rule()
    def restricts(self) -> None:
        named = self.people[:2]
        self.attempt(lambda: cases.restrict(self.fresh, people=named, by=named[0]))

    @rule()
    def lifts(self) -> None:
        by = self.people[0]
        self.attempt(lambda: cases.lift_restriction(self.fresh, by=by))

    @rule()
    def agrees(self) -> None:
        by = self.people[0]
        self.attempt(
            lambda: given.make_consent(
                self.fresh, to=self.clinic, by=by, fields=["identity.name"]
            )
        )

    @rule()
    def shares(self) -> None:
        def act() -> None:
            for consent in Consent.objects.standing():
                consents.disclose(consent, by=self.people[0])

        self.attempt(act)

    @rule(who=WHO)
    def withdraws(self, who: int) -> None:
        def act() -> None:
            for consent in Consent.objects.live()[:1]:
                consents.withdraw(consent, by=self.people[who])

        self.attempt(act)

    @rule(accept=some.booleans())
    def offers_and_answers(self, accept: bool) -> None:
        def act() -> None:
            to = given.make_team(of=self.team.organisation)
            taker = given.make_worker(of=to)
            cases.offer_transfer(self.fresh, to=to, by=self.people[0])
            offered = Transfer.objects.waiting().get()
            cases.answer_transfer(
                offered, accept=False, reason="no_place", by=taker
            ) if not accept else cases.take_back_offer(offered, by=self.people[0])

        self.attempt(act)

    @rule(who=some.integers(1, 3))
    def leaves(self, who: int) -> None:
        user = self.people[who]
        given.end_membership(user.memberships.get(ended_at=None), by=self.boss)
        self.people[who] = given.make_worker(of=self.team)

    @rule(who=some.integers(1, 3))
    def loses_keys_and_gets_them_back(self, who: int) -> None:
        user, first = self.people[who], self.boss
        made = removal.propose_start_again(user, by=first)
        given.people._taken(made)
        made.refresh_from_db()
        self.nothing_is_found_altered()
        with transaction.atomic():
            removal.undo(made, by=first)
        self.people[who] = given.unlock_user(user)
        admission.confirm(user.memberships.get(ended_at=None), by=first)

    @rule()
    def renews(self) -> None:
        def act() -> None:
            begun = epochs.begin_epoch(self.team, by=self.people[0])
            while not leaving.rewrap_some(begun, by=self.people[0]).is_complete:
                pass

        self.attempt(act)

    @rule()
    def is_sealed(self) -> None:
        sealing.seal_all()

    @invariant()
    def nothing_is_found_altered(self) -> None:
        if not hasattr(self, "case"):
            return
        case = self.fresh
        manifest.require_facts(case.pk, shell.build_facts_reader(case))
        ledger.list_consents(case)
        opened = documents.open_documents(case.pk, by=self.people[0], purpose="test")
        assert (C.IDENTITY, "record") in opened
        state = manifest.get_state(case.pk)
        held = CompartmentWrap.objects.filter(key__case=case.pk)
        for part, holders in state.holders.items():
            wraps = held.filter(key__compartment=part)
            named = {
                manifest.format_holder(holder)
                for w in wraps.select_related("team_key", "person_key")
                if (holder := w.team_key or w.person_key)
            }
            assert named == set(holders)
        House.looked += 1


@pytest.mark.django_db
def test_in_an_honest_house_nothing_is_found_altered() -> None:
    House.looked = 0
    run_state_machine_as_test(
        House,
        settings=settings(
            max_examples=2,
            stateful_step_count=8,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert House.looked > 2


@pytest.mark.django_db
def test_an_act_that_fails_leaves_no_link_and_the_case_opens() -> None:
    worker = given.make_worker()
    case = given.make_case(worked_on_by=worker)
    before = CaseLink.objects.count()

    with transaction.atomic():
        cases.add_note(case, C.NEEDS, "lost", by=worker)
        transaction.set_rollback(True)

    assert CaseLink.objects.count() == before
    assert documents.open_documents(case.pk, by=worker, purpose="test")
