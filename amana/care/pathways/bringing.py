"""Cases that have come a long way already, all at once: their facts are written as they
are, and their rows as the fold of these says. A history that does not apply is refused
with all the others."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from amana.care.cases.models import Case
from amana.care.pathways import standing
from amana.care.pathways.models import Course, Fact
from amana.care.pathways.rules import bring_case
from amana.care.pathways.standing import Rows, Teams
from amana.design.mechanism.engine import case as engine
from amana.design.mechanism.engine import facts
from amana.design.mechanism.engine.pathway import Pathway
from amana.design.mechanism.engine.standing import NotNow, State
from amana.design.mechanism.models import Version
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.audit import log

type History = tuple[Case, Sequence[facts.Fact]]


@transaction.atomic
def bring(some: Sequence[History], *, version: Version, by: User) -> int:
    """Bring the histories of cases into the database; how many facts were written.
    Raises Refused where one of them does not apply, and then brings none."""
    for case, _told in some:
        bring_case.require(by, case)
    written = write(some, version=version, by=by)
    log.record(
        "brought ways",
        version,
        by=by,
        cases=[case.pk for case, _told in some],
        facts=written,
    )
    return written


def write(some: Sequence[History], *, version: Version, by: User) -> int:
    teams, pathway = Teams.of(version), version.pack.pathway
    courses, rows, kept = [], [], []
    for number, (case, told) in enumerate(some, start=1):
        state = folded(pathway, told, number)
        course = Course(
            case=case,
            version=version,
            length=len(told),
            begun_at=state.started_at or told[0].at,
            ended=state.ended or "",
            ended_at=state.ended_at,
        )
        courses.append(course)
        rows += [Fact.of(course, n, fact, by=by) for n, fact in enumerate(told)]
        kept.append(Rows.of(course, state, teams))
    Course.objects.bulk_create(courses)
    Fact.objects.bulk_create(rows)
    standing.write(kept)
    return len(rows)


def folded(pathway: Pathway, told: Sequence[facts.Fact], number: int) -> State:
    try:
        return engine.state(pathway, told)
    except NotNow as no:
        raise Refused(
            _("Case no. %(number)s can’t be imported: %(why)s")
            % {"number": number, "why": _(no.sentence) % no.values}
        ) from no
