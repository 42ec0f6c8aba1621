"""Each night's batch: from pending observations to ones that can't be linked to a
person.

Two things could link them: the order in which they came, and their content. The order
is undone by shuffling, random keys and one transaction. The content is handled here: an
observation keeps what is only in sealed words (age, sex, …) with what the case store
shows in the clear (agency, time, topic, …) only if it has all of the latter in common
with the observations of ten other people at least (ADR 23).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from secrets import SystemRandom

from django.utils import timezone

from amana.design.directory.models import Area
from amana.insight.facts import codes
from amana.insight.facts.actions import build_observation, get_month_start
from amana.insight.facts.kinds import KINDS
from amana.insight.facts.models import (
    DeferredObservation,
    Observation,
    PendingObservation,
)
from amana.insight.facts.recording import read_deferred, remove_need
from amana.insight.facts.waiting import (
    COLUMNS,
    WaitingObservation,
    count_people,
    get_box,
    get_known_columns,
    lock_batch,
)
from amana.trust.audit import log

ENOUGH = 11
"""So many different people, or nothing is written (as CTDC: no cell below 11)."""

chance = SystemRandom()

type Names = tuple[str, ...]

WHO: Names = codes.OF_A_PERSON
IN_THE_CLEAR: Names = tuple(name for name in COLUMNS if name not in WHO)
RUNGS: tuple[Names, ...] = (
    ("agency",),
    ("agency", "area", "urgency", "topic"),
    ("agency", "area", "urgency", "topic", "band", "sector", "reason"),
)
"""What a fact of a month that is over loses, rung by rung, until it looks like those of
enough people. If it never does, it keeps all this, and says nothing of who it was:
then it says what the case store says, and no more."""
WHERE: Names = ("agency", "sector", "area")
"""What it loses too if not even its result is there in the clear (`Kind.sealed`).

