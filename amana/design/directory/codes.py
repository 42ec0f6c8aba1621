"""A field of several codes, and the open vocabularies: languages, countries."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from babel import Locale
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from amana.ui.labels import format_list

type Known = Callable[[str], bool]

SPOKEN = """
    aa ak am ar az bem bg bm bn bo bs ckb cs da de dv ee el en es et fa ff fi fr gn
    gu ha he hi hr ht hu hy id ig it ja ka kab kk km kmr kn ko kok kri ku ky lg ln
    lo lt lua lv mai man mg mk ml mn mr ms my nd ne nl nn no nso ny om pa pcm pl prs
    ps pt qu rn ro rom ru rw sd sg si sk sl sn so sq sr st su sv sw ta te tg th ti
    tk tl tn tr ts tw ug uk ur uz vi wo xh yo zgh zh zu
""".split()  # noqa: SIM905 — a hundred quotes would hide the words
"""What a form offers. Any other code of CLDR is accepted too."""


class CodesField(models.JSONField):
    """A sorted list of codes: of a closed vocabulary, or of one with a test."""

    def __init__(
        self,
        words: type[models.TextChoices] | None = None,
        *,
        known: Known | None = None,
        **options: Any,
    ) -> None:
        self.words = words
        self.known = known
        options.setdefault("default", list)
        options.setdefault("blank", True)
        super().__init__(**options)

    def deconstruct(self) -> Any:
        """Return how to build the field again, always with `blank`."""
        name, path, args, options = super().deconstruct()
        # Its default here is another than Django's, so a migration without it would
        # change the field.
        return name, path, args, options | {"blank": self.blank}

    def validate(self, value: Any, instance: models.Model | None) -> None:
        super().validate(value, instance)
        if value is None:
            return
        if not isinstance(value, list):
            raise ValidationError(_("A list of codes is expected."))
        unknown = sorted(str(code) for code in value if not self.knows(code))
        if unknown:
            raise ValidationError(
                _("Unknown codes: %(codes)s."), params={"codes": format_list(unknown)}
            )

    def knows(self, code: object) -> bool:
        if not isinstance(code, str):
            return False
        if self.words is not None:
            return code in self.words.values
        return self.known is None or self.known(code)

    def to_python(self, value: object) -> object:
        if isinstance(value, set | frozenset | list | tuple):
            return sorted(value, key=str)
        return super().to_python(value)

    def get_prep_value(self, value: object) -> object:
        return super().get_prep_value(self.to_python(value))

    def formfield(self, **options: object) -> forms.Field:
        return forms.MultipleChoiceField(
            choices=self.words.choices if self.words else [],
            required=not self.blank,
            widget=forms.CheckboxSelectMultiple,
            label=capfirst(self.verbose_name),
            help_text=self.help_text,
        )


def get_locale() -> Locale:
    return Locale.parse((get_language() or "en").replace("-", "_"))


def is_language(code: str) -> bool:
    # By one language's table, so that what is accepted does not depend on the reader.
    return code in Locale("en").languages or code in EXTRA_LANGUAGES


def is_country(code: str) -> bool:
    known = len(code) == 2 and code.isalpha() and code in Locale("en").territories
    return known and code not in NO_COUNTRY


NO_COUNTRY = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
EXTRA_LANGUAGES = {"prs": "fa_AF", "kmr": "ku", "rom": "rom"}
"""Codes of the field for which CLDR has another name."""


FIELD_NAMES = {"kmr": _("Kurdish (Kurmanji)")}
"""Names of our own, where CLDR calls a language by the name of its macrolanguage."""


@lru_cache(maxsize=4096)
def _language_name(code: str, locale: str) -> str:
    names = Locale.parse(locale).languages
    return str(names.get(code) or names.get(EXTRA_LANGUAGES.get(code, ""), code))


@lru_cache(maxsize=4096)
def _country_name(code: str, locale: str) -> str:
    return str(Locale.parse(locale).territories.get(code, code))


def format_language(code: str) -> str:
    """Format the name of a language in the language of the page."""
    if code in FIELD_NAMES:
        return str(FIELD_NAMES[code])
    return _language_name(code, str(get_locale()))


def format_country(code: str) -> str:
    return _country_name(code, str(get_locale()))


def list_languages(more: Iterable[str] = ()) -> list[tuple[str, str]]:
    """List the languages that a form offers, by name."""
    names = [(code, format_language(code)) for code in {*SPOKEN, *more}]
    return sorted(names, key=lambda pair: pair[1].casefold())


def list_countries() -> list[tuple[str, str]]:
    codes = [str(code) for code in Locale("en").territories]
    names = [(code, format_country(code)) for code in codes if is_country(code)]
    return sorted(names, key=lambda pair: pair[1].casefold())
