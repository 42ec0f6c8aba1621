"""The log for those who oversee, and each person's access list for those who help."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from amana.trust.access.http import Request
from amana.trust.access.rules import NotAmong, holds
from amana.trust.audit import export as copies
from amana.trust.audit import log, offline_verifier, signing
from amana.trust.audit.models import AuditDetail, AuditEvent, AuditPending, Checkpoint
from amana.trust.exports import views as exports
from amana.trust.exports.kinds import Kind, register
from amana.trust.exports.models import Export
from amana.trust.oversight import subjects, tasks
from amana.trust.oversight.forms import FilterForm
from amana.trust.oversight.lists import lines
from amana.trust.oversight.rules import OVERSEERS, read_log
from amana.ui.http import as_file, done, kept_as, show
from amana.ui.paging import page

LOG = "oversight/log.html"
CASE = "oversight/case.html"
COPY = "log"
ON_A_SHEET = 1_000
LONGEST_CHECK = timedelta(hours=1)


# --- the log


@require_GET
def events(request: Request) -> HttpResponse:
    _require(request)
    form = FilterForm(request.GET)
    found = read_log.among(AuditEvent.objects.all(), request.user)
    if form.is_valid():
        found = form.narrow(found)
    shown = page(found, request, key=("-pk",), size=50)
    return show(
        request,
        LOG,
        {
            "form": form,
            "page": shown,
            "lines": lines(shown),
            "checkpoint": Checkpoint.objects.order_by("-size").first(),
            "waiting": AuditPending.objects.exists(),
            "key": str(signing.public_key()),
            "check": last_check(),
        },
        part="events",
    )


def last_check() -> dict[str, object]:
    """When the log was last checked, and whether it was right; or that it runs."""
    asked = _last("asked to check log")
    event = _last("checked log")
    runs = (
        asked is not None
        and asked.at > timezone.now() - LONGEST_CHECK
        and (event is None or event.pk < asked.pk)
    )
    if event is None:
        return {"runs": runs}
    detail = AuditDetail.objects.get(pk=event.pk).details
    return {"runs": runs, "at": event.at, **detail}


def _last(did: str) -> AuditEvent | None:
    return AuditEvent.objects.filter(did=did).order_by("-pk").first()


@require_POST
def check(request: Request) -> HttpResponse:
    """Have the whole log checked, unless that is under way."""
    _require(request)
    if not last_check()["runs"]:
        with transaction.atomic():
            log.record("asked to check log", by=request.user)
            enqueue = partial(tasks.check_log.enqueue, request.user.pk)
            transaction.on_commit(enqueue)
    return done(request, then="audit:log")


@require_POST
def take_copy(request: Request) -> HttpResponse:
    """Ask why, before the log is handed out."""
    _require(request)
    return exports.ask(request, COPY)


def write_copy(request: Request, export: Export) -> StreamingHttpResponse:
    """The log as a file that anyone checks offline. It is marked by its name alone:
    the file is checked to the last byte."""
    _require(request)
    answer = StreamingHttpResponse(_lines(), content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return kept_as(f"log-{export.code}.txt", answer)


def register_kinds() -> None:
    """No name of anyone who is helped is in it, and nobody takes a part of it."""
    label = gettext_lazy("A copy of the log")
    register(
        Kind(
            COPY, label, lambda user, chosen: {}, write_copy, marked=False, named=False
        )
    )


def _lines() -> Iterator[str]:
    return (f"{line}\n" for line in copies.lines())


@require_GET
def checker(request: Request) -> HttpResponse:
    """The program that checks a copy: one file, to be read before it is run."""
    _require(request)
    program = Path(offline_verifier.__file__)
    return as_file(program.read_bytes(), "text/x-python", program.name)


def _require(request: Request) -> None:
    """Strangers are told that there is no such page."""
    if not holds(request.user, OVERSEERS):
        raise NotAmong(read_log, AuditEvent, {})


# --- who has looked


@require_GET
def case(request: Request, case: UUID) -> HttpResponse:
    """Every act and every look at one person's case, for whoever sees the case."""
    subject = subjects.find(case, request.user)
    if subject is None:
        _require(request)
    log.record("read access list", by=request.user, case=case)
    found = log.events_about(case)
    for_print = "print" in request.GET
    shown = page(found, request, key=("-pk",), size=ON_A_SHEET if for_print else 50)
    return show(
        request,
        CASE,
        {
            "case": case,
            "subject": subject,
            "page": shown,
            "lines": lines(shown),
            "for_print": for_print,
        },
        part="looks",
    )
