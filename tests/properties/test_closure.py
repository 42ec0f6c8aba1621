"""The closure test: whoever has a raw copy of the database, and one person's secret,
reads exactly what consent allows, and nobody reads anything after they have left (P01,
P02, P03, P04, P05, P07, P09, P10, P13, P16, P20, P33).

A machine takes random steps through the real actions: cases, files, consents,
referrals, withdrawals, restrictions, transfers, leavers, erasure, time. After each step
it works out by itself who may read which word, and compares that with what the attacker
of `attacker.py` brings to light with each person's passphrase. Each word is a canary of
its own, and no canary may ever lie in the clear: in the database, a log, a message, a
task or a temporary file. Nor may the code of what a person needs.

    pytest tests/properties                          fifteen lives, on SQLite
    python -m tools.postgres pytest tests/properties the same on PostgreSQL
    HYPOTHESIS_PROFILE=thorough pytest tests/properties

A test like this counts only after it has caught planted faults: `just mutants`
(tests/mutants) plants each of them and says which test has caught it.
"""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
from django.conf import settings as house
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import TestCase, override_settings
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.actions import StatedNeed
from amana.care.cases.models import Case, Need, Transfer, Urgency
from amana.care.cases.rules import see_case
from amana.care.consent import actions as consents
from amana.care.consent import payload
from amana.care.consent.models import Consent
from amana.care.referrals import actions as referrals
from amana.care.referrals.models import DeclineReason, Referral
from amana.care.referrals.rules import answer_referral
from amana.design.directory.models import Service
from amana.design.directory.taxonomy import ServiceType
from amana.errors import Refused
from amana.trust.access.models import Membership, Role, Sphere, Team, User
from amana.trust.audit import anchor, checking, log, sealing
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import (
    cards,
    disclosures,
    documents,
    epochs,
    keys,
    leaving,
    roster,
)
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.models import Disclosure
from tests.profiles import each_time
from tests.properties import attacker
from tests.properties.attacker import Copy, Keys, Reader

MARK = "canary"
number = count(1)

SPHERES = {
    "shelter": Sphere.HUMANITARIAN,
    "outreach": Sphere.HUMANITARIAN,
    "clinic": Sphere.HEALTH,
    "lawyer": Sphere.LEGAL,
    "police": Sphere.LAW_ENFORCEMENT,
    "border": Sphere.BORDER,
}
MAY_FLOW = {
    # What the promises say (P07), written down a second time on purpose.
    Sphere.HUMANITARIAN: {"identity", "contact", "needs", "narrative"},
    Sphere.HEALTH: {"identity", "contact", "needs", "health"},
    Sphere.LEGAL: {"identity", "contact", "needs", "narrative", "legal", "migration"},
    Sphere.LAW_ENFORCEMENT: {"identity", "evidence"},
    Sphere.BORDER: set(),
}
FIELDS = [
    "identity.name",
    "identity.other_names",
    "contact.number",
    "needs.words",
    "needs.wishes",
    "narrative.account",
    "health.summary",
    "legal.situation",
    "migration.removal",
    "evidence.items",
]
NEEDED, FOR_THE_POLICE = ServiceType.AC3, ServiceType.PR1
"""What people need: kinds of help that no service of the test offers, so that no row
but a case's could hold them."""
SENDERS = ["shelter", "outreach"]
KINDS = ["supervisor", "worker", "focal"]
ROLES = {
    "supervisor": Role.SUPERVISOR,
    "worker": Role.CASE_WORKER,
    "focal": Role.FOCAL_POINT,
}


def word() -> str:
    """A canary: one word of letters, always as long, that stands nowhere else."""
    digits = f"{next(number):06}"
    return MARK + digits.translate(str.maketrans("0123456789", "bdfghjklmn")) + "x"


@dataclass
class Known:
    """What the test knows of a case: its words, and who may read them."""

    team: str
    fields: dict[str, str]
    words: set[str]
    files: set[str] = field(default_factory=set)
    people: set[str] | None = None
    """Named people, when the case is kept to them."""
    offered: str | None = None


@dataclass
class Shared:
    """What the test knows of a disclosure."""

    case: UUID
    recipient: str
    words: set[str]
    expires_at: datetime
    taken_back: bool = False