Of a kind that is hidden, nothing is written that does not look like those of enough
people: its month over, it goes on waiting as a fact of the month that begins."""


@dataclass(frozen=True)
class Night:
    """The result of a batch."""

    written: int
    waiting: int
    lost: int


def write_batch(*, give_up_lost: bool = False) -> Night:
    """Write what may be written, and reseal the rest under a fresh key. What no key
    opens stays where it is, in case the key is found again, unless it is given up."""
    with get_box().emptied(within=lock_batch()) as emptied:
        rows = {row.pk: bytes(row.sealed) for row in PendingObservation.objects.all()}
        found = {pk: emptied.opened(sealed) for pk, sealed in rows.items()}
        told = [
            WaitingObservation.read(plain)
            for plain in found.values()
            if plain is not None
        ]
        told += take_overdue_deferred()
        lost = {pk for pk, plain in found.items() if plain is None}
        ready, waiting = separate_ready(told, today=timezone.localdate())
        PendingObservation.objects.filter(
            pk__in=list(rows if give_up_lost else rows.keys() - lost)
        ).delete()
        insert_observations(ready)
        store_pending(waiting)
        if rows:
            log.record("wrote facts", by=None, facts=len(ready), lost=len(lost))
    return Night(len(ready), len(waiting), len(lost))


# --- which are ready


class Sorting:
    """What waits, and what of it is ready."""

    def __init__(self, told: Iterable[WaitingObservation]) -> None:
        found = merge_corrections(told)
        self.waiting = {
            telling.fact.pk: telling for telling in found if not is_taken_back(telling)
        }
        self.taken_back = [telling for telling in found if is_taken_back(telling)]
        self.ready: list[WaitingObservation] = []

    def take(self, some: Iterable[WaitingObservation]) -> None:
        for telling in some:
            del self.waiting[telling.fact.pk]
            self.ready.append(telling)

    def still(self, some: Iterable[WaitingObservation]) -> list[WaitingObservation]:
        return [telling for telling in some if telling.fact.pk in self.waiting]

    @property
    def rest(self) -> list[WaitingObservation]:
        return [*self.waiting.values(), *self.taken_back]


def separate_ready(
    told: Sequence[WaitingObservation], *, today: date, rungs: Sequence[Names] = RUNGS
) -> tuple[list[Observation], list[WaitingObservation]]:
    """Separate the observations that may be written now from those that have to wait
    longer."""
    night = Sorting(told)
    everything = night.rest
    night.take(
        [telling for telling in night.waiting.values() if has_no_person_codes(telling)]
    )
    night.take(choose_k_anonymous(night.waiting.values()))
    over = [
        telling
        for telling in night.waiting.values()
        if is_over(telling, get_month_start(today))
    ]
    # Of what has a topic too, half say where it was and half who: unknown by chance
    # alone, so that shares stay as they are.
    who = [telling for telling in over if may_keep_person_codes(telling)]
    for names in rungs:
        night.take(
            choose_k_anonymous(
                [remove_columns(telling, names) for telling in night.still(who)]
            )
        )
    left = night.still(over)
    night.take(
        [remove_person_codes(telling) for telling in left if not is_hidden(telling)]
    )
    if count_people(night.ready) < ENOUGH:
        return [], everything
    for telling in night.still(left):
        telling.fact.month = get_month_start(today)
    return [telling.fact for telling in night.ready], night.rest


def merge_corrections(told: Iterable[WaitingObservation]) -> list[WaitingObservation]:
    """Merge corrections: drop each observation that another, which waits too,
    corrects."""
    by_id = {telling.fact.pk: telling for telling in told}
    replaced = {telling.fact.corrects for telling in by_id.values()}
    for telling in by_id.values():
        while telling.fact.corrects in by_id:
            telling.fact.corrects = by_id[telling.fact.corrects].fact.corrects
    return [telling for pk, telling in by_id.items() if pk not in replaced]


def is_hidden(one: WaitingObservation) -> bool:
    return KINDS[one.fact.kind].is_hidden


def is_taken_back(one: WaitingObservation) -> bool:
    """Check whether it is a hidden answer that was taken back before it was written: it
    only waits for the next, which takes its place."""
    known = one.fact.result or one.fact.number is not None or one.fact.corrects
    return is_hidden(one) and not known


def may_keep_person_codes(one: WaitingObservation) -> bool:
    """Decide whether an observation keeps who it is about. A hidden one keeps all of it
    or nothing, so chance does not decide."""
    return is_hidden(one) or not one.fact.topic or chance.random() < 0.5


def has_no_person_codes(one: WaitingObservation) -> bool:
    fact = one.fact
    said = any(getattr(fact, name) for name in WHO) or has_sealed_codes(fact)
    return not fact.corrects and not said


def has_sealed_codes(fact: Observation) -> bool:
    sealed = KINDS[fact.kind].sealed
    return any(getattr(fact, name) not in ("", None) for name in sealed)


def remove_person_codes(one: WaitingObservation) -> WaitingObservation:
    """Remove what would reveal more about a person than the case store does."""
    return remove_columns(one, (*WHO, *WHERE) if has_sealed_codes(one.fact) else WHO)


def is_over(one: WaitingObservation, this_month: date) -> bool:
    """Check whether its month is over. A correction waits for ten others, however long
    it takes: it points at what it corrects, and fewer could be told apart by that. What
    is hidden waits so too, but loses meanwhile where it was."""
    past = one.fact.month < this_month
    return past and (is_hidden(one) or not one.fact.corrects)


def choose_k_anonymous(some: Iterable[WaitingObservation]) -> list[WaitingObservation]:
    """Choose those whose equivalence class, by what is in the clear, has enough
    people."""
    by_look: dict[tuple[object, ...], list[WaitingObservation]] = defaultdict(list)
    for telling in some:
        by_look[get_quasi_identifiers(telling.fact)].append(telling)
    return [
        telling
        for group in by_look.values()
        if count_people(group) >= ENOUGH
        for telling in group
    ]


def get_quasi_identifiers(fact: Observation) -> tuple[object, ...]:
    """Get the quasi-identifiers: what anyone who sees the case store knows. The answer
    of a hidden kind is not among them, or else what is rare, and matters most, would
    never be written."""
    kind = KINDS[fact.kind]
    unseen = {"corrects", *(kind.sealed if kind.is_hidden else ())} - {"kind"}
    seen = (getattr(fact, name) for name in IN_THE_CLEAR if name not in unseen)
    return (*seen, fact.corrects is not None)


def remove_columns(one: WaitingObservation, names: Names) -> WaitingObservation:
    """Remove these columns. What is only in sealed words leads to no case, and is
    kept."""
    lost = {*names} - {*KINDS[one.fact.kind].sealed}
    said = get_known_columns(one.fact).items()
    kept = {name: value for name, value in said if name not in lost}
    return WaitingObservation(Observation(id=one.fact.pk, **kept), one.person)


def take_overdue_deferred() -> list[WaitingObservation]:
    """Take what others did in cases in which their own team did nothing for three
    months. It is counted without who it is about and without the kind of help, which no
    key opens here. Rows that another transaction has locked are left to it."""
    latest = get_month_start(timezone.localdate() - timedelta(days=92))
    untold = DeferredObservation.objects.filter(month__lte=latest)
    rows = list(untold.select_for_update(skip_locked=True))
    DeferredObservation.objects.filter(pk__in=[row.pk for row in rows]).delete()
    told = [(row.case_id, *read_deferred(row)) for row in rows]
    return [
        WaitingObservation.of(build_observation(kind, remove_need(said)), case)
        for case, kind, said in told
    ]


# --- what is done with them


def insert_observations(facts: list[Observation]) -> None:
    """Insert observations in random order, so that their order reveals nothing."""
    known = set(Area.objects.filter(level=1).values_list("code", flat=True))
    for fact in facts:
        fact.area = fact.area if fact.area in known else ""
    chance.shuffle(facts)
    Observation.objects.bulk_create(facts, batch_size=500)


def store_pending(told: list[WaitingObservation]) -> None:
    """Store what still waits under the fresh key, under new ids, in another order."""
    chance.shuffle(told)
    rows = [PendingObservation(sealed=telling.sealed()) for telling in told]
    PendingObservation.objects.bulk_create(rows, batch_size=500)
