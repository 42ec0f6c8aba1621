"""A certificate baked into a picture of itself. Open Badges 3.0, section 5.3.

In a PNG it is an iTXt chunk right after the header, in an SVG an element."""

import re
import struct
import zlib
from collections.abc import Iterator
from html import unescape

from amana.academy.credentials.engine.faults import UnreadableCertificate

PNG = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
PICTURE_MOST_BYTES = 4 * 1024 * 1024
AFTER_HEADER = len(PNG) + 25
CDATA, CDATA_END = "<![CDATA[", "]]>"
CDATA_AGAIN = f"]]{CDATA_END}{CDATA}>"
"""How its own end is written inside it: in two pieces."""


def embed_in_png(picture: bytes, text: str) -> bytes:
    # keyword, not compressed, no language, no translated keyword
    baked = build_chunk(b"iTXt", KEYWORD + b"\0\0\0\0\0" + text.encode())
    return picture[:AFTER_HEADER] + baked + picture[AFTER_HEADER:]


def embed_in_svg(picture: str, text: str) -> str:
    head, tag, rest = re.split(r"(<svg\b[^>]*>)", picture, maxsplit=1)
    named = f'{tag[:-1]} xmlns:openbadges="{NAMESPACE}">'
    inside = CDATA + text.replace(CDATA_END, CDATA_AGAIN) + CDATA_END
    element = f"<openbadges:credential>{inside}</openbadges:credential>"
    return f"{head}{named}{element}{rest}"


def extract_from_png(picture: bytes) -> bytes:
    for kind, content in iterate_chunks(picture):
        keyword, _, rest = content.partition(b"\0")
        if kind == b"iTXt" and keyword == KEYWORD:
            if rest[:1] != b"\0":
                raise UnreadableCertificate("a packed text in the picture")
            # after two more bytes: a language, a translated keyword, the text
            named = rest[2:].split(b"\0", 2)
            if len(named) != 3:
                raise UnreadableCertificate("a torn text in the picture")
            return named[2]
    raise UnreadableCertificate("no certificate in the picture")


def extract_from_svg(picture: str) -> str:
    # Not by a pattern: one that searches for an end from each beginning takes quadratic
    # time.
    _before, begun, rest = picture.partition("<openbadges:credential")
    _attributes, opened, rest = rest.partition(">")
    inside, closed, _after = rest.partition("</openbadges:credential>")
    if not (begun and opened and closed):
        raise UnreadableCertificate("no certificate in the picture")
    inside = inside.strip()
    if inside.startswith(CDATA):
        whole = inside.removeprefix(CDATA).removesuffix(CDATA_END)
        return whole.replace(CDATA_AGAIN, CDATA_END)
    return unescape(inside)


def build_chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check


def iterate_chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(PNG)
    while at + 12 <= len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        yield picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        at += 12 + length
