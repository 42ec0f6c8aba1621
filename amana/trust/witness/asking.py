"""Our log asks its witnesses to cosign: those on the network by a request, others by
what is carried to them. Nothing waits for a witness, and none can stop anything."""

import logging
import time
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.client import HTTPException
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.audit import anchor, log, sealing, tree
from amana.trust.audit.models import Checkpoint, Cosignature
from amana.trust.audit.offline_verifier import (
    COSIGNATURE,
    LogBroken,
    VerifierKey,
    find_cosigning_time,
    split_note,
)
from amana.trust.audit.offline_witness import write_request
from amana.trust.witness import findings
from amana.trust.witness.models import OVERDUE, Finding, Witness
from amana.trust.witness.rules import propose_witness

SECONDS = 10
"""How long all that one witness is asked may take."""
MOST = 16 * 1024
QUORUM = 2
"""How many different witnesses a checkpoint wants."""
AHEAD = timedelta(minutes=10)
"""How much later than ours a witness's clock may be."""

logger = logging.getLogger(__name__)


class WitnessUnanswered(Exception):
    """A witness gave no answer that says anything."""


class _NoDetour(HTTPRedirectHandler):
    """Only the address that two people chose is asked."""

    def redirect_request(self, *args: object) -> None:
        return None


def map_witness_keys() -> dict[str, VerifierKey]:
    """Map the names of our witnesses to their keys: nothing else decides which are
    believed.
    """
    in_force = Witness.objects.in_force().values_list("name", "key")
    return {name: VerifierKey.read(key, COSIGNATURE) for name, key in in_force}


# --- what is asked


def find_newest_checkpoint() -> Checkpoint | None:
    return Checkpoint.objects.order_by("-size").first()


def find_cosigned_size(witness: Witness) -> int:
    """Find how far this witness has cosigned the log that is running."""
    start = sealing.count_taken_over()
    found = Cosignature.objects.filter(name=witness.name, size__gt=start)
    return found.order_by("-size").values_list("size", flat=True).first() or 0


def build_request(
    witness: Witness, checkpoint: Checkpoint, old: int | None = None
) -> str:
    """Build the text that this witness answers; `old`: from where it has seen the
    log."""
    size = find_cosigned_size(witness) if old is None else old
    node = sealing.StoredTree().node
    proof = tree.prove_consistency(size, checkpoint.size, node) if size else []
    return write_request(size, proof, checkpoint.note)


# --- over the network


def ask_all_witnesses() -> int:
    """Ask every witness with an address to cosign, and count those that did. Nothing
    while another process asks.
    """
    with anchor.hold_lock(wait=0, what="asking") as ours:
        checkpoint = find_newest_checkpoint()
        if not ours or checkpoint is None or anchor.read().doubt:
            return 0
        try:
            return sum(
                _answered(witness, checkpoint)
                for witness in Witness.objects.in_force().exclude(address="")
                if find_cosigned_size(witness) != checkpoint.size
            )
        finally:
            notify_overdue()


def _answered(witness: Witness, checkpoint: Checkpoint) -> bool:
    try:
        ask_witness(witness, checkpoint)
    except (WitnessUnanswered, Refused) as error:
        logger.warning("Witness %s: %s", witness.pk, error)
        _note_failure(witness)
        return False
    return True


def ask_witness(witness: Witness, checkpoint: Checkpoint) -> None:
    """Ask one witness; again, if it has seen the log to another size than we knew."""
    until = time.monotonic() + SECONDS
    status, answer = _sent(witness, build_request(witness, checkpoint), until)
    size = _size_in(answer) if status == HTTPStatus.CONFLICT else None
    if size is not None and size > checkpoint.size:
        _note_ahead(witness, size)
        raise WitnessUnanswered(f"it says to have seen {size} entries")
    if size is not None:
        text = build_request(witness, checkpoint, size)
        status, answer = _sent(witness, text, until)
    if status != HTTPStatus.OK:
        raise WitnessUnanswered(f"it answered {status}")
    keep_cosignature(witness, checkpoint.size, answer)


def _sent(witness: Witness, text: str, until: float) -> tuple[int, str]:
    """Send the request, and return status and text of the answer if all of it is there
    by then.
    """
    request = Request(  # noqa: S310 — https, as two people chose it
        f"{witness.address.rstrip('/')}/add-checkpoint",
        text.encode(),
        {"Content-Type": "text/plain; charset=utf-8"},
        method="POST",
    )
    # A socket's timeout holds for each read: a witness that sends a letter every nine
    # seconds would keep us for hours. So a thread reads, and we wait for it once.
    answers: SimpleQueue[tuple[int, bytes] | Exception] = SimpleQueue()
    Thread(target=lambda: answers.put(_fetched(request)), daemon=True).start()
    try:
        answer = answers.get(timeout=max(0, until - time.monotonic()))
    except Empty as error:
        raise WitnessUnanswered("it took too long") from error
    if isinstance(answer, Exception):
        raise WitnessUnanswered(type(answer).__name__) from answer
    status, body = answer
    return status, body.decode(errors="replace")


