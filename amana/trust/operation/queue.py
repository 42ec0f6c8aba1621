"""Background tasks that did not complete: what they do, and what to do now.

Of a task one sees its kind, when it was tried and the class of the error: never what it
was about."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.tasks import TaskResultStatus
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from amana.trust.operation.worker import LONGEST

type Task = DBTaskResult[Any, Any]

KEPT = timedelta(days=7)
"""How long a task that is done is kept."""
MESSAGE = _("Message: please sign in, something is waiting")
KINDS: dict[str, Promise] = {
    "amana.academy.assessment.tasks.certify": _("Issue a certificate"),
    "amana.academy.cohorts.tasks.notify_applicant": MESSAGE,
    "amana.academy.cohorts.tasks.notify_readers": MESSAGE,
    "amana.academy.learners.tasks.mail_link": _("Message: a learner’s link"),
    "amana.academy.learners.tasks.mail_old_address": _("Message: an address changed"),
    "amana.academy.sessions.tasks.invite": _("Invitation to a session"),
    "amana.care.consent.tasks.notify_to_confirm": _("Message: confirm vital interests"),
    "amana.care.consent.tasks.notify_to_destroy": _("Message: destroy a shared copy"),
    "amana.care.consent.tasks.notify_unconfirmed": _("Message: not confirmed in time"),
    "amana.care.pathways.tasks.move_cases": _("Move cases to a new version"),
    "amana.care.pathways.tasks.notify_role": MESSAGE,
    "amana.care.referrals.tasks.notify_people": _("Message about a referral"),
    "amana.care.requests.tasks.notify_recipients": _(
        "Message about a request for help"
    ),
    "amana.care.requests.tasks.notify_sender": _("Message about a request for help"),
    "amana.care.requests.tasks.notify_supervisors": _(
        "Message about a request for help"
    ),
    "amana.design.directory.tasks.mail_verification": _(
        "Message: check the details of a service"
    ),
    "amana.exchange.imports.tasks.continue_import": _("Import of services"),
    "amana.trust.access.tasks.notify_user": MESSAGE,
    "amana.trust.access.tasks.notify_invited": _("Message: an account is ready"),
    "amana.trust.access.tasks.notify_team": MESSAGE,
    "amana.trust.oversight.tasks.check_log": _("Log check"),
}
"""What each task does, for an administrator; a test sees that none is missing."""
SEND_NO_MAIL = {
    "amana.academy.assessment.tasks.certify",
    "amana.exchange.imports.tasks.continue_import",
    "amana.trust.oversight.tasks.check_log",
}


def match_lost_tasks(now: datetime | None = None) -> Q:
    """Match tasks that began so long ago that their worker must have been killed, or
    lost power."""
    # Twice the limit: a task that is being stopped at its limit still counts as
    # running, and running it again would send its message twice.
    since = (now or timezone.now()) - 2 * LONGEST
    return Q(status=TaskResultStatus.RUNNING, started_at__lt=since)


def match_failed_tasks(now: datetime | None = None) -> Q:
    return Q(status=TaskResultStatus.FAILED) | match_lost_tasks(now)


def find_failed_tasks() -> QuerySet[Task]:
    return DBTaskResult.objects.filter(match_failed_tasks())


def find_failed_messages() -> QuerySet[Task]:
    """Find the tasks whose message no mail server accepted; not those with a wrong
    address."""
    # Stored class paths name built-in errors with and without their module.
    names = [
        f"{of}{name}" for name in ("smtplib.", *NETWORK) for of in ("", "builtins.")
    ]
    unsent = Q()
    for name in names:
        unsent |= Q(exception_class_path__startswith=name)
    return (
        find_failed_tasks()
        .filter(unsent)
        .exclude(task_path__in=SEND_NO_MAIL)
        .exclude(exception_class_path__startswith=WRONG_ADDRESS)
    )


def find_waiting_tasks() -> QuerySet[Task]:
    """Find the tasks that a worker should begin now."""
    return DBTaskResult.objects.ready()


def delete_done_tasks() -> int:
    """Delete what completed more than a week ago; what failed stays until a person
    decides."""
    done = DBTaskResult.objects.filter(
        status=TaskResultStatus.SUCCESSFUL, finished_at__lt=timezone.now() - KEPT
    )
    return done.delete()[0]


@dataclass(frozen=True)
class TaskFailure:
    """A task that failed, as an administrator reads it."""

    pk: UUID
    kind: str | Promise
    enqueued_at: datetime
    tried_at: datetime | None
    tries: int
    error: str
    advice: str | Promise


def build_failure(task: Task) -> TaskFailure:
    return TaskFailure(
        task.pk,
        KINDS.get(task.task_path, _("A kind of task unknown to this version")),
        task.enqueued_at,
        task.started_at,
        len(task.worker_ids),
        task.exception_class_path.rpartition(".")[2],
        choose_advice(task),
    )


def choose_advice(task: Task) -> Promise:
    """Choose the text that explains the error, and what to do."""
    # A task that is still marked as running is listed here only when it counts as lost.
    if task.status == TaskResultStatus.RUNNING:
        return _("The worker stopped while running the task. Run it again.")
    error = task.exception_class_path.removeprefix("builtins.")
    if task.task_path in SEND_NO_MAIL and error.startswith((*NETWORK, *FILES)):
        return _(
            "A file or disk could not be used. See “Operation”, then run the task "
            "again."
        )
    for names, words in ADVICE:
        if error.startswith(names):
            return words
    if error.endswith(".DoesNotExist"):
        return _("What this task was about has since been deleted. Discard the task.")
    return _(
        "A software error. Report the kind and the error to those who maintain "
        "Amana, then run the task again after the next update."
    )


WRONG_ADDRESS = "smtplib.SMTPRecipientsRefused"
FILES = ("FileNotFoundError", "PermissionError", "BlockingIOError")
NETWORK = ("socket.", "ssl.", "Connection", "TimeoutError", "OSError")
ADVICE: tuple[tuple[tuple[str, ...], Promise], ...] = (
    (
        (WRONG_ADDRESS,),
        _(
            "The mail server no longer knows one of the addresses. Correct the "
            "addresses of the people and teams concerned, then run the task again."
        ),
    ),
    (
        ("smtplib.SMTPAuthenticationError",),
        _(
            "The mail server refused the account. Check MAIL_USER and MAIL_PASSWORD, "
            "then run the task again."
        ),
    ),
    (
        ("smtplib.", *NETWORK),
        _("The mail server could not be reached. Run the task again when it answers."),
    ),
    (
        ("amana.unattended.TookTooLong",),
        _(
            "The task took longer than 15 minutes, or the server was stopped while "
            "it ran. Run it again."
        ),
    ),
    (
        ("ImportError", "ModuleNotFoundError", "django.core.exceptions.Suspicious"),
        _("Another version of Amana left this task. Discard it."),
    ),
    (
        ("django.db.utils.OperationalError", "django.db.utils.InterfaceError"),
        _("The database could not be reached, or was busy. Run the task again."),
    ),
)