@dataclass
class Left:
    """A leaver: the keys that they could have kept, and what these opened that day."""

    kept: Keys
    read: set[str]
    team: str
    files: set[str]
    in_person: set[str]


@dataclass
class Mechanism:
    """Who is there before anybody is met. Made once; each life has its own copy."""

    people: dict[str, User] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)


def a_mechanism() -> Mechanism:
    made = Mechanism()
    for name, sphere in SPHERES.items():
        team = given.make_team(of=given.make_organisation(sphere=sphere))
        made.teams[name], made.members[name] = team, set()
        for kind in KINDS:
            person = f"{name} {kind}"
            made.people[person] = given.make_worker(of=team, role=ROLES[kind])
            made.members[name].add(person)
        if sphere != Sphere.BORDER:
            focal = made.people[f"{name} focal"]
            made.services[name] = given.make_service(of=team, by=focal)
    for role in (Role.ADMINISTRATOR, Role.COORDINATOR, Role.AUDITOR):
        made.people[f"nobody's {role}"] = given.make_worker(
            of=made.teams["shelter"], role=role
        )
    return made


class World(RuleBasedStateMachine):
    """Six teams, and everything that they do to each other's cases."""

    mechanism: Mechanism

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

    @initialize()
    def somebody_was_met(self) -> None:
        there = deepcopy(self.mechanism)
        self.people, self.members = there.people, there.members
        self.teams, self.services = there.teams, there.services
        self.team_of = {team.pk: name for name, team in self.teams.items()}
        # Every life begins with somebody who was met and referred: without that, most
        # would end before anything that matters.
        self.meet_someone("shelter")
        (case,) = self.cases
        fields = ["identity.name", "needs.words", "health.summary"]
        self.share(case, "clinic", fields, days=60)

    # --- the work of cases

    def word(self) -> str:
        made = word()
        self.all_words.add(made)
        return made

    def lead_of(self, case: UUID) -> User:
        return self.people[f"{self.cases[case].team} supervisor"]

    @precondition(lambda self: len(self.cases) < 3)
    @rule(team=some.sampled_from(SENDERS))
    def meet_someone(self, team: str) -> None:
        fields: dict[str, Any] = {name: self.word() for name in FIELDS}
        with committed():
            case = given.make_case(
                worked_on_by=self.people[f"{team} supervisor"],
                team=self.teams[team],
                needs=[StatedNeed(NEEDED, Urgency.U2, fields["needs.words"])],
                **{name.replace(".", "_"): text for name, text in fields.items()},
            )
        self.cases[case.pk] = Known(team, fields, set(fields.values()))

    @precondition(lambda self: self.cases)
    @rule(data=some.data(), part=some.sampled_from(["needs", "narrative", "contact"]))
    def write_something(self, data: some.DataObject, part: str) -> None:
        case, known = self.some_case(data)
        text = self.word()
        with committed():
            cases.add_note(self.row(case), C(part), text, by=self.lead_of(case))
        known.words.add(text)

    @precondition(lambda self: self.cases)
    @rule(data=some.data())
    def correct_something(self, data: some.DataObject) -> None:
        """The new revision is read, and the one before stays in the history."""
        case, known = self.some_case(data)
        text, by = self.word(), self.lead_of(case)
        opened = documents.open_documents(case, [C.NEEDS], by=by, purpose="case")
        with committed():
            cases.rewrite(
                self.row(case),
                C.NEEDS,
                {"wishes": text},
                replacing=opened[C.NEEDS, "record"].revision,
                by=by,
            )
        known.fields["needs.wishes"] = text
        known.words.add(text)

    @precondition(lambda self: self.cases)
    @rule(data=some.data())
    def keep_a_file(self, data: some.DataObject) -> None:
        case, known = self.some_case(data)
        text = self.word()
        with committed():
            documents.seal_file(
                case, C.EVIDENCE, f"a file: {text}".encode(), by=self.lead_of(case)
            )
        known.files.add(text)

    @precondition(lambda self: self.cases)
    @rule(data=some.data(), how=some.sampled_from(["page", "search", "history"]))
    def look(self, data: some.DataObject, how: str) -> None:
        """Each look is in the case's access list, or there was none."""
        case, known = self.some_case(data)
        by = self.lead_of(case)
        before = log.find_events_about(case).count()
        if how == "page":
            documents.open_documents(case, by=by, purpose="case")
        elif how == "history":
            documents.open_document_history(case, C.IDENTITY, by=by, purpose="case")
        else:
            hits = cards.search_cards(known.fields["identity.name"], by=by)
            assert case in [hit.case for hit in hits]
        assert log.find_events_about(case).count() == before + 1

    # --- need to know

    @precondition(
        lambda self: any(
            k.people is None and not k.offered for k in self.cases.values()
        )
    )
    @rule(data=some.data(), with_worker=some.booleans())
    def keep_to_named_people(self, data: some.DataObject, with_worker: bool) -> None:
        case, known = self.some_case(data, lambda k: k.people is None and not k.offered)
        named = {f"{known.team} supervisor"}
        if with_worker and f"{known.team} worker" in self.members[known.team]:
            named.add(f"{known.team} worker")
        with committed():
            cases.restrict(
                self.row(case),
                people=[self.people[name] for name in named],
                by=self.lead_of(case),
            )
        known.people = named

    @precondition(
        lambda self: any(
            k.people is not None and not k.offered for k in self.cases.values()
        )
    )
    @rule(data=some.data())
    def give_back_to_the_team(self, data: some.DataObject) -> None:
        suits = lambda k: k.people is not None and not k.offered  # noqa: E731
        case, known = self.some_case(data, suits)
        with committed():
            cases.lift_restriction(self.row(case), by=self.lead_of(case))
        known.people = None

    @precondition(lambda self: any(not k.offered for k in self.cases.values()))
    @rule(data=some.data())
    def offer_to_another_team(self, data: some.DataObject) -> None:
        case, known = self.some_case(data, lambda k: not k.offered)
        to = "outreach" if known.team == "shelter" else "shelter"
        agreed = self.word()
        with committed():
            cases.offer_transfer(
                self.row(case),
                to=self.teams[to],
                agreed=agreed,
                by=self.lead_of(case),
            )
        known.words.add(agreed)
        known.offered = to

    @precondition(lambda self: any(k.offered for k in self.cases.values()))
    @rule(data=some.data(), accept=some.booleans())
    def answer_the_offer(self, data: some.DataObject, accept: bool) -> None:
        case, known = self.some_case(data, lambda k: bool(k.offered))
        transfer = Transfer.objects.waiting().get(case=case)
        by = self.people[f"{known.offered} supervisor"]
        with committed():
            cases.answer_transfer(transfer, accept=accept, reason="no_capacity", by=by)
        if accept:
            assert known.offered
            known.team, known.people = known.offered, None
        known.offered = None

    # --- consent, and what follows from it

    @precondition(lambda self: self.cases)
    @rule(data=some.data(), days=some.sampled_from([2, 60]))
    def share_lawfully(self, data: some.DataObject, days: int) -> None:
        """One rule for the whole of a lawful act, or it would hardly be reached."""
        case, known = self.some_case(data)
        to = data.draw(some.sampled_from([t for t in self.services if t != known.team]))
        allowed = [f for f in FIELDS if f.split(".")[0] in MAY_FLOW[SPHERES[to]]]
        fields = data.draw(
            some.lists(some.sampled_from(allowed), min_size=1, max_size=3, unique=True)
        )
        self.share(case, to, fields, days=days)

    def need_for(self, case: UUID, to: str) -> Need:
        """The first; the police may hear of no other than a need of protection."""
        row = self.row(case)
        if SPHERES[to] is not Sphere.LAW_ENFORCEMENT:
            return row.needs.earliest("pk")
        known = [n for n in self.needs_of(case) if n.type == FOR_THE_POLICE]
        with committed():
            return (known and known[0]) or cases.raise_need(
                row, type=FOR_THE_POLICE, urgency="U2", by=self.lead_of(case)
            )

    def needs_of(self, case: UUID) -> list[Need]:
        return given.open_needs(self.row(case), by=self.lead_of(case))

    def share(self, case: UUID, to: str, fields: list[str], *, days: int) -> None:
        known = self.cases[case]
        conditions, note, by = self.word(), self.word(), self.lead_of(case)
        need = self.need_for(case, to)
        if Referral.objects.filter(need=need, service=self.services[to]).exists():
            return
        with committed():
            consent = given.make_consent(
                self.row(case),
                to=self.teams[to],
                by=by,
                need=need,
                fields=fields,
                conditions=conditions,
                expires_at=timezone.now() + timedelta(days=days),
            )
            referral = referrals.send(
                need, to=self.services[to], consent=consent, by=by, note=note
            )
        known.words.add(conditions)
        self.consents[consent.pk] = (case, to)
        self.shared[referral.disclosure] = Shared(
            case=case,
            recipient=to,
            words={known.fields[name] for name in fields} | {note, conditions},
            expires_at=consent.expires_at,
        )
        self.sent[referral.pk] = referral.disclosure
        read = disclosures.open_disclosure(
            Disclosure.objects.get(pk=referral.disclosure),
            by=self.someone_of(to),
            purpose="referral",
        )
        assert set(read) == {*fields, payload.NEED}
        assert payload.read_help_asked(read) in (NEEDED, FOR_THE_POLICE)

    @precondition(lambda self: self.cases)
    @rule(
        data=some.data(),
        how=some.sampled_from(
            ["to police", "to border", "outsider", "colleague", "withdrawn", "expired"]
        ),
    )
    def share_unlawfully(self, data: some.DataObject, how: str) -> None:
        case, known = self.some_case(data)
        row, by = self.row(case), self.lead_of(case)
        unlawful = {
            "to police": ("police", ["identity.name", "health.summary"]),
            "to border": ("border", ["identity.name"]),
        }
        to, fields = unlawful.get(how, ("clinic", ["identity.name"]))
        if how == "outsider":
            by = self.people["lawyer supervisor"]
        if how == "colleague":  # of the team, and not assigned
            by = self.people[f"{known.team} focal"]

        need = self.need_for(case, to)
        before = set(Disclosure.objects.values_list("pk", flat=True))

        def tried() -> None:
            consent = given.make_consent(
                row, to=self.teams[to], by=by, need=need, fields=fields
            )
            if how == "withdrawn":
                consents.withdraw(consent, by=by)
            later = timedelta(days=91 if how == "expired" else 0)
            with mock.patch.object(self, "passed", self.passed + later):
                consents.disclose(consent, by=by)

        with pytest.raises((Refused, PermissionDenied)), committed():
            tried()
        assert set(Disclosure.objects.values_list("pk", flat=True)) == before

    @precondition(lambda self: self.consents)
    @rule(data=some.data())
    def withdraw(self, data: some.DataObject) -> None:
        consent = data.draw(some.sampled_from(sorted(self.consents)))
        case, _to = self.consents.pop(consent)
        with committed():
            consents.withdraw(Consent.objects.get(pk=consent), by=self.lead_of(case))
        self.forget(Referral.objects.filter(consent=consent))

    @precondition(lambda self: self.sent)
    @rule(data=some.data())
    def decline(self, data: some.DataObject) -> None:
        self.answer(data, "decline")

    @precondition(lambda self: self.sent)
    @rule(data=some.data(), say=some.sampled_from(["accept", "write"]))
    def answer_kindly(self, data: some.DataObject, say: str) -> None:
        self.answer(data, say)

    def answer(self, data: some.DataObject, say: str) -> None:
        pk = data.draw(some.sampled_from(sorted(self.sent)))
        shared, referral = self.shared[self.sent[pk]], Referral.objects.get(pk=pk)
        by, note = self.someone_of(shared.recipient), self.word()
        try:
            with committed():
                if say == "decline":
                    referrals.decline(
                        referral, reason=DeclineReason.NO_CAPACITY, by=by, note=note
                    )
                elif say == "accept":
                    referrals.accept(referral, by=by, note=note)
                else:
                    disclosures.write_letter(
                        Disclosure.objects.get(pk=referral.disclosure),
                        "message",
                        {"text": note},
                        by=by,
                    )
        except Refused:
            return  # answered before, or declined
        shared.words.add(note)
        shared.taken_back = shared.taken_back or say == "decline"

    @precondition(lambda self: self.sent)
    @rule(data=some.data())
    def write_as_sender(self, data: some.DataObject) -> None:
        pk = data.draw(some.sampled_from(sorted(self.sent)))
        shared, note = self.shared[self.sent[pk]], self.word()
        with committed():
            disclosures.write_letter(
                Disclosure.objects.get(pk=self.sent[pk]),
                "message",
                {"text": note},
                by=self.lead_of(shared.case),
            )
        shared.words.add(note)

    @rule(days=some.sampled_from([1, 3, 59]))
    def time_passes(self, days: int) -> None:
        self.passed += timedelta(days=days)
        with committed():
            consents.expire_lapsed()
        now = timezone.now()
        lapsed = {pk for pk, shared in self.shared.items() if shared.expires_at <= now}
        for consent in Consent.objects.exclude(status=Consent.Status.GIVEN):
            self.consents.pop(consent.pk, None)
        self.forget(Referral.objects.filter(disclosure__in=lapsed))

    def forget(self, gone: object) -> None:
        for referral in list(gone):  # type: ignore[call-overload]
            self.shared.pop(referral.disclosure, None)
            self.sent.pop(referral.pk, None)

    # --- people

    @rule(
        data=some.data(),
        team=some.sampled_from(["shelter", "clinic", "outreach", "lawyer"]),
        kind=some.sampled_from(KINDS[1:]),
        then=some.sampled_from(["", "a letter", "a note", "all anew"]),
    )
    def someone_leaves(
        self, data: some.DataObject, team: str, kind: str, then: str
    ) -> None:
        """And what comes next, which would seldom be next by chance."""
        self.leave(team, kind)
        if then == "a letter" and self.sent:
            self.write_as_sender(data)
        elif then == "a note" and self.cases:
            self.write_something(data, "needs")
        elif then == "all anew" and team in self.unsettled:
            self.seal_anew(team, 500)

    def leave(self, team: str, kind: str) -> None:
        person = f"{team} {kind}"
        if person not in self.members[team] or len(self.members[team]) < 2:
            return
        user = self.people[person]
        copy = Copy.taken()
        kept = attacker.keys_of(copy, user.pk, given.PASSPHRASE, house.VAULT_PEPPERS)
        held = [k for k in self.cases.values() if k.people and person in k.people]
        self.left[person] = Left(
            kept=kept,
            read=set(self.all_words),
            team=team,
            files={f for k in self.cases.values() for f in k.files},
            in_person={w for k in held for w in k.words},
        )
        supervisor = self.people[f"{team} supervisor"]
        with committed():
            given.end_membership(
                Membership.objects.active().get(user=user), by=supervisor
            )
            epochs.renew_where_due(supervisor)
        self.members[team].discard(person)
        for known in self.cases.values():
            if known.people:
                known.people.discard(person)
        keys.get_keyring(supervisor).forget_teams()
        self.unsettled.add(team)

    @precondition(lambda self: self.unsettled)
    @rule(data=some.data(), limit=some.sampled_from([1, 5, 500]))
    def seal_some_anew(self, data: some.DataObject, limit: int) -> None:
        self.seal_anew(data.draw(some.sampled_from(sorted(self.unsettled))), limit)

    def seal_anew(self, team: str, limit: int) -> None:
        by = self.people[f"{team} supervisor"]
        epoch = epochs.find_current_epoch(self.teams[team])
        assert epoch is not None
        with committed():
            if leaving.rewrap_some(epoch, by=by, limit=limit).is_complete:
                self.unsettled.discard(team)

    @precondition(lambda self: len(self.cases) > 1)
    @rule(data=some.data())
    def erase(self, data: some.DataObject) -> None:
        case, _known = self.some_case(data)
        with committed():
            documents.shred(case)
        del self.cases[case]
        gone = {pk for pk, shared in self.shared.items() if shared.case == case}
        self.forget(Referral.objects.filter(disclosure__in=gone))
        self.consents = {
            pk: about for pk, about in self.consents.items() if about[0] != case
        }
        Case.objects.filter(pk=case).update(restricted=False)

    # --- what must hold after each step

    def may_read(self, person: str) -> set[str]:
        """What consent and need-to-know allow this person to read."""
        words: set[str] = set()
        for known in self.cases.values():
            if self.holds(person, known):
                words |= known.words | known.files
        for shared in self.shared.values():
            theirs = person in self.members[shared.recipient] and not shared.taken_back
            if theirs or self.holds(person, self.cases[shared.case]):
                words |= shared.words
        return words

    def holds(self, person: str, known: Known) -> bool:
        if known.offered and person in self.members[known.offered]:
            return True
        if known.people is not None:
            return person in known.people
        return person in self.members[known.team]

    @invariant()
    def a_copy_opens_to_nobody_what_it_should_not(self) -> None:
        copy = Copy.taken()
        self.everyone_reads_exactly_what_consent_allows(copy)
        self.nothing_written_since_is_opened_by_keys_that_a_leaver_kept(copy)
        self.no_word_lies_in_the_clear(copy)

    def everyone_reads_exactly_what_consent_allows(self, copy: Copy) -> None:
        for person, user in self.people.items():
            found = attacker.keys_of(
                copy, user.pk, given.PASSPHRASE, house.VAULT_PEPPERS
            )
            lit = self.reader.lit(copy, found)
            assert lit == self.may_read(person), (
                person,
                "reads besides:",
                sorted(lit - self.may_read(person)),
                "does not read:",
                sorted(self.may_read(person) - lit),
            )
            if person.startswith("nobody's"):
                assert lit == set(), person

    def nothing_written_since_is_opened_by_keys_that_a_leaver_kept(
        self, copy: Copy
    ) -> None:
        for person, left in self.left.items():
            lit = self.reader.lit(copy, attacker.everything(copy, left.kept))
            assert lit <= left.read, (person, sorted(lit - left.read))
            if left.team not in self.unsettled:
                # Sealed anew: but for files, and what waits for its next writer.
                assert lit <= left.files | left.in_person, (person, sorted(lit))

    def no_word_lies_in_the_clear(self, copy: Copy) -> None:
        assert copy.holds(self.all_words) == set()
        assert copy.holds_codes({NEEDED, FOR_THE_POLICE}) == set()
        assert not any(MARK in str(message.message()) for message in mail.outbox)
        assert MARK not in self.said.getvalue()
        for path in self.files.rglob("*"):
            assert not path.is_file() or MARK.encode() not in path.read_bytes(), path

    @invariant()
    def no_list_shows_more_than_keys_open(self) -> None:
        """A rule that has grown stale would list what its reader can't read."""
        asked = sorted(self.people)
        some_of_them = asked[self.steps % 7 :: 7]  # the others after other steps
        self.steps += 1
        for person in {*self.left, *some_of_them}:
            fresh = User.objects.get(pk=self.people[person].pk)
            listed = see_case.among(Case.objects.all(), fresh)
            for case in listed.values_list("pk", flat=True):
                if case in self.cases:
                    assert self.holds(person, self.cases[case]), person
            inbox = answer_referral.among(Referral.objects.all(), fresh)
            for recipient in inbox.values_list("recipient", flat=True):
                assert person in self.members[self.team_of[recipient]], person

    @invariant()
    def the_log_holds_and_knows_each_case(self) -> None:
        sealing.seal_all()
        assert checking.check_whole_log().waiting == []
        for case in self.cases:
            assert AuditEvent.objects.about_case(case).exists()

    # --- drawing

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


