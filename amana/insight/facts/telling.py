"""From what happened in a case to facts that wait.

What the case's own team does is told at once, with what only its words say of whom it
is. What others do (the service that answers, the authority that decides, the clock)
waits, in codes that the case store has in the clear anyway, until that team next does
something. So nobody is left without a sex because somebody else acted.

What kind of help it is about is sealed in the case: a fact names the need (`NEED`), and
is given its kind when it is told by a colleague who opens that."""

import logging
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists
from django.utils import timezone

from amana.insight.facts import actions, codes, whom
from amana.insight.facts.actions import agency, first_of
from amana.insight.facts.kinds import KINDS
from amana.insight.facts.models import UntoldFact
from amana.trust.access.models import Team, User
from amana.trust.alarms.decoys import is_decoy
from amana.trust.vault.keys import Keyring

problems = logging.getLogger(__name__)

NEED = "need"
"""In place of the topic: of which need it is told."""

type Said = tuple[str, Mapping[str, Any]]
"""A kind, and what is said of it."""


def by_its_team(
    case: UUID,
    team: int,
    some: Sequence[Said],
    *,
    by: User,
    flags: Collection[str] = (),
    again: str = "",
) -> None:
    """What the case's own team did. `again`: what the one fact is of, if it may be told
    once more, and then corrects what was told before."""
    if not some:
        return
    here, others_did = acted(team, case)
    told = [(kind, {**here, **said}) for kind, said in some]
    if not unlocked(by):
        later(case, told)
        return
    if others_did:
        told += taken(case)
    needs = {UUID(said[NEED]) for _kind, said in told if NEED in said}
    known = whom.of(case, by=by, flags=flags, needs=needs)
    if known is None:
        later(case, told)
        return
    person = of_whom(known)
    if again in known.told:
        told[0][1]["corrects"] = UUID(known.told[again])
    ids = waits(case, told, [(kind, named(known, person, said)) for kind, said in told])
    if again and ids:
        whom.keep(case, known, {again: ids[0]}, by=by)


def by_its_words(case: UUID, team: int, some: Mapping[str, Said], *, by: User) -> None:
    """What only the sealed words of a case say, each under what it is of: told once,
    and later as a correction. What nobody knows is told only if it corrects. Where it
    can't be sealed it is not told at all, as in the clear nothing may say it."""
    if not some:
        return
    here = acted(team, case)[0]
    known = whom.of(case, by=by) or whom.NOBODY
    person, told, of = of_whom(known), [], []
    for what, (kind, said) in some.items():
        before = known.told.get(what)
        if before or is_known(said):
            corrects = {"corrects": UUID(before)} if before else {}
            told.append((kind, {**here, **person, **said, **corrects}))
            of.append(what)
    if ids := sealed(case, told):
        whom.keep(case, known, dict(zip(of, ids, strict=True)), by=by)


def by_clock(case: UUID, team: int, some: Sequence[Said]) -> None:
    """What a case's own team decided and the clock carries out, which holds no key:
    told at once without saying of whom it is, since it may not wait in the clear."""
    here = acted(team, case)[0]
    sealed(case, [(kind, {**here, **said}) for kind, said in some])


def sealed(case: UUID, told: Sequence[Said]) -> list[UUID]:
    """Told sealed or not at all; of a decoy case never."""
    if is_decoy(case):
        return []
    try:
        return actions.tell_all_of_person(told, person=case)
    except OSError as no_key:
        problems.error("facts can't be sealed: %s", type(no_key))
        return []


def named(
    known: whom.Whom, person: Mapping[str, str], said: Mapping[str, Any]
) -> dict[str, Any]:
    """What is said, of whom, and of which kind of help."""
    topic = known.kinds.get(said[NEED], "") if NEED in said else ""
    return {**person, **without_need(said), **({"topic": topic} if topic else {})}


def without_need(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name != NEED}


def of_whom(known: whom.Whom) -> dict[str, str]:
    return {**known.said, "area": whom.region(known.area)}


def is_known(said: Mapping[str, Any]) -> bool:
    return bool(said.get("result")) or said.get("number") is not None


def by_others(case: UUID, team: int | None, some: Sequence[Said]) -> None:
    """What another team did, or the clock (None)."""
    if some:
        here = acted(team, case)[0] if team is not None else {}
        later(case, [(kind, {**here, **said}) for kind, said in some])


def waits(case: UUID, told: Sequence[Said], in_full: Sequence[Said]) -> list[UUID]:
    """Sealed in full; if the key can't be read or made, what happened happens all the
    same, and is told later."""
    if is_decoy(case):
        return []
    try:
        return actions.tell_all_of_person(in_full, person=case)
    except OSError as no_key:
        problems.error("facts can't be sealed: %s", type(no_key))
        later(case, told)
        return []


def later(case: UUID, told: Sequence[Said]) -> None:
    """Without what only sealed words say."""
    if is_decoy(case):
        return
    month = first_of(timezone.localdate())
    UntoldFact.objects.bulk_create(
        UntoldFact(
            case_id=case,
            month=said.get("month", month),
            said={"kind": kind, **without_words(kind, said)},
        )
        for kind, said in told
    )


def without_words(kind: str, said: Mapping[str, Any]) -> dict[str, Any]:
    left_out = {*codes.OF_A_PERSON, "area", "month", "corrects", *KINDS[kind].sealed}
    return {name: value for name, value in said.items() if name not in left_out}


def read(untold: UntoldFact) -> tuple[str, dict[str, Any]]:
    """A fact as it was put by."""
    said = {**untold.said, "month": untold.month}
    return said.pop("kind"), said


def taken(case: UUID) -> list[tuple[str, dict[str, Any]]]:
    """What others did, to be told now, and once: of two at once, one finds it."""
    untold = UntoldFact.objects.filter(case=case).order_by("pk")
    rows = list(untold.select_for_update())
    UntoldFact.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return [read(row) for row in rows]


def acted(team: int, case: UUID) -> tuple[dict[str, str], bool]:
    """The agency that acted, and what it works in; and whether something waits that
    others did in the case. One query."""
    untold = Exists(UntoldFact.objects.filter(case=case))
    found = Team.objects.filter(pk=team).annotate(untold=untold)
    name, sphere, others_did = found.values_list(
        "organisation__name", "organisation__sphere", "untold"
    ).get()
    return {"agency": agency(name), "sector": sphere}, others_did


def unlocked(by: User | None) -> bool:
    return by is not None and isinstance(by.keyring, Keyring)
