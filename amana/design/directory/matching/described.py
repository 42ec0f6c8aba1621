"""One row of the answer in words: its advantages, its drawbacks, what to ask."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan

import numpy as np

from amana.design.directory.matching.answer import Match, MatchQuestion
from amana.design.directory.matching.columns import Directory
from amana.design.directory.matching.person import Person
from amana.design.directory.matching.rank import RankPart
from amana.design.directory.matching.reasons import (
    MatchBenefit,
    MatchDrawback,
    MatchRule,
    list_reasons,
)
from amana.design.directory.matching.rules import choose_whom_to_ask, find_fresh_counts

NEAR_SHARE = 0.9
FAR_SHARE = 0.5
SOON_DAYS = 30


@dataclass(frozen=True)
class DescribedRow:
    """A row that will be shown, as plain numbers."""

    row: int
    score: float
    km: float
    against: int
    ask: int
    shares: dict[RankPart, float]


def describe_match(directory: Directory, person: Person, found: DescribedRow) -> Match:
    return Match(
        service=int(directory["id"][found.row]),
        score=found.score,
        km=None if isnan(found.km) else round(found.km, 1),
        against=list_reasons(found.against),
        ask=tuple(
            MatchQuestion(
                reason, choose_whom_to_ask(directory, person, found.row, reason)
            )
            for reason in list_reasons(found.ask)
        ),
        why=tuple(iterate_pros(directory, person, found)),
        but=tuple(iterate_cons(directory, person, found)),
        shares=found.shares,
    )


def iterate_pros(
    directory: Directory, person: Person, found: DescribedRow
) -> Iterator[MatchBenefit]:
    row, shares = found.row, found.shares
    if shares[RankPart.COVERAGE] == 1:
        yield MatchBenefit.MEETS_ALL
    if directory["comes_to_you"][row]:
        yield MatchBenefit.COMES_TO_YOU
    elif shares[RankPart.NEAR] >= NEAR_SHARE:
        yield MatchBenefit.NEAR
    if shares[RankPart.LANGUAGE]:
        yield MatchBenefit.SPEAKS
    if not directory["counts_places"][row]:
        yield MatchBenefit.NO_PLACES_COUNTED
    elif not found.against & MatchRule.FULL.bit and is_fresh(directory, person, row):
        yield MatchBenefit.FREE_PLACES
    if directory["lateness"][row] <= 1:
        yield MatchBenefit.ANSWERS_IN_TIME
    if directory["wait_days"][row] == 0:
        yield MatchBenefit.NO_WAIT
    if shares[RankPart.PREFERENCE] > 0:
        yield MatchBenefit.AS_WISHED


def iterate_cons(
    directory: Directory, person: Person, found: DescribedRow
) -> Iterator[MatchDrawback]:
    row, shares = found.row, found.shares
    if shares[RankPart.COVERAGE] < 1:
        yield MatchDrawback.MEETS_SOME
    if person.place and not isnan(found.km) and shares[RankPart.NEAR] < FAR_SHARE:
        yield MatchDrawback.FAR
    # A drawback and not an exclusion: with an interpreter the service can still help.
    if person.languages and not shares[RankPart.LANGUAGE]:
        yield MatchDrawback.INTERPRETER
    if directory["lateness"][row] > 1:
        yield MatchDrawback.ANSWERS_LATE
    if directory["wait_days"][row] > 0:
        yield MatchDrawback.WAIT
    if (found.against | found.ask) & MatchRule.FULL.bit and directory["waiting_list"][
        row
    ]:
        yield MatchDrawback.WAITING_LIST
    if directory["own_assessment"][row]:
        yield MatchDrawback.OWN_ASSESSMENT
    if found.against & MatchRule.NO_REFERRALS.bit and directory["walk_in"][row]:
        yield MatchDrawback.GO_YOURSELF
    today = person.at.date().toordinal()
    if today <= directory["funded_until"][row] <= today + SOON_DAYS:
        yield MatchDrawback.ENDS_SOON
    # What was never verified counts as due: its date is 0.
    if directory["verify_by"][row] < today:
        yield MatchDrawback.NOT_VERIFIED


def is_fresh(directory: Directory, person: Person, row: int) -> bool:
    return bool(find_fresh_counts(directory, person, np.array([row]))[0])
