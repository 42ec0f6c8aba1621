"""Make a harmless copy of a picture or PDF: in a process of its own (`confined`).

The answer's first line is JSON: `{"kind": …}` and the copy follows, or `{"no": code}`.
Nothing here knows Django, and nothing is written to disk: the process may not.
A picture is redrawn, so that places, cameras and hidden parts stay behind. A PDF's
pages are put into a new one, without scripts, attachments, forms' logic and metadata.
"""

import io
import re
import warnings

from amana.answers import pack_answer

MOST_PIXELS = 50_000_000
MOST_PAGES = 500
UNPACKED = 200 * 1024 * 1024
"""What one packed part of a PDF may unfold to."""

KINDS: dict[str, tuple[re.Pattern[bytes], str]] = {
    "application/pdf": (re.compile(rb"%PDF-[12]\.\d"), ""),
    "image/jpeg": (re.compile(rb"\xff\xd8\xff"), "JPEG"),
    "image/png": (re.compile(rb"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "PNG"),
    "image/webp": (re.compile(rb"RIFF....WEBPVP8", re.DOTALL), "WEBP"),
}

EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
FOREIGN = re.compile(
    rb"<script|<\?php|<!doctype html|<html[\s>]|<svg[\s>]"
    rb"|cannot be run in DOS mode|PK\x05\x06.{18}\Z",
    re.IGNORECASE | re.DOTALL,
)
"""Marks of another kind of file inside: a page, a script, a program, an archive."""
ARCHIVE_END = re.compile(rb"PK\x05\x06")
ARCHIVE_MEMBER = b"PK\x03\x04"


class UnsafeFile(Exception):
    """Not a file that we take in; the code says why."""


def detect_kind(content: bytes) -> str:
    """Detect the media type by the first bytes, whatever the name is. Raises
    `UnsafeFile`.
    """
    for kind, (signature, _format) in KINDS.items():
        if signature.match(content):
            return kind
    raise UnsafeFile("kind")


def copy_safely(content: bytes) -> tuple[str, bytes]:
    """Find the kind of `content`, and make a copy without anything that isn't seen.
    Raises `UnsafeFile`.
    """
    if EICAR in content:
        raise UnsafeFile("malware")
    kind = detect_kind(content)
    if is_something_else_too(content, kind):
        raise UnsafeFile("two_kinds")
    if kind == "application/pdf":
        return kind, copy_pages(content)
    return kind, draw_again(content, KINDS[kind][1])


def is_something_else_too(content: bytes, kind: str) -> bool:
    if FOREIGN.search(content):
        return True
    if kind != "application/pdf" and b"%PDF-" in content:
        return True
    # An archive's directory is at its end, after a comment of 65,535 bytes at most.
    return ARCHIVE_MEMBER in content and bool(ARCHIVE_END.search(content[-66_000:]))


def draw_again(content: bytes, format: str) -> bytes:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(content), formats=[format]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise UnsafeFile("pixels")
            picture.load()
            # Turned before the metadata go, which tell how the camera was held.
            upright = ImageOps.exif_transpose(picture)
            seen = upright.convert("RGBA" if has_clear_parts(upright) else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnsafeFile("pixels") from error
    except (OSError, SyntaxError, ValueError, EOFError, ZeroDivisionError) as error:
        raise UnsafeFile("damaged") from error
    # A new picture from the pixels alone: a converted one would take its metadata
    # along.
    bare = Image.frombytes(seen.mode, seen.size, seen.tobytes())
    if format == "JPEG":
        bare = bare.convert("RGB")
    out = io.BytesIO()
    bare.save(out, format, **({} if format == "PNG" else {"quality": 88}))
    return out.getvalue()


def has_clear_parts(picture: object) -> bool:
    mode, info = getattr(picture, "mode", ""), getattr(picture, "info", {})
    return mode in ("RGBA", "LA", "PA") or "transparency" in info


def copy_pages(content: bytes) -> bytes:
    import pikepdf
    from pikepdf import sanitize, settings

    settings.set_qpdf_limits(
        doc_max_warnings=1000,
        flate_max_memory=UNPACKED,
        dct_max_memory=UNPACKED,
        png_max_memory=UNPACKED,
        run_length_max_memory=UNPACKED,
        tiff_max_memory=UNPACKED,
    )
    try:
        with pikepdf.open(io.BytesIO(content)) as source, pikepdf.new() as bare:
            if len(source.pages) > MOST_PAGES:
                raise UnsafeFile("pages")
            if not source.pages:
                raise UnsafeFile("damaged")
            # Pages are then moved to a new file, so that what only the old catalogue
            # held, such as an action on opening, stays behind.
            for remove in (
                sanitize.remove_javascript,
                sanitize.remove_attachments,
                sanitize.remove_external_access,
                sanitize.remove_multimedia,
                sanitize.remove_private_app_data,
            ):
                remove(source)
            bare.pages.extend(source.pages)
            for thing in bare.objects:
                if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
                    for key in ("/Metadata", "/AA", "/PieceInfo", "/LastModified"):
                        if key in thing:
                            del thing[key]
            out = io.BytesIO()
            bare.save(out, deterministic_id=True)
    except pikepdf.PasswordError as error:
        raise UnsafeFile("password") from error
    except (pikepdf.PdfError, pikepdf.PikepdfError) as error:
        raise UnsafeFile("damaged") from error
    except (ValueError, TypeError, RuntimeError, KeyError) as error:
        raise UnsafeFile("damaged") from error
    return out.getvalue()


def answer(content: bytes) -> bytes:
    try:
        kind, shown = copy_safely(content)
    except UnsafeFile as no:
        said, shown = {"no": str(no)}, b""
    # Within the size limit only a picture of very many pixels takes so much.
    except MemoryError:
        said, shown = {"no": "pixels"}, b""
    else:
        said = {"kind": kind}
    return pack_answer(said, shown)
