"""The log for those who oversee, and each person's access list for those who help."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.trust.access.http import Request
from amana.trust.access.models import User
from amana.trust.access.rules import NotAccessible, has_role
from amana.trust.audit import checking, log, log_keys, offline_verifier
from amana.trust.audit import export as copies
from amana.trust.audit.models import AuditEvent, AuditPending, Checkpoint
from amana.trust.exports import views as exports
from amana.trust.exports.export_kinds import ExportKind, register_kind
from amana.trust.exports.models import Export
from amana.trust.oversight import subjects, tasks
from amana.trust.oversight.actors import find_actor_name
from amana.trust.oversight.event_lines import build_lines
from amana.trust.oversight.forms import FilterForm
from amana.trust.oversight.rules import OVERSEERS, read_log
from amana.ui.http import asks_for_part, done, name_download, send_file, show
from amana.ui.paging import find_page

LOG = "oversight/log.html"
CASE = "oversight/case.html"
COPY = "log"
ON_A_SHEET = 1_000


# --- the log


@require_GET
def events(request: Request) -> HttpResponse:
    _require(request)
    form = FilterForm(request.GET)
    found = read_log.among(AuditEvent.objects.all(), request.user)
    if form.is_valid():
        found = form.narrow(found)
    shown = find_page(found, request, key=("-pk",), size=50)
    return show(
        request,
        LOG,
        {
            "form": form,
            "page": shown,
            "lines": build_lines(shown),
            "checkpoint": Checkpoint.objects.order_by("-size").first(),
            "waiting": AuditPending.objects.exists(),
            "key": str(log_keys.get_public_key()),
            **describe_last_check(),
        },
        part="events",
    )


def describe_last_check() -> dict[str, object]:
    """Describe the last check of the log by the file next to the anchor: anyone who can
    write in the database could have written rows of the log."""
    checked = checking.read()
    return {
        "check": checked,
        "new": checked.done - checked.start,
        "checked_by": find_actor_name(checked.by),
        "whole_by": find_actor_name(checked.whole_by),
        "all": {"all": "1"},
    }


@require_http_methods(["GET", "POST"])
def check(request: Request) -> HttpResponse:
    """Have what is new in the log checked, or all of it, unless a check is under way;
    asked by an open page, how far that is."""
    _require(request)
    if request.method == "GET" and asks_for_part(request):
        return show(request, LOG, describe_last_check(), part="check")
    checked = checking.read()
    is_free = not checked.is_under_way or checked.has_stopped
    if request.method == "POST" and is_free:
        with transaction.atomic():
            whole = "all" in request.POST
            log.record("asked to check log", by=request.user, whole=whole)
            # The event of who asked is there first, also when the task fails at once.
            transaction.on_commit(partial(_begin, request.user, whole=whole))
    return done(request, then="audit:log")


def _begin(user: User, *, whole: bool) -> None:
    checking.begin_check(by=user.actor_id, whole=whole)
    tasks.check_log.enqueue(user.pk)


@require_POST
def take_copy(request: Request) -> HttpResponse:
    """Ask why, before the log is handed out."""
    _require(request)
    return exports.show_reason_page(request, COPY)


def write_copy(request: Request, export: Export) -> StreamingHttpResponse:
    """Write the log as a file that anyone checks offline. It is marked by its name
    alone: the file is checked to the last byte."""
    _require(request)
    answer = StreamingHttpResponse(_lines(), content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return name_download(f"log-{export.code}.txt", answer)


def register_kinds() -> None:
    """Register the copy of the log as an export. No name of anyone who is helped is in
    it, and it is only taken as a whole."""
    label = gettext_lazy("A copy of the log")
    register_kind(
        ExportKind(
            COPY, label, lambda user, chosen: {}, write_copy, marked=False, named=False
        )
    )


def _lines() -> Iterator[str]:
    return (f"{line}\n" for line in copies.iterate_lines())


@require_GET
def checker(request: Request) -> HttpResponse:
    """Send the program that checks a copy: one file, to be read before it is run."""
    _require(request)
    program = Path(offline_verifier.__file__)
    return send_file(program.read_bytes(), "text/x-python", program.name)


def _require(request: Request) -> None:
    """Require an overseer; strangers are told that there is no such page."""
    if not has_role(request.user, OVERSEERS):
        raise NotAccessible(read_log, AuditEvent, {})


# --- who has looked


@require_GET
def case(request: Request, case: UUID) -> HttpResponse:
    """Show every act and every reading of one person's case, to those who see the
    case."""
    subject = subjects.find_subject(case, request.user)
    if subject is None:
        _require(request)
    # Reading who has read is a look at the case too, and is on the same list.
    log.record("read access list", by=request.user, case=case)
    found = log.find_events_about(case)
    for_print = "print" in request.GET
    shown = find_page(
        found, request, key=("-pk",), size=ON_A_SHEET if for_print else 50
    )
    return show(
        request,
        CASE,
        {
            "case": case,
            "subject": subject,
            "page": shown,
            "lines": build_lines(shown),
            "for_print": for_print,
        },
        part="looks",
    )
