"""Prints what others wrote in a process with limits: a form of a thousand questions or
a pathway of hundreds of steps takes minutes and gigabytes.

The document is made here, and goes to the process as it is (`typesetting`); back comes
a file, of which nothing is read.
"""

import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from django.utils.translation import gettext_lazy as _

from amana import confined
from amana.answers import pack_answer, require_kind, unpack_files, unpack_head
from amana.confined import NotRead
from amana.printing.document import Document, flatten_document

LIMITS = confined.Limits(memory=1_000, seconds=20, answer=32)
"""The longest document that comes along takes two seconds and 300 MiB as Word."""
ALL_LIMITS = confined.Limits(memory=1_000, seconds=60, answer=64)
"""Of all documents in one language and one shape."""
HERE = "amana.printing.typesetting"
TOO_MUCH = _(
    "This is too large to print in one piece. You can still read it on "
    "screen and print it from your browser."
)


class TooMuchToPrint(NotRead):
    """What was asked for is larger than can be printed; says what to do instead."""


@dataclass(frozen=True)
class FittedPDF:
    """A PDF, and on how many pages it is."""

    pdf: bytes
    pages: int


def print_document(document: Document, shape: str, *, by: int | None) -> bytes:
    """Print a document as PDF or Word. Raises TooMuchToPrint; `by` is who asked for
    it."""
    [made] = print_documents(
        {"document": document}, shape, by=by, limits=LIMITS
    ).values()
    return made


def print_documents(
    documents: Mapping[str, Document],
    shape: str,
    *,
    by: int | None,
    limits: confined.Limits = ALL_LIMITS,
) -> dict[str, bytes]:
    """Print several documents in one shape, by their names."""

    def told(answer: bytes) -> dict[str, bytes]:
        found = unpack_files(*unpack_head(answer), most=len(documents))
        # A file under another name would be handed out as another document.
        if found.keys() != documents.keys():
            raise ValueError("The answer has other documents than were asked for.")
        return found

    flat = {name: flatten_document(document) for name, document in documents.items()}
    # Pickled by us for our own process; what comes back is never unpickled, since a
    # broken library could answer with anything (ADR 68).
    asked = pickle.dumps((shape, flat))
    return run_within_limits("make_documents", asked, told, by=by, limits=limits)


def print_fitted(
    document: Document, sizes: Sequence[float], most: int, *, by: int | None
) -> FittedPDF:
    """Print a document as PDF, its letters of the largest of these sizes at which it
    fits on so many pages, else of the last."""

    def told(answer: bytes) -> FittedPDF:
        head, pdf = unpack_head(answer)
        return FittedPDF(pdf, require_kind(head["pages"], int))

    asked = pickle.dumps((flatten_document(document), tuple(sizes), most))
    return run_within_limits("make_fitted", asked, told, by=by, limits=LIMITS)


def print_sheet(
    sheet: Path,
    said: bytes,
    kind: Literal["pdf", "png", "svg"],
    *,
    by: int | None,
) -> bytes:
    """Print a sheet of Typst's, with texts as JSON."""
    head = {"sheet": str(sheet), "root": str(sheet.parent), "kind": kind}
    asked = pack_answer(head, said)
    return run_within_limits("make_sheet", asked, bytes, by=by, limits=LIMITS)


def run_within_limits[T](
    work: str,
    asked: bytes,
    told: Callable[[bytes], T],
    *,
    by: int | None,
    limits: confined.Limits,
) -> T:
    try:
        return confined.run_confined(
            f"{HERE}:{work}", asked, told, by=by, limits=limits, language="en"
        )
    except confined.TooMuch as error:
        raise TooMuchToPrint(str(TOO_MUCH)) from error
