"""What a thing is called on a page: in the page's language, where it has a name in it.

A thing has a `name`, as people there say it, and perhaps `name_en`, `name_fr` and
`name_ar`: one column for each language of the product, as areas have."""

from typing import Protocol

from django.utils.translation import get_language

LANGUAGES = ("en", "fr", "ar")
COLUMNS = ("name", *(f"name_{language}" for language in LANGUAGES))
"""What has to be loaded to say a name."""


class Named(Protocol):
    @property
    def name(self) -> str: ...


def format_name(thing: Named) -> str:
    """Return its name in the language of the page; else as people there call it."""
    return get_translation(thing, "name") or thing.name


def get_translation(thing: object, field: str) -> str:
    """Return a field in the language of the page; empty where it isn't written in
    it."""
    language = (get_language() or "en")[:2]
    return str(getattr(thing, f"{field}_{language}", "") or "")
