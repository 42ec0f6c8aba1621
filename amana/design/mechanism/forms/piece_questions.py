"""Kinds of questions about a piece, each with its inputs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import override

from django import forms
from django.utils.translation import gettext as _

from amana.design.mechanism import labels
from amana.design.mechanism import outline as outlines
from amana.design.mechanism.forms.inputs import (
    EMPTY,
    MOST_WORDS,
    Choices,
    CodeListField,
    Offer,
    Words,
    build_language_attributes,
    parse_code,
)
from amana.design.mechanism.outline import Outline
from amana.ui import languages


@dataclass(frozen=True)
class PieceInput:
    """One question about a piece: `name` is its key in the file."""

    name: str
    label: Words
    hint: Words = ""
    required: bool = False

    def inputs(self, seen: Outline, now: object) -> dict[str, forms.Field]:
        raise NotImplementedError

    def shown(self, seen: Outline, now: object) -> dict[str, object]:
        """Return what the inputs hold at first, when `now` is in the file."""
        return {self.name: now}

    def said(self, answers: Mapping[str, object], seen: Outline, now: object) -> object:
        """Return what is to be in the file; None: nothing."""
        return answers.get(self.name) or None

    def legend(self) -> Words:
        """Return the heading above several inputs; empty for one input, which has its
        own label.
        """
        return ""


@dataclass(frozen=True)
class LineInput(PieceInput):
    code: bool = False
    most: int = 300

    @override
    def inputs(self, seen: Outline, now: object) -> dict[str, forms.Field]:
        return {
            self.name: forms.CharField(
                label=str(self.label),
                help_text=str(self.hint),
                required=self.required,
                max_length=self.most,
            )
        }

    @override
    def said(self, answers: Mapping[str, object], seen: Outline, now: object) -> object:
        said = str(answers.get(self.name) or "").strip()
        return (parse_code(said).lower() if said and self.code else said) or None


@dataclass(frozen=True)
class TranslatedInput(PieceInput):
    """Words in each language of the mechanism."""

    lines: int = 1

    @override
    def inputs(self, seen: Outline, now: object) -> dict[str, forms.Field]:
        return {
            f"{self.name}_{language or 'any'}": forms.CharField(
                label=languages.format_language(language)
                if language
                else str(self.label),
                required=self.required and first,
                max_length=MOST_WORDS,
                widget=self._widget(language),
            )
            for first, language in self._languages(seen)
        }

    def _languages(self, seen: Outline) -> list[tuple[bool, str]]:
        listed = seen.languages or ("",)
        return [(number == 0, language) for number, language in enumerate(listed)]

    def _widget(self, language: str) -> forms.Widget:
        attrs = build_language_attributes(language) if language else {}
        if self.lines == 1:
            return forms.TextInput(attrs)
        return forms.Textarea({**attrs, "rows": self.lines})

    @override
    def shown(self, seen: Outline, now: object) -> dict[str, object]:
        words = outlines.read_text(now)
        alone = words.pop("", "")
        return {
            f"{self.name}_{language or 'any'}": words.get(language)
            or (alone if first else "")
            for first, language in self._languages(seen)
        }

    @override
    def said(self, answers: Mapping[str, object], seen: Outline, now: object) -> object:
        typed = {
            language: str(answers.get(f"{self.name}_{language or 'any'}") or "")
            for _first, language in self._languages(seen)
        }
        said = {
            # Browsers send line ends as CRLF. Written as LF, an untouched text stays
            # byte for byte what it was, and the draft keeps its hash.
            key: words.strip().replace("\r\n", "\n")
            for key, words in typed.items()
            if words.strip()
        }
        if "" in said:
            return said[""]
        # Languages that the mechanism no longer has are not asked for; their words stay
        # in the file.
        others = {
            key: words
            for key, words in outlines.read_text(now).items()
            if key and key not in typed
        }
        # A file may hold plain text without a language. It stays plain while only the
        # first language is filled in.
        was_alone = isinstance(now, str)
        if was_alone and list(said) == [self._languages(seen)[0][1]]:
            return next(iter(said.values()))
        return {**said, **others} or None

    @override
    def legend(self) -> Words:
        return self.label


@dataclass(frozen=True)
class ChoiceInput(PieceInput):
    offer: Offer = field(default=lambda seen: [])
    nothing: Words = "–"

    @override
    def inputs(self, seen: Outline, now: object) -> dict[str, forms.Field]:
        choices = self.offer(seen)
        # A code that nothing offers any more stays selectable: saving another answer
        # must not remove it unseen.
        if now and str(now) not in {code for code, _label in choices}:
            choices = [
                *choices,
                (str(now), labels.format_code_without_words(str(now))),
            ]
        first: Choices = [] if self.required and now else [("", self.nothing)]
        return {
            self.name: forms.ChoiceField(
                label=str(self.label),
                help_text=str(self.hint),
                required=self.required,
                choices=first + choices,
            )
        }


@dataclass(frozen=True)
class ChoicesInput(PieceInput):
    offer: Offer = field(default=lambda seen: [])
    empty_list: bool = False
    """Nothing ticked stands there as an empty list."""

    @override
    def inputs(self, seen: Outline, now: object) -> dict[str, forms.Field]:
        choices = self.offer(seen)
        known = {code for code, _label in choices}
        lost: Choices = [
            (str(outline), labels.format_code_without_words(str(outline)))
            for outline in outlines.read_list(now)
            if str(outline) not in known
        ]
        return {
            self.name: forms.MultipleChoiceField(
                label=str(self.label),
                help_text=str(self.hint),
                required=self.required,
                choices=choices + lost,
                widget=forms.CheckboxSelectMultiple,
            )
        }

    @override
    def shown(self, seen: Outline, now: object) -> dict[str, object]:
        return {self.name: [str(outline) for outline in outlines.read_list(now)]}

    @override
    def said(self, answers: Mapping[str, object], seen: Outline, now: object) -> object:
        chosen = outlines.read_list(answers.get(self.name) or None)
        before = [str(outline) for outline in outlines.read_list(now)]
        # Those that were there keep their places, and new ones follow: the order of a
        # list may have a meaning.
        kept = [code for code in before if code in chosen]
        said = kept + [code for code in chosen if code not in kept]
        return said if said or self.empty_list else None


@dataclass(frozen=True)
class OrderedInput(PieceInput):
    """Some of a few, one after the other: who is told first, and next."""

    offer: Offer = field(default=lambda seen: [])
    most: int = 4

    @override
    def inputs(self, seen: Outline, now: object) -> dict[str, forms.Field]:
        choices = EMPTY + self.offer(seen)
        count = max(self.most, len(outlines.read_list(now)))
        return {
            f"{self.name}_{number}": forms.ChoiceField(
                label=_("%(number)s.") % {"number": number},
                required=self.required and number == 1,
                choices=choices,
            )
            for number in range(1, count + 1)
        }

    @override
    def shown(self, seen: Outline, now: object) -> dict[str, object]:
        listed = enumerate(outlines.read_list(now), start=1)
        return {f"{self.name}_{number}": str(code) for number, code in listed}

    @override
    def said(self, answers: Mapping[str, object], seen: Outline, now: object) -> object:
        count = max(self.most, len(outlines.read_list(now)))
        chosen = [answers.get(f"{self.name}_{number + 1}") for number in range(count)]
        return list(dict.fromkeys(code for code in chosen if code)) or None

    @override
    def legend(self) -> Words:
        return self.label


@dataclass(frozen=True)
class TickInput(PieceInput):
    @override
    def inputs(self, seen: Outline, now: object) -> dict[str, forms.Field]:
        return {
            self.name: forms.BooleanField(
                label=str(self.label), help_text=str(self.hint), required=False
            )
        }

    @override
    def said(self, answers: Mapping[str, object], seen: Outline, now: object) -> object:
        return bool(answers.get(self.name))


@dataclass(frozen=True)
class VerifiedInput(PieceInput):
    """Whether a person has compared it with the source: yes or no, as words."""

    @override
    def inputs(self, seen: Outline, now: object) -> dict[str, forms.Field]:
        return {
            self.name: forms.BooleanField(
                label=str(self.label), help_text=str(self.hint), required=False
            )
        }

    @override
    def shown(self, seen: Outline, now: object) -> dict[str, object]:
        return {self.name: now == "yes"}

    @override
    def said(self, answers: Mapping[str, object], seen: Outline, now: object) -> object:
        return "yes" if answers.get(self.name) else "no"


@dataclass(frozen=True)
class CalendarDateInput(PieceInput):
    @override
    def inputs(self, seen: Outline, now: object) -> dict[str, forms.Field]:
        return {
            self.name: forms.DateField(
                label=str(self.label),
                help_text=str(self.hint),
                required=self.required,
                widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            )
        }

    @override
    def said(self, answers: Mapping[str, object], seen: Outline, now: object) -> object:
        day = answers.get(self.name)
        return day.isoformat() if isinstance(day, date) else None


@dataclass(frozen=True)
class CodesInput(PieceInput):
    @override
    def inputs(self, seen: Outline, now: object) -> dict[str, forms.Field]:
        return {
            self.name: CodeListField(
                label=str(self.label), help_text=str(self.hint), required=self.required
            )
        }

    @override
    def shown(self, seen: Outline, now: object) -> dict[str, object]:
        return {self.name: [str(outline) for outline in outlines.read_list(now)]}


class UnclearAnswer(Exception):
    """Answers that don't go together: at which input, and why."""

    def __init__(self, at: str, why: str) -> None:
        super().__init__(why)
        self.at = at
        self.why = why
