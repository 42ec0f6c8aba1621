"""Rows of a large world, written in bulk: cases, referrals, and what goes with them."""

import json
import os
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import models

from amana.care.cases import need_kinds, signed_case
from amana.care.cases.models import Case, Need
from amana.care.consent import payload
from amana.care.consent import signed_consents as consents
from amana.care.consent.models import Consent
from amana.care.pathways import bringing
from amana.care.referrals.models import Referral, ReferralStatus
from amana.design.directory.models import Service
from amana.design.directory.taxonomy import ServiceType
from amana.design.mechanism.models import Version
from amana.design.pathway.run_events import EventKind, RunEvent
from amana.trust.access.models import Team, User
from amana.trust.vault import cards, crypto, disclosures, documents, keys, manifest
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.models import (
    CompartmentKey,
    CompartmentWrap,
    Disclosure,
    DisclosureWrap,
    Document,
    SearchCard,
    TeamKey,
)

WORKED_ON_BY_ONE = 60
SEALED_FIRST = (Compartment.IDENTITY, Compartment.CONTACT, Compartment.NEEDS)
"""The compartments that a case has from its first meeting."""
BED = ServiceType.SH2
"""What each of these cases needs."""
NAMES = ["Amina", "Hiwot", "Blessing", "Fatima", "Rosa", "Meaza", "Yasmin", "Chipo"]
FAMILIES = ["Gebre", "Okafor", "Rahman", "Thapa", "Osman", "Warsame", "Haddad", "Bah"]


@dataclass
class World:
    ours: Team
    worker: User
    supervisor: User
    answerer: User
    sender: User
    """Of another team, who sends what is measured: our own team's lists don't grow."""
    version: Version
    """The mechanism in force, whose pathway each of our cases follows."""
    services: list[Service]
    others: list[User]
    """One member of each other team, to whom its cases are assigned."""
    colleagues: list[User]
    """Of our own team: each leads some of our cases, and is there in name only."""
    cases: int = 0

    @property
    def elsewhere(self) -> list[Service]:
        """Three houses to which is sent what is measured."""
        return self.services[1:4]

    @property
    def service(self) -> Service:
        """The one to whose team one referral in ten goes."""
        return self.services[0]


def begin_way(cases: list[Case], world: World) -> None:
    """Half of them with a step of ours due, half waiting for the office."""
    histories = [(case, told_of(case, number)) for number, case in enumerate(cases)]
    bringing.write_histories(histories, version=world.version, by=world.worker)


def told_of(case: Case, number: int) -> list[RunEvent]:
    at = case.opened_at
    start = RunEvent(
        EventKind.START, at, data={"age_group": "adult", "urgency": case.urgency}
    )
    done = [
        ("meet", {"safety": "safe"}),
        ("inform", {"agrees": "yes"}),
        ("screen", {"presumed": "yes"}),
    ]
    steps = done[: 1 if number % 2 else 3]
    return [
        start,
        *(
            RunEvent(
                EventKind.DONE,
                at + timedelta(hours=n),
                step,
                data=data,
                role="responder",
            )
            for n, (step, data) in enumerate(steps, start=1)
        ),
    ]


def led_by(number: int, world: World) -> User:
    """Of our cases, the first sixty are the worker's own."""
    mine = number // 5 < WORKED_ON_BY_ONE
    return world.worker if mine else random.choice(world.colleagues)


def seal_ours(needs: list[Need], team: Team, worker: User) -> list[Document]:
    """What `documents` and `cards` would write, in bulk: of each case with its need."""
    team_key = keys.get_current_key(team)
    made: list[CompartmentKey] = []
    wraps: list[CompartmentWrap] = []
    papers, found = [], []
    for need in needs:
        case = need.case
        name = f"{random.choice(NAMES)} {random.choice(FAMILIES)}"
        for compartment in SEALED_FIRST:
            key = CompartmentKey(case=case.pk, compartment=compartment)
            secret = crypto.generate_key()
            made.append(key)
            wraps += documents.wrap_key_for_holders(key, secret, [team_key])
            papers.append(paper(key, secret, {"name": name, "words": "x" * 200}))
            if compartment is need_kinds.PART:
                what = {need_kinds.KIND: BED.value, need_kinds.WORDS: "x" * 50}
                papers.append(paper(key, secret, what, name=need.document))
        born = f"{random.randrange(1970, 2010)}-{random.randrange(1, 13):02}-15"
        card = {"reference": case.reference, "name": name, "birth_date": born}
        text = cards._text(card)
        found.append(cards._for_team(case.pk, text, team_key, by=worker))
    insert(made, wraps, papers, found)
    return papers


def sign(
    cases: list[Case],
    papers: list[Document],
    shared: list[tuple[Consent, Disclosure]],
    world: World,
) -> None:
    """The first state of each of our cases, as opening it would sign it, and of those
    of which the team that we look at has received something."""
    written, told = defaultdict(list), defaultdict(list)
    for document in papers:
        written[document.key.case].append(document)
    for consent, disclosure in shared:
        told[disclosure.case].append((consent, disclosure))
    for case in cases:
        if not written[case.pk] and not any(
            disclosure.recipient_id == world.service.team_id
            for _consent, disclosure in told[case.pk]
        ):
            continue
        with manifest.change_case(case.pk, by=world.worker, new=True) as state:
            state.facts |= signed_case.build_facts(case)
            state.give(SEALED_FIRST, [f"team:{case.team_id}"])
            for document in written[case.pk]:
                part = document.key.compartment
                state.put(part, document.name, document.revision, document.pk)
            for consent, disclosure in told[case.pk]:
                state.facts |= facts_of(consent, disclosure)


