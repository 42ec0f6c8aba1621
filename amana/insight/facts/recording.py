"""Record what happened in a case as observations that wait.

What the case's own team does is recorded at once, with what only its sealed words say
about the person. What others do (the service that answers, the authority that decides,
the clock) waits, in codes that the case store has in the clear anyway, until that team
next does something. So no person's sex is left unknown because another team acted.

The kind of help is sealed in the case: an observation names the need (`NEED`), and is
given its kind when a colleague who can open that records it.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists
from django.utils import timezone

from amana.insight.facts import actions, codes, whom
from amana.insight.facts.actions import build_agency_code, get_month_start
from amana.insight.facts.kinds import KINDS
from amana.insight.facts.models import DeferredObservation
from amana.trust.access.models import Team, User
from amana.trust.alarms.decoys import is_decoy
from amana.trust.vault.keys import Keyring

problems = logging.getLogger(__name__)

NEED = "need"
"""In place of the topic: of which need it is told."""

type Said = tuple[str, Mapping[str, Any]]
"""A kind, and what is said of it."""


def record_team_observations(
    case: UUID,
    team: int,
    some: Sequence[Said],
    *,
    by: User,
    flags: Collection[str] = (),
    again: str = "",
) -> None:
    """Record what the case's own team did. `again`: what the first observation is of,
    if it may be recorded once more, and then corrects what was recorded before."""
    if not some:
        return
    here, others_did = get_acting_agency(team, case)
    told = [(kind, {**here, **said}) for kind, said in some]
    # Without keys it is not known who the case is about. The observation waits for the
    # team's next act rather than be written with everything unknown.
    if not is_unlocked(by):
        defer_observations(case, told)
        return
    if others_did:
        told += take_deferred(case)
    needs = {UUID(said[NEED]) for _kind, said in told if NEED in said}
    known = whom.read_person_codes(case, by=by, flags=flags, needs=needs)
    if known is None:
        defer_observations(case, told)
        return
    person = get_person_codes(known)
    if again in known.told:
        told[0][1]["corrects"] = UUID(known.told[again])
    ids = seal_or_defer(
        case,
        told,
        [(kind, add_person_codes(known, person, said)) for kind, said in told],
    )
    if again and ids:
        whom.record_observation_ids(case, known, {again: ids[0]}, by=by)


def record_sealed_observations(
    case: UUID, team: int, some: Mapping[str, Said], *, by: User
) -> None:
    """Record what is only in the sealed words of a case, each under what it is of:
    once, and later as a correction. Unknown answers are recorded only if they
    correct."""
    if not some:
        return
    here = get_acting_agency(team, case)[0]
    known = whom.read_person_codes(case, by=by) or whom.NOBODY
    person, told, of = get_person_codes(known), [], []
    for what, (kind, said) in some.items():
        before = known.told.get(what)
        if before or is_known(said):
            corrects = {"corrects": UUID(before)} if before else {}
            told.append((kind, {**here, **person, **said, **corrects}))
            of.append(what)
    # Sealed or not at all: in the clear nothing may show that there is such an
    # observation.
    if ids := seal_observations(case, told):
        whom.record_observation_ids(case, known, dict(zip(of, ids, strict=True)), by=by)


def record_clock_observations(case: UUID, team: int, some: Sequence[Said]) -> None:
    """Record what a case's own team decided and the clock carries out, which holds no
    key: at once and without who it is about, since it may not wait in the clear."""
    here = get_acting_agency(team, case)[0]
    seal_observations(case, [(kind, {**here, **said}) for kind, said in some])


def seal_observations(case: UUID, told: Sequence[Said]) -> list[UUID]:
    """Seal observations, or drop them where that is not possible; those of a decoy case
    always."""
    # A decoy case is of no person and would make figures false.
    if is_decoy(case):
        return []
    try:
        return actions.record_pending_observations(told, person=case)
    except OSError as no_key:
        problems.error("facts can't be sealed: %s", type(no_key))
        return []


def add_person_codes(
    known: whom.Whom, person: Mapping[str, str], said: Mapping[str, Any]
) -> dict[str, Any]:
    """Add who an observation is about, and the kind of help, to its other codes."""
    topic = known.kinds.get(said[NEED], "") if NEED in said else ""
    return {**person, **remove_need(said), **({"topic": topic} if topic else {})}


def remove_need(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name != NEED}


def get_person_codes(known: whom.Whom) -> dict[str, str]:
    return {**known.said, "area": whom.get_region_code(known.area)}


def is_known(said: Mapping[str, Any]) -> bool:
    return bool(said.get("result")) or said.get("number") is not None


def record_others_observations(
    case: UUID, team: int | None, some: Sequence[Said]
) -> None:
    """Record what another team did, or the clock (None)."""
    if some:
        here = get_acting_agency(team, case)[0] if team is not None else {}
        defer_observations(case, [(kind, {**here, **said}) for kind, said in some])


def seal_or_defer(
    case: UUID, told: Sequence[Said], in_full: Sequence[Said]
) -> list[UUID]:
    """Seal observations in full. If the key can't be read or made, the act is carried
    out all the same, and they are deferred."""
    if is_decoy(case):
        return []
    try:
        return actions.record_pending_observations(in_full, person=case)
    except OSError as no_key:
        problems.error("facts can't be sealed: %s", type(no_key))
        defer_observations(case, told)
        return []


def defer_observations(case: UUID, told: Sequence[Said]) -> None:
    """Defer observations, without what is only in sealed words."""
    if is_decoy(case):
        return
    month = get_month_start(timezone.localdate())
    DeferredObservation.objects.bulk_create(
        DeferredObservation(
            case_id=case,
            month=said.get("month", month),
            said={"kind": kind, **remove_sealed_columns(kind, said)},
        )
        for kind, said in told
    )


def remove_sealed_columns(kind: str, said: Mapping[str, Any]) -> dict[str, Any]:
    left_out = {*codes.OF_A_PERSON, "area", "month", "corrects", *KINDS[kind].sealed}
    return {name: value for name, value in said.items() if name not in left_out}


def read_deferred(untold: DeferredObservation) -> tuple[str, dict[str, object]]:
    """Read a deferred observation."""
    said = {**untold.said, "month": untold.month}
    return said.pop("kind"), said


def take_deferred(case: UUID) -> list[tuple[str, dict[str, object]]]:
    """Take what others did in a case, to be recorded now and once."""
    untold = DeferredObservation.objects.filter(case=case).order_by("pk")
    # Locked before they are deleted: of two acts at once, one takes each row and the
    # other finds none.
    rows = list(untold.select_for_update())
    DeferredObservation.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return [read_deferred(row) for row in rows]


def get_acting_agency(team: int, case: UUID) -> tuple[dict[str, str], bool]:
    """Get the agency that acted, with its sector; and whether an observation that
    others caused waits in the case. One query."""
    untold = Exists(DeferredObservation.objects.filter(case=case))
    found = Team.objects.filter(pk=team).annotate(untold=untold)
    name, sphere, others_did = found.values_list(
        "organisation__name", "organisation__sphere", "untold"
    ).get()
    return {"agency": build_agency_code(name), "sector": sphere}, others_did


def is_unlocked(by: User | None) -> bool:
    return by is not None and isinstance(by.keyring, Keyring)
