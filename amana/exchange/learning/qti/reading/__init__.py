"""QTI 3 items as questions of a course: each one taken, or set aside with the reason.

Nothing is guessed. An item that shows a picture, asks two things at once or is marked
by a person would be another question without it, so it is not taken. XML from outside
is read without a document type: no entity is ever followed. No size that a package
claims is believed. A file that someone sends is read in a process of its own
(`read_sent`)."""

from amana.exchange.learning.qti.reading.qti_items import (
    ImportedQuestion,
    ReadQuestion,
    SkippedItem,
)
from amana.exchange.learning.qti.reading.qti_package import (
    LARGEST,
    LARGEST_ITEM,
    MOST,
    read,
    read_sent,
)

__all__ = [
    "LARGEST",
    "LARGEST_ITEM",
    "MOST",
    "ImportedQuestion",
    "ReadQuestion",
    "SkippedItem",
    "read",
    "read_sent",
]