# --- round about


IN_THE_DATABASE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@contextmanager
def all_in_one_transaction() -> Iterator[None]:
    """A life of the machine leaves nothing behind, in the database or beside it."""
    forget()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    forget()


def forget() -> None:
    """What a file and this process know of the life before."""
    anchor.get_path().unlink(missing_ok=True)
    roster.seen.forget()


@contextmanager
def committed() -> Iterator[None]:
    """What an action leaves for after the commit is done then and there."""
    with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
        yield


@contextmanager
def everything_logged() -> Iterator[StringIO]:
    """All that any logger says, SQL with its parameters excepted."""
    said = StringIO()
    handler = logging.StreamHandler(said)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield said
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


@contextmanager
def own_temporary_files() -> Iterator[Path]:
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.object(tempfile, "tempdir", folder),
    ):
        yield Path(folder)


def live(steps: int = 14) -> bool:
    """Let the machine run: for the test itself, and with a fault planted."""
    run_state_machine_as_test(
        type("ThisWorld", (World,), {"mechanism": a_mechanism()}),
        settings=settings(
            max_examples=each_time(15),
            stateful_step_count=steps,
            suppress_health_check=list(HealthCheck),
            deadline=None,
        ),
    )
    return True


@pytest.mark.django_db
def test_a_copy_of_the_database_and_a_secret_open_what_consent_allows() -> None:
    assert live()
