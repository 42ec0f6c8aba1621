"""The rules: where each excludes a service, and where something isn't known and it
asks."""

from collections.abc import Callable

import numpy as np

from amana.design.directory.matching.columns import Directory, Rows, Truths
from amana.design.directory.matching.person import ANY_NUMBER, OLDEST, Ages, Person
from amana.design.directory.matching.reasons import (
    ASKED_OF_SERVICE,
    MatchRule,
    Respondent,
)

type Verdict = tuple[Truths, Truths]
"""Where the rule excludes; where it asks. Never both for one row."""

type Rule = Callable[[Directory, Person, Rows], Verdict]

FULL_DAY = 24 * 3600
STALE_AFTER = 7 * FULL_DAY
"""A count of free places older than this has to be confirmed before it is relied on."""


def build_empty_mask(at: Rows) -> Truths:
    return np.zeros(len(at), np.bool)


def judge_condition(
    directory: Directory, column: str, known: frozenset[str] | None, at: Rows
) -> Verdict:
    """Judge a condition: the service names codes, and the person has to have one of
    them."""
    asks_nothing = directory.codes[column].none(at)
    if known is None:
        return build_empty_mask(at), ~asks_nothing
    return ~asks_nothing & ~directory.codes[column].any_of(known, at), build_empty_mask(
        at
    )


def judge_requirement(
    directory: Directory, column: str, answer: bool | None, at: Rows
) -> Verdict:
    """Judge a requirement: the service insists on something that the person can do, or
    want, or not."""
    insists = directory[column][at]
    if answer is None:
        return build_empty_mask(at), insists
    return (build_empty_mask(at) if answer else insists), build_empty_mask(at)


def judge_sex(directory: Directory, person: Person, at: Rows) -> Verdict:
    known = None if person.sex is None else frozenset({person.sex})
    return judge_condition(directory, "sexes", known, at)


def judge_age(directory: Directory, person: Person, at: Rows) -> Verdict:
    youngest, oldest = person.treated_as or Ages(0, OLDEST)
    from_, to = directory["age_min"][at], directory["age_max"][at]
    # A range of ages fits if all of it does, and is excluded if none of it does;
    # between, her age has to be asked.
    outside = (oldest < from_) | (to < youngest)
    inside = (from_ <= youngest) & (oldest <= to)
    return outside, ~outside & ~inside


def judge_nationality(directory: Directory, person: Person, at: Rows) -> Verdict:
    no, ask = judge_condition(directory, "nationalities", person.nationalities, at)
    others_only = directory.codes["not_nationalities"]
    if person.nationalities is None:
        return no, ask | ~others_only.none(at)
    return no | others_only.any_of(person.nationalities, at), ask


def judge_status(directory: Directory, person: Person, at: Rows) -> Verdict:
    return judge_condition(directory, "statuses", person.statuses, at)


def judge_exploitation(directory: Directory, person: Person, at: Rows) -> Verdict:
    return judge_condition(directory, "exploitation", person.exploitation, at)


def judge_group(directory: Directory, person: Person, at: Rows) -> Verdict:
    """Judge services that are only for people in certain groups; which of them a person
    is in may be unknown."""
    groups = directory.codes["groups"]
    unmet = ~groups.none(at) & ~groups.any_of(person.groups, at)
    # Excluded only if she is surely in none of them. What is not known is a question,
    # never a no.
    no = unmet & groups.within(person.not_groups, at)
    return no, unmet & ~no


def judge_excluded_group(directory: Directory, person: Person, at: Rows) -> Verdict:
    """Judge services that are not for people in certain groups."""
    groups = directory.codes["not_groups"]
    no = groups.any_of(person.groups, at)
    return no, ~no & ~groups.within(person.not_groups, at)


def judge_children(directory: Directory, person: Person, at: Rows) -> Verdict:
    most = directory["children_max"][at]
    if person.children is None:
        return build_empty_mask(at), most < ANY_NUMBER
    return most < person.children, build_empty_mask(at)


