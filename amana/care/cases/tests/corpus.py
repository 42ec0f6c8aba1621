"""Files that people send, and files that somebody sends to do harm: made here."""

import io
import struct
import zipfile
import zlib

import pikepdf
from PIL import Image

PLACE = "Safe house, 5 Harbour Street"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def a_picture(format: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    """A picture that says where and with what it was taken."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    exif[0x010E] = PLACE
    exif[0x0112] = 6  # it was held sideways
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (12.0, 34.0, 56.0)
    Image.new("RGB", size, "teal").save(out, format, exif=exif)
    return out.getvalue()


def a_pdf(pages: int = 1, **how: object) -> bytes:
    """A PDF with a script, an attachment, an outside link, and an author."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(200, 200))
        script = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)")
        )
        pdf.Root.OpenAction = pdf.make_indirect(script)
        pdf.pages[0].obj.AA = pikepdf.Dictionary(O=script)
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Link,
            Rect=[0, 0, 100, 100],
            A=pikepdf.Dictionary(
                S=pikepdf.Name.URI, URI=pikepdf.String("http://tracker.example/")
            ),
        )
        pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(link)])
        pdf.attachments["hidden.exe"] = b"MZ hidden"
        pdf.docinfo["/Author"] = PLACE
        with pdf.open_metadata() as metadata:
            metadata["dc:creator"] = [PLACE]
        pdf.save(out, **how)  # type: ignore[arg-type]
    return out.getvalue()


def a_zip(content: bytes = b"x" * 100, name: str = "inside.txt") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def a_huge_png(width: int = 100_000, height: int = 100_000) -> bytes:
    """A few bytes that say they are ten thousand million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


def a_gigabyte_packed() -> bytes:
    """What zlib makes of 1,000,000,000 zeros, of which it sees the first million."""
    packed = zlib.compressobj(9)
    head = packed.compress(b"\0" * 1_000_000) + packed.flush(zlib.Z_FULL_FLUSH)
    again = packed.compress(b"\0" * 1_000_000) + packed.flush(zlib.Z_FULL_FLUSH)
    checksum = (1_000_000_000 % 65521) << 16 | 1  # RFC 1950: Adler-32 of zeros
    return head + again * 999 + b"\x03\x00" + checksum.to_bytes(4)


def a_pdf_bomb() -> bytes:
    """A cross-reference stream that unfolds to a gigabyte."""
    data = a_gigabyte_packed()
    head = b"%PDF-1.5\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    start = len(head)
    body = (
        b"3 0 obj<</Type/XRef/W[1 4 2]/Size 100000000/Root 1 0 R/Filter/FlateDecode"
        b"/Length " + str(len(data)).encode() + b">>stream\n" + data + b"\nendstream\n"
        b"endobj\nstartxref\n" + str(start).encode() + b"\n%%EOF"
    )
    return head + body


HOSTILE: dict[str, tuple[str, bytes]] = {
    "empty": ("a.pdf", b""),
    "EICAR alone": ("a.pdf", EICAR),
    "EICAR in a PDF": ("a.pdf", a_pdf() + b"\n%" + EICAR),
    "EICAR in a picture": ("a.jpg", a_picture() + EICAR),
    "SVG": ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
    "SVG called PNG": ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "HTML": ("a.html", b"<html><script>alert(1)</script></html>"),
    "HTML called JPEG": ("a.jpg", b"<html><script>alert(1)</script></html>"),
    "a program": ("a.exe", b"MZ" + b"\0" * 200),
    "a program called PDF": ("a.pdf", b"MZ" + b"\0" * 200),
    "a shell script called PDF": ("a.pdf", b"#!/bin/sh\nrm -rf /\n"),
    "an archive": ("a.zip", a_zip()),
    "an archive called PDF": ("a.pdf", a_zip()),
    "a zip bomb": ("a.zip", a_zip(b"\0" * 50_000_000)),
    "a document with macros": ("a.docm", a_zip(name="word/vbaProject.bin")),
    "picture and archive in one": ("a.jpg", a_picture() + a_zip()),
    "PDF and archive in one": ("a.pdf", a_pdf() + a_zip()),
    "picture and page in one": ("a.jpg", a_picture() + b"<script>alert(1)</script>"),
    "picture and PDF in one": ("a.png", a_picture("PNG") + a_pdf()),
    "picture and PHP in one": ("a.jpg", a_picture() + b"<?php system($_GET[0]);"),
    "PDF and program in one": (
        "a.pdf",
        a_pdf() + b"MZ" + b"This program cannot be run in DOS mode",
    ),
    "100,000 by 100,000 pixels": ("a.png", a_huge_png()),
    "just too many pixels": ("a.png", a_huge_png(10_000, 5_001)),
    "a PDF that unfolds to a gigabyte": ("a.pdf", a_pdf_bomb()),
    "a PDF of too many pages": ("a.pdf", a_pdf(pages=501)),
    "a PDF with a password": (
        "a.pdf",
        a_pdf(encryption=pikepdf.Encryption(owner="o", user="u")),
    ),
    "half a picture": ("a.jpg", a_picture(size=(900, 900))[:900]),
    "half a PDF": ("a.pdf", a_pdf()[:200]),
    "two endings": ("holiday.exe.jpg", a_picture()),
    "two kinds in the name": ("photo.jpg.pdf", a_pdf()),
    "turned-around name": ("photo\u202egpj.exe", a_picture()),
    "no ending": ("photo", a_picture()),
    "a picture called PDF": ("a.pdf", a_picture()),
    "a GIF": ("a.gif", b"GIF89a" + b"\0" * 100),
    "a GIF called PNG": ("a.png", b"GIF89a" + b"\0" * 100),
    "too large": ("a.pdf", a_pdf() + b"\n%" + b"x" * (10 * 1024 * 1024)),
}

WELCOME: dict[str, tuple[str, bytes, str]] = {
    "JPEG": ("photo.jpg", a_picture(), "image/jpeg"),
    "JPEG, long ending": ("photo.JPEG", a_picture(), "image/jpeg"),
    "PNG": ("photo.png", a_picture("PNG"), "image/png"),
    "WebP": ("photo.webp", a_picture("WEBP"), "image/webp"),
    "PDF": ("contract.pdf", a_pdf(pages=3), "application/pdf"),
    "a name with dots": ("letter v1.2 of amina.pdf", a_pdf(), "application/pdf"),
    "a name in Arabic": ("عقد العمل.pdf", a_pdf(), "application/pdf"),
    "a picture with a film behind it": (
        "motion.jpg",
        a_picture() + b"\0\0\0\x18ftypmp42" + b"\0" * 400,
        "image/jpeg",
    ),
}
