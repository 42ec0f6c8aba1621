"""Checks of services: timers, worker, log, mail."""

from pathlib import Path
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import mailers
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.trust.alarms import timer_runs
from amana.trust.alarms.models import TimerRun
from amana.trust.audit import sealing
from amana.trust.audit.models import AuditPending, Checkpoint
from amana.trust.audit.offline_verifier import LogBroken
from amana.trust.operation import queue
from amana.trust.operation.checks.check_runs import (
    SILENT,
    TASKS,
    WAIT,
    CheckFinding,
    RepairUrgency,
    check,
)
from amana.ui.labels import format_list
from amana.unattended import format_error_name


def list_start_commands(service: str) -> tuple[str, ...]:
    return f"systemctl start {service}", f"journalctl -eu {service}"


@check(gettext_lazy("Timers"), urgency=RepairUrgency.NOW)
def check_timer_process() -> CheckFinding | None:
    last = TimerRun.objects.aggregate(last=Max("tried_at"))["last"]
    if last is not None and last > timezone.now() - SILENT:
        return None
    return CheckFinding(
        _(
            "No process is running the timers: consents don’t end on time, and no "
            "one is notified of late referrals."
        ),
        _("Start its service. If it stops again, its journal shows why:"),
        list_start_commands("amana-timers"),
    )


@check(gettext_lazy("Each timer"), needs="check_timer_process")
def check_timers() -> CheckFinding | None:
    """Find timers that fail. Where no process runs any, only that has to be fixed."""
    missed = timer_runs.find_missed(timezone.now())
    if not missed:
        return None
    errors = dict(TimerRun.objects.values_list("command", "error"))
    names = [_with(m.timer.command, errors[m.timer.command]) for m in missed]
    return CheckFinding(
        _("These did not complete when they should have: %(names)s.")
        % {"names": format_list(names)},
        _("Run one by hand and read its output:"),
        (f"amana timers --only {missed[0].timer.command}",),
    )


def _with(command: str, error: str) -> str:
    return f"{command} ({error})" if error else command


@check(gettext_lazy("Background task worker"), urgency=RepairUrgency.NOW)
def check_worker() -> CheckFinding | None:
    since = timezone.now() - WAIT
    if not queue.find_waiting_tasks().filter(enqueued_at__lt=since).exists():
        return None
    return CheckFinding(
        _("Tasks have been waiting for more than five minutes: messages reach no one."),
        _("Start its service. If it stops again, its journal shows why:"),
        list_start_commands("amana-tasks"),
    )


@check(gettext_lazy("Background tasks"))
def check_failed_tasks() -> CheckFinding | None:
    number = queue.find_failed_tasks().count()
    if not number:
        return None
    if messages := queue.find_failed_messages().count():
        return CheckFinding(
            _(
                "Failed background tasks: %(number)s. For %(messages)s of them, the "
                "mail server accepted no message. People can still see in Amana what "
                "is new."
            )
            % {"number": number, "messages": messages},
            _(
                "Check the mail server and MAIL_HOST, MAIL_PORT, MAIL_USER and "
                "MAIL_PASSWORD. Then run the tasks again under “Oversight › Background "
                "tasks”."
            ),
            page=TASKS,
        )
    return CheckFinding(
        _("Failed background tasks: %(number)s.") % {"number": number},
        _(
            "An administrator or coordinator can run them again under “Oversight › "
            "Background tasks”."
        ),
        page=TASKS,
    )


@check(gettext_lazy("Log sealing"), urgency=RepairUrgency.NOW)
def check_sealer() -> CheckFinding | None:
    # Not by time: the few that wait would be looked for among all entries.
    waiting = AuditPending.objects.select_related("event").order_by("pk")
    oldest = waiting.first()
    if oldest is None or oldest.event.at >= timezone.now() - WAIT:
        return None
    return CheckFinding(
        _("Log entries have been waiting to be sealed for more than five minutes."),
        _("Start its service. If it stops again, its journal shows why:"),
        list_start_commands("amana-audit"),
    )


@check(gettext_lazy("Log key"), urgency=RepairUrgency.FIRST)
def check_log_key() -> CheckFinding | None:
    """Find a log that was signed with another server's key: this one would make a new
    key, and sign what no one trusts."""
    newest = Checkpoint.objects.order_by("-size").first()
    if newest is None or _is_signed_here(newest.note):
        return None
    return CheckFinding(
        _(
            "The log was signed with a different key from the one in "
            "AUDIT_LOG_KEY_FILE here."
        ),
        _(
            "Stop this server. Copy to it the key and the anchor (AUDIT_ANCHOR) of "
            "the server that signed the log, then start it again."
        ),
    )


def _is_signed_here(note: str) -> bool:
    if not Path(settings.AUDIT_LOG_KEY_FILE).exists():
        return False  # to ask for it would make one
    try:
        sealing.read_signed_head(note)
    except (LogBroken, KeyError):
        return False
    return True


@check(gettext_lazy("Mail"), quick=False, database=False)
def check_mail() -> CheckFinding | None:
    if not settings.MAIL_HOST:
        return None  # named with the settings
    try:
        server = mailers.default
        server.open()
        server.close()
    except (OSError, SMTPException) as error:
        return CheckFinding(
            _("The mail server doesn’t accept our messages: %(error)s.")
            % {"error": format_error_name(error)},
            _(
                "Check MAIL_HOST, MAIL_PORT, MAIL_USER and MAIL_PASSWORD, and "
                "whether the network allows connections from this server."
            ),
        )
    return None
