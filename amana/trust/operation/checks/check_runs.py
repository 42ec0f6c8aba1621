"""What a check is, what it finds, and how all are run."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.registry import Registry
from amana.unattended import format_error_name

GIB = 1024**3


WAIT = timedelta(minutes=5)
"""For what a worker or a sealer does within seconds."""


SILENT = timedelta(minutes=15)
"""The process of the timers tries some each minute, unless one takes its ten."""


BACKUP_AGE = timedelta(days=7)


COPY_AGE = timedelta(days=2)


CHANGES_AGE = timedelta(minutes=20)
"""PostgreSQL completes a segment within five, and the timer seals it within one."""


SOON = timedelta(days=30)


CLOCKS_APART = timedelta(seconds=30)


class RepairUrgency(models.IntegerChoices):
    """How soon a fault has to be fixed. Within one, the order of the checks."""

    FIRST = 1, gettext_lazy("Fix first")
    """No service begins, timers that delete fail, or others read along: nothing else
    can be fixed before."""
    NOW = 2, gettext_lazy("Fix now")
    """People are not reached, or what has to end by the clock does not."""
    TODAY = 3, gettext_lazy("Fix today")
    THIS_WEEK = 4, gettext_lazy("Fix this week")

    @property
    def tone(self) -> str:
        return "late" if self <= RepairUrgency.NOW else "due"


@dataclass(frozen=True)
class RepairPage:
    """A page on which a fault is fixed."""

    label: Promise
    name: str
    """Of its URL."""


TASKS = RepairPage(gettext_lazy("Background tasks"), "operation:tasks")


RETENTION = RepairPage(gettext_lazy("Retention"), "retention:now")


@dataclass(frozen=True)
class CheckFinding:
    """What is wrong, and how to fix it."""

    what: str
    mend: str
    commands: tuple[str, ...] = ()
    """What to type for it on the server. Never what destroys: that is in the
    sentence, behind its condition."""
    page: RepairPage | None = None

    def __str__(self) -> str:
        return " ".join([self.what, self.mend, *self.commands])


@dataclass(frozen=True)
class OperationCheck:
    name: str
    title: Promise
    find: Callable[[], CheckFinding | None]
    is_quick: bool = True
    """Whether a page may ask it: neither the network nor the whole disk."""
    urgency: RepairUrgency = RepairUrgency.TODAY
    needs: str = ""
    """The name of another, before it: while that one is wrong, this can’t be asked."""
    asks_database: bool = True
    """Whether it reads rows, which mean nothing after half a restoration."""
    applies: Callable[[], bool] = lambda: True
    """Whether this installation has what it asks about."""


CHECKS: Registry[OperationCheck] = Registry()


@dataclass(frozen=True)
class CheckResult:
    check: OperationCheck
    finding: CheckFinding | None


def run_checks(*, only_quick: bool = False) -> list[CheckResult]:
    """Run each check and sort the results: what is wrong comes first, the most urgent
    before all. A check that fails itself is a finding, and ends no other."""
    results: list[CheckResult] = []
    for check in CHECKS:
        if (check.is_quick or not only_quick) and _can_be_asked(check, results):
            results.append(CheckResult(check, _found(check)))
    return sorted(results, key=lambda r: (r.finding is None, r.check.urgency))


def _can_be_asked(check: OperationCheck, before: list[CheckResult]) -> bool:
    """Decide whether a check's answer would mean anything after what was found before
    it."""
    wrong = {result.check.name for result in before if result.finding}
    # After half a restoration rows are those of two different times: a check that reads
    # them would report faults that aren't there.
    is_half = build_restoration_finding() in [result.finding for result in before]
    says_nothing = check.needs in wrong or (check.asks_database and is_half)
    return check.applies() and not says_nothing


def _found(check: OperationCheck) -> CheckFinding | None:
    try:
        return check.find()
    # Any error: a check runs when the server is already broken, and one that stops the
    # command would hide all the others.
    except Exception as error:
        return CheckFinding(
            _("This could not be checked: %(error)s.")
            % {"error": format_error_name(error)},
            _("Fix the other problems listed here, then check again."),
        )


def check(
    title: Promise,
    *,
    quick: bool = True,
    urgency: RepairUrgency = RepairUrgency.TODAY,
    needs: str = "",
    database: bool = True,
    applies: Callable[[], bool] = lambda: True,
) -> Callable[[Callable[[], CheckFinding | None]], Callable[[], CheckFinding | None]]:
    def add(
        find: Callable[[], CheckFinding | None],
    ) -> Callable[[], CheckFinding | None]:
        name = find.__name__
        CHECKS.append(
            OperationCheck(name, title, find, quick, urgency, needs, database, applies)
        )
        return find

    return add


RESTART = ("systemctl restart amana amana-tasks amana-timers amana-audit",)


def build_restoration_finding() -> CheckFinding:
    return CheckFinding(
        _(
            "A restoration was interrupted, so no service works with this database. "
            "Until it is completed, nothing else in the database is checked."
        ),
        _(
            "Run “amana restore” again with the same archives and keys, as described "
            "in docs/operations/backup.md. You don’t have to delete anything first."
        ),
    )
