"""Sound sent as players ask for it: whole, or a part.

Safari plays nothing from a server that can't send a part (RFC 9110, section 14)."""

import re

from django.http import HttpRequest, HttpResponse

RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def send_sound(request: HttpRequest, content: bytes, kind: str) -> HttpResponse:
    """Answer with `content`, or with the one part of it that the request names."""
    part = parse_range(request.headers.get("Range", ""), len(content))
    if part == (0, 0):
        response = HttpResponse(status=416, content_type=kind)
        response["Content-Range"] = f"bytes */{len(content)}"
    elif part:
        first, end = part
        response = HttpResponse(content[first:end], content_type=kind, status=206)
        response["Content-Range"] = f"bytes {first}-{end - 1}/{len(content)}"
    else:
        response = HttpResponse(content, content_type=kind)
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def parse_range(wanted: str, length: int) -> tuple[int, int] | None:
    """Read a header into first byte and end; (0, 0): not there; None: all of it, also
    where the header names several parts or is no range at all."""
    found = RANGE.fullmatch(wanted.strip())
    if not found or not any(found.groups()):
        return None
    begin, last = found.groups()
    if not begin:  # the last so many bytes
        return (max(0, length - int(last)), length) if int(last) else (0, 0)
    first = int(begin)
    end = min(length, int(last) + 1) if last else length
    # RFC 9110, 14.1.1: such a range is invalid; 14.2 lets us ignore it.
    if last and int(last) < first:
        return None
    return (first, end) if first < length else (0, 0)
