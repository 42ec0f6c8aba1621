"""What a colleague writes about a step in their own words: sealed in the case.

A colleague who works on the case seals it there. Another team has no key of the case,
so it seals its words to the team whose case it is; the first of that team to read them
puts them into the case."""

from collections.abc import Collection
from typing import Any

from amana.care.cases.models import Case
from amana.care.cases.rules import list_readable_parts, see_case
from amana.care.pathways.models import PathwayEvent, PathwayRun
from amana.trust.access.models import Team, User
from amana.trust.vault import documents, parcels
from amana.trust.vault.compartments import Compartment

PART = Compartment.NARRATIVE


def may_send_words(case: Case, team: Team | None) -> bool:
    """Check whether words may go from this team to the case's own."""
    if team is None or team.pk == case.team_id:
        return True
    return PART in parcels.find_allowed_parts(case.team, sender=team)


def seal_words(
    fact: PathwayEvent, words: str, *, invited: Collection[str] = (), by: User
) -> None:
    """Seal words about a fact. The caller records the act."""
    course = fact.course
    said: dict[str, object] = {"words": words, "by": by.name}
    if invited:
        said["invited"] = sorted(invited)
    case = course.case
    if see_case.permits(by, case):
        documents.write(case.pk, PART, said, by=by, name=fact.document)
    elif fact.team is not None:
        about = course.about(fact.number)
        parcels.seal(about, {PART: said}, to=case.team, sender=fact.team, by=by)


def open_words(course: PathwayRun, *, by: User) -> dict[int, dict[str, Any]]:
    """Open the words of each fact that `by` may read, with an audit event."""
    if PART not in list_readable_parts(by, course.case):
        return {}
    move_in_words(course, by=by)
    names = {f"fact/{number}": number for number in range(course.length)}
    found = documents.open_documents(
        course.case_id, [PART], by=by, purpose="pathway", names=names
    )
    return {names[name]: document.content for (_part, name), document in found.items()}


def move_in_words(course: PathwayRun, *, by: User) -> None:
    """Move what other teams have written to its team into the case."""
    numbers = {course.about(number): number for number in range(course.length)}
    there = parcels.map_parts(numbers.keys())
    for about in (key for key, parts in there.items() if PART in parts):
        said = parcels.open_parcel(about, [PART], by=by, purpose="pathway")
        # The parcel is destroyed only once the words are in the case: without its key
        # they stay where they are.
        if PART in said and documents.open_compartment_keys(
            course.case_id, [PART], by=by
        ):
            name = f"fact/{numbers[about]}"
            documents.write(course.case_id, PART, said[PART], by=by, name=name)
            parcels.destroy(about)
