"""From columns and a person to an answer."""

import numpy as np
from numpy.typing import NDArray

from amana.design.directory.matching.answer import ExcludedMatch, Match, MatchAnswer
from amana.design.directory.matching.columns import Directory, Rows, Truths
from amana.design.directory.matching.described import DescribedRow, describe_match
from amana.design.directory.matching.person import Person
from amana.design.directory.matching.rank import (
    Shares,
    choose_best,
    compute_parts,
    compute_score,
)
from amana.design.directory.matching.reasons import NEVER, MatchRule, combine_bits
from amana.design.directory.matching.rules import RULES, find_coming

type Bits = NDArray[np.uint32]

SHOWN = 20


def match_services(
    directory: Directory,
    person: Person,
    *,
    among: Truths | None = None,
    shown: int = SHOWN,
) -> MatchAnswer:
    """Find what fits `person`; `among` has for each row whether it may be seen at
    all."""
    at = find_candidates(directory, person, among)
    km = compute_distances(directory, person, at)
    against, ask = judge_rows(directory, person, at)
    questions = np.bitwise_count(ask).astype(np.float64)
    shares = compute_parts(directory, person, at, km, questions)
    scores = compute_score(shares)
    fits = against == 0
    to_confirm = fits & ((ask & MatchRule.FULL.bit) != 0)
    sure = fits & ~to_confirm
    # Full by the last count of whatever age, because booking refuses by it (see
    # `rules`).
    full = against == MatchRule.FULL.bit
    almost = (np.bitwise_count(against) == 1) & ~full
    # What keeps a person safe, and what she refused, is never offered as something to
    # give way on.
    almost &= (against & combine_bits(NEVER)) == 0

    def the_best(where: Truths) -> tuple[Match, ...]:
        positions = np.flatnonzero(where)
        order = choose_best(scores[positions], directory["id"][at[positions]], shown)
        return tuple(
            describe_match(directory, person, found(p)) for p in positions[order]
        )

    def found(position: np.intp) -> DescribedRow:
        return DescribedRow(
            row=int(at[position]),
            score=float(scores[position]),
            km=float(km[position]),
            against=int(against[position]),
            ask=int(ask[position]),
            shares={part: float(share[position]) for part, share in shares.items()},
        )

    return MatchAnswer(
        eligible=the_best(sure),
        unconfirmed=the_best(to_confirm),
        full=the_best(full),
        near_misses=the_best(almost),
        candidates=len(at),
        fitting=int(sure.sum()),
        to_confirm=int(to_confirm.sum()),
        funnel=count_reasons(against),
        questions=count_reasons(ask[fits]),
        excluded=ExcludedMatch(directory["id"][at[~fits]], against[~fits]),
    )


def find_candidates(directory: Directory, person: Person, among: Truths | None) -> Rows:
    """Find the rows that offer something needed within reach; the only function that
    reads every row."""
    everywhere = np.arange(len(directory))
    wanted = directory.codes["types"].any_of(
        frozenset[str]().union(*person.needs), everywhere
    )
    wanted &= ~directory["ended"]
    if among is not None:
        # Before anything is counted: a service that may not be seen must not show even
        # in a number.
        wanted &= among
    at = np.flatnonzero(wanted)
    if person.place is None or person.within_km is None:
        return at
    beyond = directory.kilometres(person.place, at) > person.within_km
    # Only what surely comes to her: what merely may would be shown from any distance,
    # and first, to a person who has said how far she can go (ADR 95).
    return np.asarray(at[~beyond | find_coming(directory, person, at)], np.intp)


def compute_distances(directory: Directory, person: Person, at: Rows) -> Shares:
    if person.place is None:
        return np.full(len(at), np.nan)
    return directory.kilometres(person.place, at)


def judge_rows(directory: Directory, person: Person, at: Rows) -> tuple[Bits, Bits]:
    """Judge each row: the reasons against it, and its open questions, as bits."""
    against, ask = np.zeros(len(at), np.uint32), np.zeros(len(at), np.uint32)
    for reason, rule in RULES.items():
        no, unknown = rule(directory, person, at)
        against |= no * np.uint32(reason.bit)
        ask |= unknown * np.uint32(reason.bit)
    return against, ask


def count_reasons(bits: Bits) -> dict[MatchRule, int]:
    counted = {r: int(np.count_nonzero(bits & np.uint32(r.bit))) for r in MatchRule}
    return {reason: number for reason, number in counted.items() if number}
