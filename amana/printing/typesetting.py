"""The work of the process that prints (`print_process`).

Typst starts threads when it is first used, and no process may start any once it is
confined: so it is used here once, on nothing, as soon as this module is imported. No
other process imports it.
"""

import json
import pickle
from dataclasses import replace
from io import BytesIO

import typst
from django.utils.translation import override

from amana.answers import pack_answer, pack_files, unpack_head
from amana.printing import as_pdf
from amana.printing.document import Document
from amana.printing.font_files import FONTS

# Root may start threads whatever the limit; the server's own user may not, and would
# have no printing without this line.
typst.compile(b"", ignore_system_fonts=True)


def make_documents(asked: bytes) -> bytes:
    """Make several documents in one shape, by their names."""
    shape, found = pickle.loads(asked)  # noqa: S301 — the server wrote it
    return pack_files(
        {name: make_document(shape, document) for name, document in found.items()}
    )


def make_document(shape: str, document: Document) -> bytes:
    with override(document.language):
        if shape == "pdf":
            return as_pdf.write_pdf(document)
        from amana.printing import as_word  # takes long to import

        return as_word.write_docx(document)


def make_fitted(asked: bytes) -> bytes:
    """Make one as PDF, its letters as large as fits on so many pages."""
    document, sizes, most = pickle.loads(asked)  # noqa: S301 — the server wrote it
    pdf, pages = b"", 0
    for size in sizes:
        pdf = make_document("pdf", replace(document, points=size))
        pages = count_pages(pdf)
        if pages <= most:
            break
    return pack_answer({"pages": pages}, pdf)


def count_pages(pdf: bytes) -> int:
    # Not at the top: every printing would pay for it, and few count their pages.
    import pikepdf

    with pikepdf.open(BytesIO(pdf)) as opened:
        return len(opened.pages)


def make_sheet(asked: bytes) -> bytes:
    """Make a sheet of Typst's own, with its texts as data."""
    head, said = unpack_head(asked)
    made = typst.compile(
        head["sheet"],
        root=head["root"],
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format=head["kind"],
        ppi=144 if head["kind"] == "png" else None,
        sys_inputs={"said": json.dumps(json.loads(said), ensure_ascii=False)},
        # The same sheet is the same bytes, whenever it is printed.
        timestamp=0,
    )
    assert isinstance(made, bytes), "one page"
    return made
