"""Steps of the machine: consent, and what follows from it."""

from copy import deepcopy
from datetime import timedelta
from unittest import mock
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import strategies as some
from hypothesis.stateful import initialize, precondition, rule

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Need
from amana.care.consent import actions as consents
from amana.care.consent import payload
from amana.care.consent.models import Consent
from amana.care.referrals import actions as referrals
from amana.care.referrals.models import DeclineReason, Referral
from amana.errors import Refused
from amana.trust.access.models import Sphere
from amana.trust.vault import disclosures
from amana.trust.vault.models import Disclosure

from .case_work import CaseWork
from .knowledge import FIELDS, FOR_THE_POLICE, MAY_FLOW, NEEDED, SPHERES, Shared
from .surroundings import committed


class Sharing(CaseWork):
    """Share with consent and without, answer, withdraw, and let time pass."""

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
