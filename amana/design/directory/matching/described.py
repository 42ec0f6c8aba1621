"""One row of the answer in words: its advantages, its drawbacks, what to ask."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan

import numpy as np

from amana.design.directory.matching.answer import Match, Question
from amana.design.directory.matching.columns import Directory
from amana.design.directory.matching.person import Person
from amana.design.directory.matching.rank import Part
from amana.design.directory.matching.reasons import But, Reason, Why, reasons_in
from amana.design.directory.matching.rules import counted_now, whom_to_ask

NEAR_SHARE = 0.9
FAR_SHARE = 0.5
SOON_DAYS = 30


@dataclass(frozen=True)
class Found:
    """A row that will be shown, as plain numbers."""

    row: int
    score: float
    km: float
    against: int
    ask: int
    shares: dict[Part, float]


def described(directory: Directory, person: Person, found: Found) -> Match:
    return Match(
        service=int(directory["id"][found.row]),
        score=found.score,
        km=None if isnan(found.km) else round(found.km, 1),
        against=reasons_in(found.against),
        ask=tuple(
            Question(reason, whom_to_ask(reason, person))
            for reason in reasons_in(found.ask)
        ),
        why=tuple(pros(directory, person, found)),
        but=tuple(cons(directory, person, found)),
        shares=found.shares,
    )


def pros(directory: Directory, person: Person, found: Found) -> Iterator[Why]:
    row, shares = found.row, found.shares
    if shares[Part.COVERAGE] == 1:
        yield Why.MEETS_ALL
    if directory["comes_to_you"][row]:
        yield Why.COMES_TO_YOU
    elif shares[Part.NEAR] >= NEAR_SHARE:
        yield Why.NEAR
    if shares[Part.LANGUAGE]:
        yield Why.SPEAKS
    if not directory["counts_places"][row]:
        yield Why.NO_PLACES_COUNTED
    elif not found.against & Reason.FULL.bit and is_fresh(directory, person, row):
        yield Why.FREE_PLACES
    if directory["lateness"][row] <= 1:
        yield Why.ANSWERS_IN_TIME
    if directory["wait_days"][row] == 0:
        yield Why.NO_WAIT
    if shares[Part.PREFERENCE] > 0:
        yield Why.AS_WISHED


def cons(directory: Directory, person: Person, found: Found) -> Iterator[But]:
    row, shares = found.row, found.shares
    if shares[Part.COVERAGE] < 1:
        yield But.MEETS_SOME
    if person.place and not isnan(found.km) and shares[Part.NEAR] < FAR_SHARE:
        yield But.FAR
    # A drawback and not an exclusion: with an interpreter the service can still help.
    if person.languages and not shares[Part.LANGUAGE]:
        yield But.INTERPRETER
    if directory["lateness"][row] > 1:
        yield But.ANSWERS_LATE
    if directory["wait_days"][row] > 0:
        yield But.WAIT
    if (found.against | found.ask) & Reason.FULL.bit and directory["waiting_list"][row]:
        yield But.WAITING_LIST
    if directory["own_assessment"][row]:
        yield But.OWN_ASSESSMENT
    if found.against & Reason.NO_REFERRALS.bit and directory["walk_in"][row]:
        yield But.GO_YOURSELF
    today = person.at.date().toordinal()
    if today <= directory["funded_until"][row] <= today + SOON_DAYS:
        yield But.ENDS_SOON
    # What was never verified counts as due: its date is 0.
    if directory["verify_by"][row] < today:
        yield But.NOT_VERIFIED


def is_fresh(directory: Directory, person: Person, row: int) -> bool:
    return bool(counted_now(directory, person, np.array([row]))[0])
