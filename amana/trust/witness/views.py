"""How the log is witnessed, for those who answer for it; and the protocol's call."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.trust.access.http import Request, posted, within_limit
from amana.trust.access.models import ADMINISTRATORS, User
from amana.trust.access.rules import NotAccessible, has_role
from amana.trust.audit import anchor, log_keys, offline_witness, sealing
from amana.trust.audit.offline_verifier import SeenCheckpoint, parse_head
from amana.trust.audit.offline_witness import CosignRefusal
from amana.trust.vault.middleware import require_recent_unlock
from amana.trust.vault.rules import WATCHING
from amana.trust.vault.signin import draw_qr_code
from amana.trust.witness import actions, asking, cosigning, restorations, witness_rows
from amana.trust.witness.forms import (
    AnswerForm,
    CompareForm,
    LogForm,
    RestorationForm,
    WitnessForm,
)
from amana.trust.witness.models import (
    Finding,
    Restoration,
    RestorationStatus,
    VouchedKey,
    Witness,
    WitnessedLog,
)
from amana.trust.witness.rules import (
    READERS,
    confirm_restoration,
    confirm_witness,
    declare_restoration,
    end_witness,
    propose_witness,
    see_witnesses,
    withdraw_restoration,
)
from amana.ui.http import answer_form, done, send_file, show
from amana.ui.once import apply_once

MOST = 64 * 1024
"""Bytes of a request to cosign: 63 lines of proof and a few signatures."""


# --- the state of witnessing


@require_GET
def witnesses(request: Request) -> HttpResponse:
    """Show the last checkpoint, who cosigned when, what is missing, what was found
    wrong.
    """
    _require(request)
    user = request.user
    own = log_keys.get_witness_key()
    return show(
        request,
        "witness/witnesses.html",
        {
            "doubt": witness_rows.find_doubt(),
            "checkpoint": asking.find_newest_checkpoint(),
            "cosigned": asking.find_last_cosigned(),
            "quorum": asking.QUORUM,
            "overdue_since": asking.find_overdue_start(),
            "witnesses": witness_rows.list_witnesses(user),
            "logs": witness_rows.list_logs(user),
            "own_key": str(own) if own else "",
            "log_key": str(log_keys.get_public_key().named(sealing.get_origin())),
            "findings": Finding.objects.order_by("-pk")[:10],
            "proposes": has_role(user, ADMINISTRATORS),
            "declares": has_role(user, WATCHING),
        },
    )


def _require(request: Request) -> None:
    if not has_role(request.user, READERS):
        raise NotAccessible(see_witnesses, Witness, {})


# --- who cosigns, and whose log we cosign


@require_http_methods(["GET", "POST"])
@require_recent_unlock
@apply_once
def new(request: Request) -> HttpResponse:
    _require_proposer(request, Witness)
    return answer_form(
        request,
        "witness/write.html",
        WitnessForm(posted(request)),
        lambda said: actions.propose(**said, by=request.user),
        title=_("Propose a witness"),
        back=reverse("witness:witnesses"),
        lead=_(
            "Another organisation cosigns our log as it grows: with its server, or "
            "with a machine without a network. It sees sizes and hashes, and nothing "
            "of what is in the log."
        ),
    )


@require_http_methods(["GET", "POST"])
@require_recent_unlock
@apply_once
def new_log(request: Request) -> HttpResponse:
    _require_proposer(request, WitnessedLog)
    return answer_form(
        request,
        "witness/write.html",
        LogForm(posted(request)),
        lambda said: actions.propose_log(**said, by=request.user),
        title=_("Propose a log to cosign"),
        back=reverse("witness:witnesses"),
        lead=_("We cosign another organisation’s log as it grows."),
    )


def _require_proposer(request: Request, model: type[VouchedKey]) -> None:
    if not has_role(request.user, ADMINISTRATORS):
        raise NotAccessible(propose_witness, model, {})


@require_POST
@require_recent_unlock
def confirm_witness_(request: Request, pk: int) -> HttpResponse:
    return _confirm(request, Witness, pk)


@require_POST
@require_recent_unlock
def confirm_log(request: Request, pk: int) -> HttpResponse:
    return _confirm(request, WitnessedLog, pk)


@require_POST
@require_recent_unlock
def end_witness_(request: Request, pk: int) -> HttpResponse:
    return _end(request, Witness, pk)


@require_POST
@require_recent_unlock
def end_log(request: Request, pk: int) -> HttpResponse:
    return _end(request, WitnessedLog, pk)


def _confirm(request: Request, model: Any, pk: int) -> HttpResponse:
    found = confirm_witness.find(model.objects.all(), request.user, pk=pk)
    actions.confirm(found, by=request.user)
    return done(request, then="witness:witnesses")


def _end(request: Request, model: Any, pk: int) -> HttpResponse:
    found = end_witness.find(model.objects.all(), request.user, pk=pk)
    actions.end(found, by=request.user)
    return done(request, then="witness:witnesses")


# --- a machine without network


@require_http_methods(["GET", "POST"])
@apply_once
def carry(request: Request, pk: int) -> HttpResponse:
    """Show the request as a QR code, to be carried to the witness; and take back its
    answer.
    """
    witness = _carried(request.user, pk)
    checkpoint = asking.choose_checkpoint(witness)
    form = AnswerForm(
        posted(request),
        request.FILES or None,
        initial={"size": checkpoint.size if checkpoint else 0},
    )
    if form.is_valid():
        said = form.cleaned_data
        asking.keep_cosignature(witness, said["size"], said["answer"], by=request.user)
        return done(request, then="witness:witnesses")
    text = asking.build_request(witness, checkpoint) if checkpoint else ""
    context = {
        "witness": witness,
        "checkpoint": checkpoint,
        "form": form,
        "text": text,
        "code": draw_qr_code(text) if text else "",
    }
    status = 422 if form.is_bound else 200
    return show(request, "witness/carry.html", context, status=status)


@require_GET
def take_request(request: Request, pk: int) -> HttpResponse:
    """Send the same request as a file."""
    witness = _carried(request.user, pk)
    checkpoint = asking.choose_checkpoint(witness)
    text = asking.build_request(witness, checkpoint) if checkpoint else ""
    return send_file(text, "text/plain; charset=utf-8", "request.txt")


def _carried(user: User, pk: int) -> Witness:
    found: Witness = propose_witness.find(Witness.objects.in_force(), user, pk=pk)
    return found


@require_GET
def program(request: Request) -> HttpResponse:
    """Send the program of such a machine: one file, to be read before it is run."""
    _require(request)
    file = Path(offline_witness.__file__)
    return send_file(file.read_bytes(), "text/x-python", file.name)


# --- on paper


@require_GET
def paper(request: Request) -> HttpResponse:
    """Show the last checkpoint, to be printed, signed by hand, and kept elsewhere."""
    _require(request)
    checkpoint = asking.find_newest_checkpoint()
    context: dict[str, object] = {"checkpoint": checkpoint}
    if checkpoint:
        seen = parse_head(checkpoint.note)
        context |= {
            "origin": seen.origin,
            "groups": witness_rows.format_groups(seen.root),
            "code": draw_qr_code(checkpoint.note),
        }
    return show(request, "witness/paper.html", context)


@require_http_methods(["GET", "POST"])
def compare(request: Request) -> HttpResponse:
    """Check whether the log still begins with what is on an older paper."""
    _require(request)
    form = CompareForm(posted(request))
    fits: bool | None = None
    if form.is_valid():
        root = bytes.fromhex(form.cleaned_data["hash"])
        seen = SeenCheckpoint(sealing.get_origin(), form.cleaned_data["size"], root)
        fits = sealing.is_prefix(seen)
    context = {"form": form, "fits": fits}
    status = 422 if form.is_bound and fits is None else 200
    return show(request, "witness/compare.html", context, status=status)


# --- a restoration


@require_GET
def restoration(request: Request) -> HttpResponse:
    """Show what is wrong with the log, and what was proposed about it."""
    _require(request)
    user, known = request.user, anchor.read()
    waiting = Restoration.objects.filter(status=RestorationStatus.PROPOSED).first()
    declared = Restoration.objects.filter(status=RestorationStatus.DECLARED)
    return show(
        request,
        "witness/restoration.html",
        {
            "doubt": witness_rows.find_doubt(),
            "lost": len(known.lost),
            "waiting": waiting,
            "entries": restorations.count_lost_entries(waiting) if waiting else 0,
            "declares": has_role(user, WATCHING),
            "confirms": waiting and confirm_restoration.permits(user, waiting),
            "withdraws": waiting and withdraw_restoration.permits(user, waiting),
            "declared": declared.select_related("proposed_by", "confirmed_by").order_by(
                "-pk"
            ),
        },
    )


@require_http_methods(["GET", "POST"])
@require_recent_unlock
@apply_once
def propose(request: Request) -> HttpResponse:
    if not has_role(request.user, WATCHING):
        raise NotAccessible(declare_restoration, Restoration, {})
    return answer_form(
        request,
        "witness/write.html",
        RestorationForm(posted(request)),
        lambda said: restorations.propose(**said, by=request.user),
        title=_("Declare a restoration"),
        back=reverse("witness:restoration"),
        lead=_(
            "Only if you know that an older database was restored, and who did it. "
            "If not, leave everything as it is and call the server operator."
        ),
    )


@require_POST
@require_recent_unlock
def confirm(request: Request, pk: int) -> HttpResponse:
    found = confirm_restoration.find(Restoration.objects.all(), request.user, pk=pk)
    restorations.confirm(found, by=request.user)
    messages.success(
        request, _("The restoration has been declared. Pages are shown again.")
    )
    return done(request, then="witness:restoration")


@require_POST
@require_recent_unlock
def withdraw(request: Request, pk: int) -> HttpResponse:
    found = withdraw_restoration.find(Restoration.objects.all(), request.user, pk=pk)
    restorations.withdraw(found, by=request.user)
    return done(request, then="witness:restoration")


# --- the protocol


@csrf_exempt  # another instance sends it; only what a log's key has signed counts
@login_not_required
@require_POST
def add_checkpoint(request: HttpRequest) -> HttpResponse:
    """Cosign a checkpoint of a log that two people chose (C2SP tlog-witness)."""
    if not within_limit(request, "cosign"):
        return _plain("", 429)
    # One byte more than allowed is enough to refuse it without reading the rest.
    body = request.read(MOST + 1)
    if len(body) > MOST:
        return _plain("", 413)
    try:
        line = cosigning.add_checkpoint(body.decode())
    except UnicodeDecodeError:
        return _plain("", 400)
    except CosignRefusal as refusal:
        size = "text/x.tlog.size" if refusal.status == 409 else ""
        return _plain(refusal.body, refusal.status, size)
    return _plain(line, 200)


def _plain(text: str, status: int, media: str = "") -> HttpResponse:
    media = media or "text/plain; charset=utf-8"
    return HttpResponse(text, content_type=media, status=status)
