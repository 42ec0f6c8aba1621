"""A cookie on each colleague's device: the last checkpoint that it has seen.

If everything on the server was restored to yesterday, the file next to the database
included, only those outside notice: witnesses, and this. The cookie is a checkpoint as
the log signed it, so that no one makes one up; it reveals nothing of the person. It is
kept for a month, since a night is what a session doesn't outlive.
"""

import base64
import binascii
from functools import lru_cache

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from amana.trust.audit import anchor, log_keys, sealing
from amana.trust.audit.offline_verifier import (
    LogBroken,
    format_statement,
    get_log_number,
    parse_head,
    read_checkpoint,
    split_note,
)

KEPT = 30 * 24 * 3600


def get_cookie_name() -> str:
    return "__Host-log" if settings.SESSION_COOKIE_SECURE else "log"


def pack_checkpoint(note: str) -> str:
    """Pack a checkpoint into a cookie: number of the log, size, root and signature."""
    seen = parse_head(note)
    number = get_log_number(seen.origin, settings.AUDIT_ORIGIN)
    _line, _name, raw = split_note(note)[1][0]
    return ".".join([str(number), str(seen.size), _text(seen.root), _text(raw[4:])])


def unpack_checkpoint(value: str) -> str:
    """Unpack the checkpoint that a cookie holds, as its note. Raises `LogBroken` if the
    log's key has not signed it.
    """
    try:
        number, size, root, signature = value.split(".")
        key = log_keys.get_public_key().named(sealing.format_log_name(int(number)))
        text = format_statement(key.name, int(size), _bytes(root))
        line = base64.b64encode(key.id + _bytes(signature)).decode()
    except (ValueError, binascii.Error) as error:
        raise LogBroken("it is no checkpoint in a cookie") from error
    note = f"{text}\n— {key.name} {line}\n"
    read_checkpoint(note, key)
    return note


def remember_checkpoint(request: HttpRequest, response: HttpResponse) -> None:
    """Have the device keep the last checkpoint, if it is a newer one."""
    known = anchor.read()
    if not any(known.notes[:1]) or known.doubt:
        return
    value = pack_checkpoint(known.notes[0])
    if request.COOKIES.get(get_cookie_name()) == value:
        return
    response.set_cookie(
        get_cookie_name(),
        value,
        max_age=KEPT,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
        path="/",
    )


def check_device(request: HttpRequest) -> None:
    """Compare the log with what the device has seen of it."""
    value = request.COOKIES.get(get_cookie_name())
    # Nearly every request brings a checkpoint that the anchor knows, which needs no
    # query.
    if not value or value in map(pack_checkpoint, filter(None, anchor.read().notes)):
        return
    try:
        found = _is_in_log(str(connection.settings_dict["NAME"]), value)
    except LogBroken:
        # One that another wrote there, or that a new key has made unreadable, proves
        # nothing; the answer replaces it.
        return
    if not found:
        # Only a yes is remembered: the right database may be back by the next request.
        _is_in_log.cache_clear()
        sealing.record_device_doubt(unpack_checkpoint(value))


@lru_cache(maxsize=1024)
def _is_in_log(database: str, value: str) -> bool:
    """Check whether the log begins with this checkpoint.

    Of one that is in the log, once in the life of a process: that it is cut back
    meanwhile is what the anchor shows.
    """
    return sealing.is_prefix(parse_head(unpack_checkpoint(value)))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
