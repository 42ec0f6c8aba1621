"""The report on a cohort for who pays for it: counts, and no one’s name."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import StringIO

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from amana.academy.cohorts.models import Cohort
from amana.academy.cohorts.states import SEATED, TAKES_PART, ApplicationStatus
from amana.registry import Registry
from amana.ui.harmless import escape_formula


@dataclass(frozen=True)
class ReportLine:
    """One count, with what it counts."""

    label: str | Promise
    value: int


SECTIONS: Registry[Callable[[Cohort], Iterable[ReportLine]]] = Registry()
"""What rooms above count of a cohort, such as its sessions."""


def list_report(cohort: Cohort) -> list[ReportLine]:
    """List all counts of a cohort, as they are now."""
    counted = list(iterate_places(cohort))
    return counted + [line for section in SECTIONS for line in section(cohort)]


def iterate_places(cohort: Cohort) -> Iterator[ReportLine]:
    states = list(cohort.applications.values_list("status", flat=True))

    def count(*wanted: str) -> int:
        return sum(state in wanted for state in states)

    yield ReportLine(_("Places"), cohort.capacity)
    yield ReportLine(_("Applications that are kept"), len(states))
    yield ReportLine(_("Has a place, or an offer of one"), count(*SEATED))
    yield ReportLine(_("Takes part"), count(*TAKES_PART))
    yield ReportLine(_("Completed the course"), count(ApplicationStatus.COMPLETED))
    yield ReportLine(_("On the waiting list"), count(ApplicationStatus.WAITLISTED))
    gone = (ApplicationStatus.WITHDRAWN, ApplicationStatus.LAPSED)
    yield ReportLine(_("Withdrew, or did not answer an offer"), count(*gone))
    seated = cohort.applications.seated()
    scholars = seated.filter(scholarship_granted_at__isnull=False)
    yield ReportLine(_("Scholarships"), scholars.count())
    paid = cohort.applications.filter(fee_noted_at__isnull=False)
    yield ReportLine(_("Fees received"), paid.count())


def write_table(lines: Iterable[ReportLine]) -> str:
    text = StringIO()
    write = csv.writer(text).writerow
    for line in lines:
        write([escape_formula(str(line.label)), line.value])
    return text.getvalue()
