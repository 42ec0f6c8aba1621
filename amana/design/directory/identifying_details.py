"""Finds words that could reveal who a person is: for texts about work with people, that
others will read.

It finds what is written in the usual way: addresses, numbers, dates, words in the
position of a name, and places that are known here. It can't find everything, and the
page says so; the writer checks again. Pure but for the form that asks."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.design.directory.models import Area
from amana.ui.form_options import Label, Posted
from amana.ui.labels import format_list


class IdentifierKind(StrEnum):
    CONTACT = "contact"
    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    PLACE = "place"


WORDS: dict[IdentifierKind, str | Promise] = {
    IdentifierKind.CONTACT: gettext_lazy("contact details"),
    IdentifierKind.NUMBER: gettext_lazy("a document or phone number"),
    IdentifierKind.DATE: gettext_lazy("a date"),
    IdentifierKind.NAME: gettext_lazy("possibly a name"),
    IdentifierKind.PLACE: gettext_lazy("a place"),
}


@dataclass(frozen=True)
class IdentifyingTrace:
    """A part of the text by which a person might be recognised."""

    kind: IdentifierKind
    text: str

    def __str__(self) -> str:
        return f"“{self.text}” ({WORDS[self.kind]})"


MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|"
    "december|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|"
    "novembre|décembre|يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|"
    "نوفمبر|ديسمبر"
)

CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|https?://\S+|(?<!\w)@\w{3,}")
NUMBER = re.compile(r"\+?\d[\d ()/-]{5,}\d|\b[A-Z]{1,3}\d{5,}\b")
DATE = re.compile(
    r"\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th|er)?\s+(?:of\s+)?(?:{MONTHS})\b(?:\s+\d{{4}})?"
    rf"|\b(?:{MONTHS})\s+\d{{1,2}}\b(?:,?\s+\d{{4}})?",
    re.IGNORECASE,
)
CALLED = re.compile(
    r"(?:\b(?:named|called|name is|Mr|Mrs|Ms|Dr|Mme|Mlle|M\.|s’appelle|nommée?)|"
    r"(?<!\w)(?:اسمها|اسمه|تدعى|يدعى|السيدة|السيد|الآنسة))\.?\s+(\w[\w’'-]*)",
)
CAPITAL = re.compile(
    r"(?<![.!?:;…\n«“\"(•-]\s)(?<![.!?:;…\n«“\"(•-])(?<=\s)"
    r"[A-ZÀ-Þ][a-zà-ÿ’'-]+(?:\s+[A-ZÀ-Þ][a-zà-ÿ’'-]+)*"
)
USUAL_WORDS = (
    "I Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March "
    "April May June July August September October November December Amana Arabic "
    "English French God Mr Mrs Ms Dr Protocol Convention Ramadan Christmas Red Cross "
    "Crescent"
)
USUAL = frozenset(USUAL_WORDS.split())


def find_traces(text: str, places: Iterable[str] = ()) -> list[IdentifyingTrace]:
    """Find each trace once, in the order of kinds; a part is reported as one thing
    only.

    `places` are names of places known here: areas, services, organisations."""
    found: list[IdentifyingTrace] = []
    rest = text
    for kind, parts in (
        (IdentifierKind.CONTACT, CONTACT.findall),
        (IdentifierKind.DATE, DATE.findall),
        (IdentifierKind.NUMBER, NUMBER.findall),
        (IdentifierKind.PLACE, lambda left: _places(left, places)),
        (IdentifierKind.NAME, _names),
    ):
        # What was found is removed, so that the digits of a date are not a telephone
        # number too.
        for part in dict.fromkeys(parts(rest)):
            found.append(IdentifyingTrace(kind, part.strip()))
            rest = rest.replace(part, " ")
    return found


def _places(text: str, places: Iterable[str]) -> Iterator[str]:
    # The longest first, or a district would be found as the region in its name.
    for place in sorted(set(places), key=len, reverse=True):
        if len(place) > 2 and re.search(rf"(?<!\w){re.escape(place)}(?!\w)", text):
            yield place


def _names(text: str) -> Iterator[str]:
    yield from CALLED.findall(text)
    for part in CAPITAL.findall(text):
        if not set(part.split()) <= USUAL:
            yield part


class IdentifierCheckForm(forms.Form):
    """A form whose texts are checked before others read them: what might reveal who a
    person is comes back once, and is accepted when the writer has checked it."""

    looked = forms.BooleanField(
        label=gettext_lazy("I have checked again: no one can be recognised from this."),
        required=False,
        widget=forms.HiddenInput,
    )

    places: Iterable[str] = ()

    def telling_fields(self) -> list[str]:
        return [
            name
            for name, field in self.fields.items()
            if isinstance(field, forms.CharField)
        ]

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        found = [
            trace
            for name in self.telling_fields()
            for trace in find_traces(str(said.get(name) or ""), self.places)
        ]
        if found and not said.get("looked"):
            # Shown only now, next to what was found: the writer confirms having checked
            # exactly this (ADR 20).
            self.fields["looked"].widget = forms.CheckboxInput()
            self.add_error(None, self.warning(found))
        return said

    def warning(self, found: list[IdentifyingTrace]) -> str:
        return _(
            "Check these again: %(listed)s. Remove or change anything that could "
            "identify someone, then confirm below that you have checked."
        ) % {"listed": format_list(dict.fromkeys(found))}


class WorkTextForm(IdentifierCheckForm):
    """Texts about work; places are those of the directory."""

    def __init__(self, data: Posted = None) -> None:
        super().__init__(data)
        named = Area.objects.values_list("names", flat=True)
        self.places = {name for names in named for name in names.values() if name}


def build_text_area(label: Label, hint: Label = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, help_text=hint, widget=area, max_length=2000)
