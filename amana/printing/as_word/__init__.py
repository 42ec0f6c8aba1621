"""A document for Word (.docx), which its reader may go on writing in.

Headings are Word's own, so that its navigation and a screen reader find them; the table
of contents is a field that Word fills with page numbers when it is asked to, and leads
to each chapter before that. Right to left is said of every paragraph and every run.
"""

from amana.printing.as_word.word_elements import ORDER
from amana.printing.as_word.word_writer import MAY_PART, write_docx

__all__ = [
    "MAY_PART",
    "ORDER",
    "write_docx",
]