def facts_of(consent: Consent, disclosure: Disclosure) -> dict[str, Any]:
    heard = {"sphere": consent.recipient.organisation.sphere, "heard": ""}
    agreed = {**(consents.get_terms(consent) or {}), **heard}
    return {
        consents.build_name(consent): agreed,
        **disclosures.wraps._shared(disclosure),
        **disclosures.build_reader_fact(disclosure),
    }


def paper(
    key: CompartmentKey,
    secret: bytes,
    content: dict[str, str],
    name: str = documents.RECORD,
) -> Document:
    document = Document(key=key, name=name)
    plain = crypto.fill_with_spaces(json.dumps(content).encode(), documents.PAD_TO)
    document.sealed = crypto.seal(
        secret, plain, at=documents.bind_document_place(document)
    )
    return document


def seal_others(cases: list[Case]) -> None:
    """Insert rows of the right size, which no key opens."""
    holders = dict(TeamKey.objects.values_list("team", "pk"))
    made, wraps, papers, found = [], [], [], []
    for case in cases:
        holder = holders[case.team_id]
        for compartment in SEALED_FIRST:
            key = CompartmentKey(case=case.pk, compartment=compartment)
            made.append(key)
            wraps.append(
                CompartmentWrap(key=key, team_key_id=holder, sealed=os.urandom(1169))
            )
            papers.append(Document(key=key, name="record", sealed=os.urandom(285)))
        found.append(
            SearchCard(case=case.pk, team_key_id=holder, sealed=os.urandom(157))
        )
    insert(made, wraps, papers, found)


def insert(*rows: Sequence[models.Model]) -> None:
    for some in rows:
        if some:
            type(some[0])._default_manager.bulk_create(some, batch_size=500)


def refer(needs: list[Need], world: World) -> list[tuple[Consent, Disclosure]]:
    """Six referrals for ten cases; one in ten of them to the team we look at."""
    agreed, referrals = [], []
    for need in needs:
        if random.random() > 0.6:
            continue
        service = world.service
        if random.random() > 0.1:
            service = random.choice(world.services)
        consent = a_consent(need, service, world.worker)
        agreed.append(consent)
        referrals.append(a_referral(need, service, consent))
    insert(agreed, referrals)
    return list(zip(agreed, share(referrals, world), strict=True))


def share(referrals: list[Referral], world: World) -> list[Disclosure]:
    """What goes with each; really sealed where the team that we look at receives it,
    or where our team sends it, which seals it again when someone leaves."""
    keys = {key.team_id: key for key in TeamKey.objects.filter(retired_at=None)}
    really = {world.ours.pk, world.service.team_id}
    shared, wraps = [], []
    for referral in referrals:
        disclosure = a_disclosure(referral)
        holders = {keys[referral.sender_id], keys[referral.recipient_id]}
        secret = crypto.generate_key()
        opened = {key for key in holders if key.team_id in really}
        if opened:
            said = {"identity.name": random.choice(NAMES), "needs.words": "x" * 200}
            said |= {payload.NEED: BED.value}
            disclosure.sealed = crypto.seal(
                secret,
                disclosures.encode_padded_content(said),
                at=disclosures.bind_disclosure_place(disclosure),
            )
        wraps += disclosures.wrap_secret_for_holders(disclosure, secret, opened)
        wraps += [
            DisclosureWrap(disclosure=disclosure, team_key=key, sealed=os.urandom(1169))
            for key in holders - opened
        ]
        shared.append(disclosure)
    insert(shared, wraps)
    return shared


def a_disclosure(referral: Referral) -> Disclosure:
    return Disclosure(
        pk=referral.disclosure,
        consent=referral.basis_id,
        case=referral.case_id,
        recipient=referral.recipient,
        purpose=Consent.Purpose.REFERRAL,
        fields=referral.basis.fields,
        expires_at=referral.basis.expires_at,
        sealed=os.urandom(285),
    )


def a_consent(need: Need, service: Service, taken_by: User) -> Consent:
    return Consent(
        case=need.case,
        recipient=service.team,
        fields=["identity.name", "needs.words"],
        purpose=Consent.Purpose.REFERRAL,
        status=Consent.Status.GIVEN,
        expires_at=need.raised_at + timedelta(days=random.randrange(1, 90)),
        language="en",
        mode=Consent.Mode.SPOKEN,
        understood=True,
        text_version="bench",
        taken_by=taken_by,
    )


def a_referral(need: Need, service: Service, consent: Consent) -> Referral:
    status = random.choice(
        [ReferralStatus.SENT, ReferralStatus.RECEIVED, ReferralStatus.ACCEPTED]
    )
    sent = need.raised_at
    return Referral(
        case=need.case,
        need=need,
        service=service,
        sender=need.case.team,
        recipient=service.team,
        consent=consent,
        disclosure=uuid4(),
        urgency=need.urgency,
        status=status,
        stage=status.stage,
        sent_at=sent,
        due_at=sent + timedelta(hours=random.randrange(-100, 500)),
        answered_at=sent if status is ReferralStatus.ACCEPTED else None,
    )