def judge_access(directory: Directory, person: Person, at: Rows) -> Verdict:
    offered, said = directory.codes["accessibility"], directory["access_said"][at]
    if person.access_needs is None:
        return build_empty_mask(at), np.ones(len(at), np.bool)
    # A service that has not described its accessibility is asked, not excluded.
    lacking = ~offered.all_of(person.access_needs, at)
    return said & lacking, ~said & lacking


def judge_documents(directory: Directory, person: Person, at: Rows) -> Verdict:
    required = directory.codes["documents"]
    no = required.any_of(person.no_documents, at)
    return no, ~no & ~required.within(person.documents, at)


def judge_police(directory: Directory, person: Person, at: Rows) -> Verdict:
    return judge_requirement(directory, "needs_police", person.works_with_police, at)


def judge_identified(directory: Directory, person: Person, at: Rows) -> Verdict:
    return judge_requirement(directory, "needs_identified", person.identified, at)


def judge_cost(directory: Directory, person: Person, at: Rows) -> Verdict:
    return judge_requirement(directory, "costs", person.pays, at)


def judge_language(directory: Directory, person: Person, at: Rows) -> Verdict:
    spoken = directory.codes["languages"]
    if not person.needs_language:
        return build_empty_mask(at), build_empty_mask(at)
    not_said = spoken.none(at)
    return ~not_said & ~spoken.any_of(person.languages, at), not_said


def judge_hours(directory: Directory, person: Person, at: Rows) -> Verdict:
    if person.open_by is None:
        return build_empty_mask(at), build_empty_mask(at)
    said = directory.hours_said(at)
    return said & ~directory.open_between(person.at, person.open_by, at), ~said


def find_fresh_counts(directory: Directory, person: Person, at: Rows) -> Truths:
    """Find rows whose team has counted its free places within the last seven days."""
    age = person.at.timestamp() - directory["said_at"][at]
    return find_counted(directory, at) & (age <= STALE_AFTER)


def find_counted(directory: Directory, at: Rows) -> Truths:
    return (directory["free"][at] >= 0) & ~np.isnan(directory["said_at"][at])


def compute_places_needed(directory: Directory, person: Person, at: Rows) -> Rows:
    return np.where(
        directory["children_take_places"][at], person.places, 1 + person.adults
    )


def judge_places(directory: Directory, person: Person, at: Rows) -> Verdict:
    """Judge free places by the last count, because accepting books them and is refused
    by it, whatever its age: an old count that is too low excludes, and one that is high
    enough asks."""
    counts, ever = directory["counts_places"][at], find_counted(directory, at)
    too_few = ever & (
        directory["free"][at] < compute_places_needed(directory, person, at)
    )
    return counts & too_few, counts & ~too_few & ~find_fresh_counts(
        directory, person, at
    )


def judge_referrals(directory: Directory, person: Person, at: Rows) -> Verdict:
    return ~directory["accepts_referrals"][at], build_empty_mask(at)


def judge_pause(directory: Directory, person: Person, at: Rows) -> Verdict:
    return directory["paused"][at], build_empty_mask(at)


def judge_funding(directory: Directory, person: Person, at: Rows) -> Verdict:
    today = person.at.date().toordinal()
    return directory["funded_until"][at] < today, build_empty_mask(at)


def judge_confirmation(directory: Directory, person: Person, at: Rows) -> Verdict:
    """Judge how long ago the details were confirmed: after too long they exclude, since
    a person may be sent to a door that is closed."""
    today = person.at.date().toordinal()
    return directory["matched_until"][at] < today, build_empty_mask(at)


def judge_coverage(directory: Directory, person: Person, at: Rows) -> Verdict:
    """Judge by the areas that a service covers. One that comes to people, and doesn't
    state where, is asked: silence is not “everywhere”."""
    outside, partly = directory.covered(person.area)
    no, ask = (
        directory.coverage.where(outside, at),
        directory.coverage.where(partly, at),
    )
    silent = directory["visits_only"][at] & directory.lacks_coverage(at)
    return no, ~no & (ask | silent | directory["coverage_unsure"][at])