def _fetched(request: Request) -> tuple[int, bytes] | Exception:
    """Fetch the answer, in a thread of its own for which no one waits."""
    try:
        with build_opener(_NoDetour).open(request, timeout=SECONDS) as answer:
            return answer.status, answer.read(MOST)
    except HTTPError as error:
        try:
            return error.code, error.read(MOST)
        except (OSError, HTTPException, ValueError) as broken:
            return broken
    except (OSError, HTTPException, ValueError) as error:
        return error


def _size_in(answer: str) -> int | None:
    text = answer.strip()
    # What is longer fits in no column of 64 bits; and it comes from outside.
    fits = text.isascii() and text.isdigit() and len(text) < 19
    return int(text) if fits else None


# --- what came back


@transaction.atomic
def keep_cosignature(
    witness: Witness, size: int, answer: str, *, by: User | None = None
) -> None:
    """Keep a witness's cosignature under the checkpoint of this size. Raises `Refused`,
    unless it is by the witness's key, under our checkpoint, and of now.
    """
    if by is not None:
        propose_witness.require(by, witness)
    note = Checkpoint.objects.filter(size=size).values_list("note", flat=True).first()
    # Cosignatures of a log that ended with a restoration prove nothing for the one that
    # runs.
    if note is None or size <= sealing.count_taken_over():
        raise Refused(_("There is no checkpoint of this size."))
    line, at = _found(witness, note, answer)
    Cosignature.objects.update_or_create(
        name=witness.name, size=size, defaults={"line": line, "at": at}
    )
    Witness.objects.filter(pk=witness.pk).update(failing_since=None, says=None)
    if by is not None:  # else a log where nothing happens would grow by being asked
        log.record("took cosignature", witness, by=by, size=size)


def _found(witness: Witness, note: str, answer: str) -> tuple[str, datetime]:
    """Find the line in the answer that is by this witness, and when it was given."""
    key = map_witness_keys().get(witness.name)
    text = split_note(note)[0]
    try:
        lines = split_note(f"{text}\n{answer.strip()}\n")[1]
    except LogBroken:
        lines = []
    for line, name, raw in lines:
        if key is None or (name, raw[:4]) != (key.name, key.id):
            continue
        at = find_cosigning_time(key, raw[4:], text)
        # A time far ahead would make a witness look alive that has fallen silent.
        if at is not None and at <= (timezone.now() + AHEAD).timestamp():
            return line, datetime.fromtimestamp(at, UTC)
    raise Refused(_("This is not this witness’s signature under this checkpoint."))


@transaction.atomic
def _note_failure(witness: Witness) -> None:
    Witness.objects.filter(pk=witness.pk, failing_since=None).update(
        failing_since=timezone.now()
    )


@transaction.atomic
def _note_ahead(witness: Witness, size: int) -> None:
    """Record that a witness reports having seen more than we have, and notify
    people."""
    # No more than that: it shows no signature of ours for it, so it may lie, and must
    # not be able to stop us (ADR 60).
    free = Witness.objects.filter(pk=witness.pk, says=None)
    if free.update(says=size):
        findings.notify_finding(Finding.What.WITNESS)


# --- the state of cosigning


def find_last_cosigned(quorum: int = QUORUM) -> Checkpoint | None:
    """Find the newest checkpoint of the running log that enough of our witnesses
    cosigned; with however many signatures, each counts once.
    """
    names: dict[int, set[str]] = {}
    found = Cosignature.objects.filter(size__gt=sealing.count_taken_over())
    ours = found.filter(name__in=map_witness_keys()).order_by("-size")
    for size, name in ours.values_list("size", "name"):
        names.setdefault(size, set()).add(name)
        if len(names[size]) >= quorum:
            return Checkpoint.objects.filter(size=size).first()
    return None


def choose_checkpoint(witness: Witness) -> Checkpoint | None:
    """Choose what an offline witness is asked to cosign: the newest that another
    witness has cosigned already, so that there are two; else the newest.
    """
    by_another = find_last_cosigned(1)
    if by_another and by_another.size > find_cosigned_size(witness):
        return by_another
    return find_newest_checkpoint()


def find_overdue_start() -> datetime | None:
    """Find since when checkpoints wait for enough cosignatures; None if that is not
    long.
    """
    last = find_last_cosigned()
    start = last.size if last else sealing.count_taken_over()
    first = Checkpoint.objects.filter(size__gt=start).order_by("size").first()
    if first is None or first.at > timezone.now() - OVERDUE:
        return None
    return first.at


@transaction.atomic
def notify_overdue() -> None:
    """Notify once a day that witnesses are silent, where there are any to ask."""
    since = timezone.now() - OVERDUE
    told = Finding.objects.filter(what=Finding.What.SILENT, at__gt=since)
    asked = Witness.objects.in_force().filter(confirmed_at__lte=since)
    if asked.exists() and find_overdue_start() is not None and not told.exists():
        findings.notify_finding(Finding.What.SILENT)
