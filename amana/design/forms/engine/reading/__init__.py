"""Reads an XLSForm workbook to a `Form`, or to all that its author has to correct.

What isn't supported is refused here, by row, and not ignored: a form that was accepted
works."""

from amana.design.forms.engine.reading.xlsform_reader import read_form

__all__ = [
    "read_form",
]
