"""Markup that is written in code: what people typed is escaped in it."""

from html import escape

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString


def escape_text(text: str) -> str:
    """Escape text for HTML; what is markup already, as translations in templates are,
    stays."""
    if type(text) is str:  # as most is: Django would look first if it is lazy
        return SafeString(escape(text))
    return text if isinstance(text, SafeString) else conditional_escape(text)
