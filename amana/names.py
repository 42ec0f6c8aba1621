"""What a place or service is called on a page: in the page's language, where it has a
name in it.

It has a `name`, as people there call it, and perhaps `name_en`, `name_fr` and
`name_ar`: columns for three languages of the pages. In others, `name` is shown."""

from typing import Protocol

from django.utils.translation import get_language

LANGUAGES = ("en", "fr", "ar")
COLUMNS = ("name", *(f"name_{language}" for language in LANGUAGES))
"""What has to be loaded to say a name."""


class Named(Protocol):
    @property
    def name(self) -> str: ...


def format_name(named: Named) -> str:
    """Return its name in the language of the page; else as people there call it."""
    return get_translation(named, "name") or named.name


def get_translation(named: object, field: str) -> str:
    """Return a field in the language of the page; empty where it isn't written in
    it."""
    language = (get_language() or "en")[:2]
    return str(getattr(named, f"{field}_{language}", "") or "")
