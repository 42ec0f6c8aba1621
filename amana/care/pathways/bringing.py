"""Cases that have come a long way already, all at once: their facts are written as they
are, and their rows as the fold of these says. A history that does not apply is refused
with all the others."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from amana.care.cases.models import Case
from amana.care.pathways import status
from amana.care.pathways.models import PathwayEvent, PathwayRun
from amana.care.pathways.rules import bring_case
from amana.care.pathways.status import RoleTeams, RunRows
from amana.design.mechanism.models import Version
from amana.design.pathway import case as engine
from amana.design.pathway import run_events
from amana.design.pathway.pathway_model import Pathway
from amana.design.pathway.run_state import EventNotApplicable, RunState
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.audit import log

type History = tuple[Case, Sequence[run_events.RunEvent]]


@transaction.atomic
def bring_histories(some: Sequence[History], *, version: Version, by: User) -> int:
    """Bring the histories of cases into the database; how many facts were written.
    Raises Refused where one of them does not apply, and then brings none."""
    for case, _told in some:
        bring_case.require(by, case)
    written = write_histories(some, version=version, by=by)
    log.record(
        "brought ways",
        version,
        by=by,
        cases=[case.pk for case, _told in some],
        facts=written,
    )
    return written


def write_histories(some: Sequence[History], *, version: Version, by: User) -> int:
    teams, pathway = RoleTeams.of(version), version.pack.pathway
    courses, rows, kept = [], [], []
    for number, (case, told) in enumerate(some, start=1):
        state = fold_history(pathway, told, number)
        course = PathwayRun(
            case=case,
            version=version,
            length=len(told),
            begun_at=state.started_at or told[0].at,
            ended=state.ended or "",
            ended_at=state.ended_at,
        )
        courses.append(course)
        rows += [PathwayEvent.of(course, n, fact, by=by) for n, fact in enumerate(told)]
        kept.append(RunRows.of(course, state, teams))
    PathwayRun.objects.bulk_create(courses)
    PathwayEvent.objects.bulk_create(rows)
    status.write_rows(kept)
    return len(rows)


def fold_history(
    pathway: Pathway, told: Sequence[run_events.RunEvent], number: int
) -> RunState:
    try:
        return engine.compute_state(pathway, told)
    except EventNotApplicable as no:
        raise Refused(
            _("Case no. %(number)s can’t be imported: %(why)s")
            % {"number": number, "why": _(no.sentence) % no.values}
        ) from no
