"""How far learners are who share it with those who lead their cohort."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.academy.cohorts.models import Application, Cohort
from amana.academy.courses.engine.progress import CourseProgress
from amana.academy.courses.learner_progress import load_progress_of_many, map_last_days
from amana.academy.courses.models import AttemptRequest, Enrolment
from amana.ui.harmless import escape_formula

QUIET_AFTER = timedelta(days=14)


class LearnerState(models.TextChoices):
    """What a trainer can do something about, the most urgent first."""

    ASKS = "asks", gettext_lazy("Asks for further attempts")
    NOT_BEGUN = "not_begun", gettext_lazy("Has not begun")
    QUIET = "quiet", gettext_lazy("Nothing for two weeks")
    LEARNING = "learning", gettext_lazy("Is learning")
    DONE = "done", gettext_lazy("Has completed it")

    @property
    def tone(self) -> str:
        return TONES[self]


TONES = {
    LearnerState.ASKS: "late",
    LearnerState.NOT_BEGUN: "due",
    LearnerState.QUIET: "due",
    LearnerState.LEARNING: "info",
    LearnerState.DONE: "good",
}
ORDER = list(LearnerState)


@dataclass(frozen=True)
class LearnerProgress:
    """One learner who shares it."""

    application: Application
    progress: CourseProgress
    last_at: datetime | None
    state: LearnerState

    @property
    def passed(self) -> int:
        return sum(module.passed for module in self.progress.modules)

    @property
    def read(self) -> int:
        return sum(module.read for module in self.progress.modules)


@dataclass(frozen=True)
class CohortProgress:
    """Those who share how far they are, and how many do not."""

    learners: Sequence[LearnerProgress]
    silent: int
    modules: int
    lessons: int


def load_cohort_progress(cohort: Cohort) -> CohortProgress:
    """Load how far everyone is who shares it, those first who wait for something."""
    seats = list(
        cohort.applications.taking_part()
        .filter(person__isnull=False)
        .select_related("person")
        .order_by("person__name", "pk")
    )
    sharing = [seat for seat in seats if seat.shares_progress]
    enrolments = {
        enrolment.person_id: enrolment
        for enrolment in Enrolment.objects.filter(
            version=cohort.version_id, person__in=[seat.person_id for seat in sharing]
        ).select_related("version")
    }
    progresses = load_progress_of_many(list(enrolments.values()))
    last = map_last_days(list(enrolments.values()))
    asking = set(
        AttemptRequest.objects.waiting()
        .filter(enrolment__in=list(progresses))
        .values_list("enrolment", flat=True)
    )
    learners = [
        build_line(seat, progresses[found.pk], last.get(found.pk), found.pk in asking)
        for seat in sharing
        if (found := enrolments.get(seat.person_id or 0))
    ]
    learners.sort(key=lambda line: ORDER.index(line.state))
    first = learners[0].progress.modules if learners else ()
    return CohortProgress(
        learners,
        silent=len(seats) - len(sharing),
        modules=len(first),
        lessons=sum(len(module.module.lessons) for module in first),
    )


def build_line(
    seat: Application, progress: CourseProgress, last_at: datetime | None, asks: bool
) -> LearnerProgress:
    return LearnerProgress(
        seat, progress, last_at, decide_state(progress, last_at, asks)
    )


def decide_state(
    progress: CourseProgress, last_at: datetime | None, asks: bool
) -> LearnerState:
    if progress.done:
        return LearnerState.DONE
    # Before what was done last: who waits for a person can do nothing meanwhile.
    if asks:
        return LearnerState.ASKS
    if last_at is None:
        return LearnerState.NOT_BEGUN
    if timezone.now() - last_at > QUIET_AFTER:
        return LearnerState.QUIET
    return LearnerState.LEARNING


def write_table(found: CohortProgress) -> str:
    """Write it as CSV: one line for each learner who shares it."""
    text = StringIO()
    write = csv.writer(text).writerow
    write([_("Who"), _("Status"), _("Lessons read"), _("Tests passed"), _("Last day")])
    for row in iterate_cells(found):
        # Names are typed: a spreadsheet would run one that begins like a formula.
        write([escape_formula(cell) for cell in row])
    return text.getvalue()


def iterate_cells(found: CohortProgress) -> Iterator[list[str]]:
    for line in found.learners:
        person = line.application.person
        day = timezone.localdate(line.last_at).isoformat() if line.last_at else ""
        yield [
            person.name if person else "",
            str(line.state.label),
            str(line.read),
            str(line.passed),
            day,
        ]