def find_coming(directory: Directory, person: Person, at: Rows) -> Truths:
    """Find the services that surely help where the person is: what visits people, only
    within its coverage; what helps from afar, wherever that doesn't leave her out."""
    no, ask = judge_coverage(directory, person, at)
    visits = directory["comes_to_you"][at] & ~directory.lacks_coverage(at) & ~ask
    return np.asarray(~no & (visits | directory["remote"][at]), np.bool)


def judge_distance(directory: Directory, person: Person, at: Rows) -> Verdict:
    """Ask where a service has no known location; farther ones are no candidates at
    all."""
    if person.place is None or person.within_km is None:
        return build_empty_mask(at), build_empty_mask(at)
    placeless = np.isnan(directory["x"][at])
    return build_empty_mask(at), placeless & ~find_coming(directory, person, at)


def judge_excluded_area(directory: Directory, person: Person, at: Rows) -> Verdict:
    if not person.not_areas:
        return build_empty_mask(at), build_empty_mask(at)
    inside = [bool(directory.above(a) & person.not_areas) for a in directory.area.known]
    # A service that names only a region may be in the district to avoid: ask where it
    # is.
    around = frozenset[str]().union(*map(directory.above, person.not_areas))
    unsure = [
        not no and (not area or area in around)
        for area, no in zip(directory.area.known, inside, strict=True)
    ]
    return directory.area.where(inside, at), directory.area.where(unsure, at)


def judge_excluded_organisation(
    directory: Directory, person: Person, at: Rows
) -> Verdict:
    among = np.isin(directory["organisation"][at], list(person.not_organisations))
    return among, build_empty_mask(at)


def judge_excluded_service(directory: Directory, person: Person, at: Rows) -> Verdict:
    return np.isin(directory["id"][at], list(person.not_services)), build_empty_mask(at)


def judge_wish(directory: Directory, person: Person, at: Rows) -> Verdict:
    return directory.codes["traits"].any_of(person.refuses, at), build_empty_mask(at)


RULES: dict[MatchRule, Rule] = {
    MatchRule.SEX: judge_sex,
    MatchRule.AGE: judge_age,
    MatchRule.NATIONALITY: judge_nationality,
    MatchRule.STATUS: judge_status,
    MatchRule.EXPLOITATION: judge_exploitation,
    MatchRule.GROUP: judge_group,
    MatchRule.NOT_FOR: judge_excluded_group,
    MatchRule.CHILDREN: judge_children,
    MatchRule.ACCESS: judge_access,
    MatchRule.DOCUMENTS: judge_documents,
    MatchRule.POLICE: judge_police,
    MatchRule.IDENTIFIED: judge_identified,
    MatchRule.COST: judge_cost,
    MatchRule.LANGUAGE: judge_language,
    MatchRule.CLOSED: judge_hours,
    MatchRule.FULL: judge_places,
    MatchRule.NO_REFERRALS: judge_referrals,
    MatchRule.PAUSED: judge_pause,
    MatchRule.FUNDING: judge_funding,
    MatchRule.OUTDATED: judge_confirmation,
    MatchRule.OUT_OF_AREA: judge_coverage,
    MatchRule.TOO_FAR: judge_distance,
    MatchRule.EXCLUDED_AREA: judge_excluded_area,
    MatchRule.EXCLUDED_ORGANISATION: judge_excluded_organisation,
    MatchRule.EXCLUDED_SERVICE: judge_excluded_service,
    MatchRule.WISH: judge_wish,
}


def choose_whom_to_ask(
    directory: Directory, person: Person, row: int, reason: MatchRule
) -> Respondent:
    if reason is MatchRule.ACCESS and person.access_needs is not None:
        return Respondent.SERVICE
    # Of what it covers, the service knows more than its record: the person does not.
    if reason is MatchRule.OUT_OF_AREA and (
        directory["coverage_unsure"][row] or not directory.coverage.of(row)
    ):
        return Respondent.SERVICE
    return Respondent.SERVICE if reason in ASKED_OF_SERVICE else Respondent.PERSON
