"""Pieces of a mechanism's files as questions: for people who will never see a file.

Each kind of question (words, a choice, a clock) knows its inputs, what they show of
what stands there, and what is to be there afterwards. What is not asked for stays.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, override

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from amana.design.mechanism import labels
from amana.design.mechanism import outline as outlines
from amana.design.mechanism.engine.calendar import InvalidTimeSpan, parse_span
from amana.design.mechanism.engine.conditions import NotACondition, read_condition
from amana.design.mechanism.outline import Outline
from amana.ui import languages

type Words = str | Promise
type Choices = list[tuple[str, Words]]
type Offer = Callable[[Outline], Choices]

CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")
MOST_WORDS = 2000
EMPTY: Choices = [("", "–")]


# --- inputs


class SpanInput(forms.MultiWidget):
    """A number, and of what: minutes, hours, days, working days."""

    template_name = "mechanism/widgets/span.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        number = forms.TextInput(
            {
                "inputmode": "numeric",
                "size": 4,
                "maxlength": 4,
                "autocomplete": "off",
                "aria-label": _("How many"),
            }
        )
        units = forms.Select(
            {"aria-label": pgettext("unit of a length of time", "Of what")},
            choices=list(labels.UNITS.items()),
        )
        super().__init__({"amount": number, "unit": units}, attrs)

    @override
    def decompress(self, value: Any) -> list[Any]:
        span = outlines.read_span(value)
        return [span.amount, span.unit] if span else [None, "hours"]


WRITTEN = {"minutes": "PT{}M", "hours": "PT{}H", "days": "P{}D", "working_days": "P{}B"}


class SpanField(forms.MultiValueField):
    """A length of time, as a pack writes it: PT24H."""

    widget = SpanInput

    def __init__(self, **said: Any) -> None:
        parts = (
            forms.CharField(required=False),
            forms.ChoiceField(choices=[(unit, unit) for unit in WRITTEN]),
        )
        super().__init__(parts, require_all_fields=False, **said)

    @override
    def clean(self, value: Any) -> str:
        amount, unit = [*(value or []), "", ""][:2]
        if not str(amount or "").strip():
            if self.required:
                raise ValidationError(_("Enter a length of time."), code="required")
            return ""
        try:
            return parse_span(WRITTEN[unit].format(str(amount).strip())).written
        except (InvalidTimeSpan, KeyError) as error:
            raise ValidationError(
                _("Enter a whole number from 1 to 9999, and choose a unit.")
            ) from error


class CodeListField(forms.CharField):
    """Codes in one line: yes, no, unsure. Words become codes."""

    @override
    def clean(self, value: Any) -> list[str]:
        said = super().clean(value)
        parts = [part.strip() for part in re.split(r"[,;،\n]", said) if part.strip()]
        # People list codes by comma, semicolon, the Arabic comma or line; each code
        # once, in the order typed.
        return list(dict.fromkeys(parse_code(part) for part in parts))

    @override
    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


def parse_code(said: str) -> str:
    code = re.sub(r"[\s-]+", "_", said.strip())
    if not CODE.fullmatch(code):
        raise ValidationError(
            _(
                "“%(said)s” can’t be a code: use letters without accents, digits and "
                "underscores, and begin with a letter."
            ),
            params={"said": said},
        )
    return code


def build_language_attributes(language: str) -> dict[str, str]:
    return {"lang": language, "dir": languages.get_direction(language)}


# --- kinds of questions


@dataclass(frozen=True)
class PieceInput:
    """One question about a piece: `name` is its key in the file."""

    name: str
    label: Words
    hint: Words = ""
    required: bool = False

    def inputs(self, seen: Outline, now: Any) -> dict[str, forms.Field]:
        raise NotImplementedError

    def shown(self, seen: Outline, now: Any) -> dict[str, Any]:
        """Return what the inputs hold at first, when `now` is in the file."""
        return {self.name: now}

    def said(self, answers: Mapping[str, Any], seen: Outline, now: Any) -> Any:
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
    def inputs(self, seen: Outline, now: Any) -> dict[str, forms.Field]:
        return {
            self.name: forms.CharField(
                label=str(self.label),
                help_text=str(self.hint),
                required=self.required,
                max_length=self.most,
            )
        }

    @override
    def said(self, answers: Mapping[str, Any], seen: Outline, now: Any) -> Any:
        said = str(answers.get(self.name) or "").strip()
        return (parse_code(said).lower() if said and self.code else said) or None


@dataclass(frozen=True)
class TranslatedInput(PieceInput):
    """Words in each language of the mechanism."""

    lines: int = 1

    @override
    def inputs(self, seen: Outline, now: Any) -> dict[str, forms.Field]:
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
    def shown(self, seen: Outline, now: Any) -> dict[str, Any]:
        words = outlines.read_text(now)
        alone = words.pop("", "")
        return {
            f"{self.name}_{language or 'any'}": words.get(language)
            or (alone if first else "")
            for first, language in self._languages(seen)
        }

    @override
    def said(self, answers: Mapping[str, Any], seen: Outline, now: Any) -> Any:
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
    def inputs(self, seen: Outline, now: Any) -> dict[str, forms.Field]:
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
    def inputs(self, seen: Outline, now: Any) -> dict[str, forms.Field]:
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
    def shown(self, seen: Outline, now: Any) -> dict[str, Any]:
        return {self.name: [str(outline) for outline in outlines.read_list(now)]}

    @override
    def said(self, answers: Mapping[str, Any], seen: Outline, now: Any) -> Any:
        chosen = list(answers.get(self.name) or [])
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
    def inputs(self, seen: Outline, now: Any) -> dict[str, forms.Field]:
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
    def shown(self, seen: Outline, now: Any) -> dict[str, Any]:
        listed = enumerate(outlines.read_list(now), start=1)
        return {f"{self.name}_{number}": str(code) for number, code in listed}

    @override
    def said(self, answers: Mapping[str, Any], seen: Outline, now: Any) -> Any:
        count = max(self.most, len(outlines.read_list(now)))
        chosen = [answers.get(f"{self.name}_{number + 1}") for number in range(count)]
        return list(dict.fromkeys(code for code in chosen if code)) or None

    @override
    def legend(self) -> Words:
        return self.label


@dataclass(frozen=True)
class TickInput(PieceInput):
    @override
    def inputs(self, seen: Outline, now: Any) -> dict[str, forms.Field]:
        return {
            self.name: forms.BooleanField(
                label=str(self.label), help_text=str(self.hint), required=False
            )
        }

    @override
    def said(self, answers: Mapping[str, Any], seen: Outline, now: Any) -> Any:
        return bool(answers.get(self.name))


@dataclass(frozen=True)
class VerifiedInput(PieceInput):
    """Whether a person has compared it with the source: yes or no, as words."""

    @override
    def inputs(self, seen: Outline, now: Any) -> dict[str, forms.Field]:
        return {
            self.name: forms.BooleanField(
                label=str(self.label), help_text=str(self.hint), required=False
            )
        }

    @override
    def shown(self, seen: Outline, now: Any) -> dict[str, Any]:
        return {self.name: now == "yes"}

    @override
    def said(self, answers: Mapping[str, Any], seen: Outline, now: Any) -> Any:
        return "yes" if answers.get(self.name) else "no"


@dataclass(frozen=True)
class CalendarDateInput(PieceInput):
    @override
    def inputs(self, seen: Outline, now: Any) -> dict[str, forms.Field]:
        return {
            self.name: forms.DateField(
                label=str(self.label),
                help_text=str(self.hint),
                required=self.required,
                widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            )
        }

    @override
    def said(self, answers: Mapping[str, Any], seen: Outline, now: Any) -> Any:
        day = answers.get(self.name)
        return day.isoformat() if isinstance(day, date) else None


@dataclass(frozen=True)
class CodesInput(PieceInput):
    @override
    def inputs(self, seen: Outline, now: Any) -> dict[str, forms.Field]:
        return {
            self.name: CodeListField(
                label=str(self.label), help_text=str(self.hint), required=self.required
            )
        }

    @override
    def shown(self, seen: Outline, now: Any) -> dict[str, Any]:
        return {self.name: [str(outline) for outline in outlines.read_list(now)]}


@dataclass(frozen=True)
class ClockInput(PieceInput):
    """A clock: one length for all, or one by urgency."""

    by_urgency: bool = True

    @override
    def inputs(self, seen: Outline, now: Any) -> dict[str, forms.Field]:
        alone = not self.by_urgency
        asked: dict[str, forms.Field] = {
            self.name: SpanField(
                label=str(self.label) if alone else _("The same for all"),
                help_text=str(self.hint) if alone else "",
                required=self.required and alone,
            )
        }
        if self.by_urgency:
            for urgency, label in labels.URGENCY.items():
                asked[f"{self.name}_{urgency}"] = SpanField(
                    label=str(label), required=False
                )
        return asked

    @override
    def shown(self, seen: Outline, now: Any) -> dict[str, Any]:
        clocks = outlines.read_clocks(now)
        return {
            f"{self.name}_{urgency}" if urgency else self.name: written
            for urgency, written in clocks.items()
        }

    @override
    def said(self, answers: Mapping[str, Any], seen: Outline, now: Any) -> Any:
        by_urgency = {
            urgency: answers[f"{self.name}_{urgency}"]
            for urgency in outlines.URGENCIES
            if answers.get(f"{self.name}_{urgency}")
        }
        # `by_urgency or alone` would hide which of two contradicting answers won, so
        # both together are refused.
        alone = answers.get(self.name)
        if alone and by_urgency:
            raise UnclearAnswer(
                self.name,
                _("Enter one time for all or one for each urgency, not both."),
            )
        # A clock needs a time for whatever urgency a case has; one that is missing
        # would leave those cases without a deadline.
        if by_urgency and len(by_urgency) < len(outlines.URGENCIES):
            raise UnclearAnswer(
                self.name, _("Enter a time for each urgency, or one time for all.")
            )
        return by_urgency or alone or None

    @override
    def legend(self) -> Words:
        return self.label if self.by_urgency else ""


class UnclearAnswer(Exception):
    """Answers that don't go together: at which input, and why."""

    def __init__(self, at: str, why: str) -> None:
        super().__init__(why)
        self.at = at
        self.why = why


@dataclass(frozen=True)
class OutputsInput(PieceInput):
    """Names, each with the codes that it may be: what a step leaves behind."""

    spare: int = 2

    def _count(self, now: Any) -> int:
        return len(outlines.read_map(now)) + self.spare

    @override
    def inputs(self, seen: Outline, now: Any) -> dict[str, forms.Field]:
        asked: dict[str, forms.Field] = {}
        for number in range(1, self._count(now) + 1):
            asked[f"{self.name}_{number}_asked"] = forms.CharField(
                label=_("What is noted (%(number)s)") % {"number": number},
                required=False,
                max_length=60,
            )
            asked[f"{self.name}_{number}_codes"] = CodeListField(
                label=_("Possible values"),
                required=False,
                help_text=_("For example: yes, no, unsure. Or: list"),
            )
        return asked

    @override
    def shown(self, seen: Outline, now: Any) -> dict[str, Any]:
        said: dict[str, Any] = {}
        for number, (name, codes) in enumerate(outlines.read_map(now).items(), start=1):
            said[f"{self.name}_{number}_asked"] = name
            said[f"{self.name}_{number}_codes"] = [
                str(outline) for outline in outlines.read_list(codes)
            ]
        return said

    @override
    def said(self, answers: Mapping[str, Any], seen: Outline, now: Any) -> Any:
        said: dict[str, Any] = {}
        for number in range(1, self._count(now) + 1):
            at = f"{self.name}_{number}_asked"
            name = str(answers.get(at) or "").strip()
            codes = answers.get(f"{self.name}_{number}_codes") or []
            if not name and not codes:
                continue
            if not name or not codes:
                raise UnclearAnswer(
                    at, _("Enter what is noted, and its possible values.")
                )
            said[parse_code_of_input(at, name)] = "list" if codes == ["list"] else codes
        return said or None

    @override
    def legend(self) -> Words:
        return self.label


def parse_code_of_input(at: str, said: str) -> str:
    try:
        return parse_code(said).lower()
    except ValidationError as error:
        raise UnclearAnswer(at, " ".join(error.messages)) from error


@dataclass(frozen=True)
class BranchesInput(PieceInput):
    """Where it goes: by a condition, and otherwise."""

    spare: int = 2

    def _rows(self, now: Any) -> list[dict[str, Any]]:
        return [outlines.read_map(row) for row in outlines.read_list(now)]

    def _asked(self, now: Any) -> list[dict[str, Any]]:
        return [row for row in self._rows(now) if not row.get("else")]

    @override
    def inputs(self, seen: Outline, now: Any) -> dict[str, forms.Field]:
        rows = self._asked(now)
        asked: dict[str, forms.Field] = {}
        for number in range(1, len(rows) + self.spare + 1):
            written = str(rows[number - 1].get("if", "")) if number <= len(rows) else ""
            asked[f"{self.name}_{number}_if"] = forms.ChoiceField(
                label=_("%(number)s. If") % {"number": number},
                required=False,
                choices=EMPTY + list_condition_choices(seen, written),
            )
            asked[f"{self.name}_{number}_written"] = forms.CharField(
                label=_("or write the condition"),
                required=False,
                max_length=500,
                widget=forms.TextInput({"dir": "ltr", "autocomplete": "off"}),
            )
            asked[f"{self.name}_{number}_next"] = forms.ChoiceField(
                label=_("it leads to"),
                required=False,
                choices=EMPTY + list_step_choices(seen),
            )
        asked[f"{self.name}_otherwise"] = forms.ChoiceField(
            label=_("Otherwise it leads to"), choices=EMPTY + list_step_choices(seen)
        )
        return asked

    @override
    def shown(self, seen: Outline, now: Any) -> dict[str, Any]:
        said: dict[str, Any] = {}
        for number, row in enumerate(self._asked(now), start=1):
            said[f"{self.name}_{number}_if"] = row.get("if", "")
            said[f"{self.name}_{number}_next"] = row.get("next", "")
        for row in self._rows(now):
            if row.get("else"):
                said[f"{self.name}_otherwise"] = row.get("next", "")
        return said

    @override
    def said(self, answers: Mapping[str, Any], seen: Outline, now: Any) -> Any:
        rows: list[dict[str, Any]] = []
        for number in range(1, len(self._asked(now)) + self.spare + 1):
            at = f"{self.name}_{number}_if"
            written = str(answers.get(f"{self.name}_{number}_written") or "").strip()
            when = written or answers.get(at)
            to = answers.get(f"{self.name}_{number}_next")
            if not when and not to:
                continue
            if not when or not to:
                raise UnclearAnswer(at, _("Enter the condition, and where it leads."))
            # The condition is parsed, never executed (ADR 10), and a fault is shown
            # at the input in which it was typed.
            if written:
                check_condition(f"{self.name}_{number}_written", written)
            rows.append({"if": when, "next": to})
        if not rows:
            raise UnclearAnswer(f"{self.name}_1_if", _("Enter at least one condition."))
        return [*rows, {"else": True, "next": answers[f"{self.name}_otherwise"]}]

    @override
    def legend(self) -> Words:
        return self.label


def check_condition(at: str, written: str) -> None:
    try:
        read_condition(written)
    except NotACondition as error:
        said = _(error.sentence) % error.values
        raise UnclearAnswer(at, said) from error


def list_condition_choices(seen: Outline, written: str) -> Choices:
    """List a condition for each name and code that there is, and the one in the
    file."""
    offered: Choices = []
    for name, codes in seen.known().items():
        for code in codes:
            condition = f'{name} == "{code}"'
            offered.append((condition, labels.format_condition(condition)))
    # A condition that was written by hand need not be among those offered.
    if written and written not in {code for code, _label in offered}:
        offered.insert(0, (written, labels.format_condition(written)))
    return offered


@dataclass(frozen=True)
class SignalsInput(PieceInput):
    """What is waited for: messages, and how long at most."""

    spare: int = 1

    def _split(self, now: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        rows = [outlines.read_map(row) for row in outlines.read_list(now)]
        heard = [row for row in rows if "message" in row]
        late = next((row for row in rows if "after" in row), {})
        return heard, late

    @override
    def inputs(self, seen: Outline, now: Any) -> dict[str, forms.Field]:
        heard, late = self._split(now)
        asked: dict[str, forms.Field] = {}
        for number in range(1, len(heard) + self.spare + 1):
            asked[f"{self.name}_{number}_message"] = forms.CharField(
                label=_("%(number)s. When this happens") % {"number": number},
                required=False,
                max_length=60,
            )
            asked[f"{self.name}_{number}_next"] = forms.ChoiceField(
                label=_("it leads to"),
                required=False,
                choices=EMPTY + list_step_choices(seen),
            )
        # A time that differs by urgency has no input here; it stays as it is in the
        # file.
        if not isinstance(late.get("after"), Mapping):
            asked[f"{self.name}_after"] = SpanField(
                label=_("If nothing happens within"), required=False
            )
        asked[f"{self.name}_after_next"] = forms.ChoiceField(
            label=_("then it leads to"),
            required=False,
            choices=EMPTY + list_step_choices(seen),
        )
        return asked

    @override
    def shown(self, seen: Outline, now: Any) -> dict[str, Any]:
        heard, late = self._split(now)
        said: dict[str, Any] = {
            f"{self.name}_after": late.get("after"),
            f"{self.name}_after_next": late.get("next"),
        }
        for number, row in enumerate(heard, start=1):
            said[f"{self.name}_{number}_message"] = row.get("message")
            said[f"{self.name}_{number}_next"] = row.get("next")
        return said

    @override
    def said(self, answers: Mapping[str, Any], seen: Outline, now: Any) -> Any:
        heard, late = self._split(now)
        rows: list[dict[str, Any]] = []
        for number in range(1, len(heard) + self.spare + 1):
            at = f"{self.name}_{number}_message"
            message = str(answers.get(at) or "").strip()
            to = answers.get(f"{self.name}_{number}_next")
            if not message:
                continue
            was = heard[number - 1] if number <= len(heard) else {}
            way = {
                **was,
                "message": parse_code_of_input(at, message),
                "next": to or None,
            }
            rows.append({key: value for key, value in way.items() if value})
        after = answers.get(f"{self.name}_after") or (
            late.get("after") if isinstance(late.get("after"), Mapping) else None
        )
        if after:
            way = {**late, "after": after}
            way["next"] = answers.get(f"{self.name}_after_next") or None
            rows.append({key: value for key, value in way.items() if value})
        if not rows:
            raise UnclearAnswer(
                f"{self.name}_1_message", _("Enter what the step waits for.")
            )
        return rows

    @override
    def legend(self) -> Words:
        return self.label


# --- what can be chosen


def list_step_choices(seen: Outline) -> Choices:
    return [(key, labels.format_step_title(seen, key)) for key in seen.steps]


def list_hand_step_choices(seen: Outline) -> Choices:
    return [
        (step.id, labels.format_step_title(seen, step.id)) for step in seen.by_hand()
    ]


def list_role_choices(seen: Outline) -> Choices:
    return [(key, labels.format_role_title(seen, key)) for key in seen.roles]


def list_recipient_choices(seen: Outline) -> Choices:
    others: Choices = [
        (key, labels.format_role_title(seen, key)) for key in seen.partners
    ]
    return list_role_choices(seen) + others


def list_organisation_choices(seen: Outline) -> Choices:
    return [
        (key, str(organisation.get("name", key)))
        for key, organisation in seen.organisations.items()
    ]


def list_list_choices(seen: Outline) -> Choices:
    """List the names of lists that a step gives, such as children."""
    return [
        (name, labels.format_name(name))
        for step in seen.steps.values()
        for name, codes in step.gives.items()
        if codes == "list"
    ]


def list_table_choices(seen: Outline) -> Choices:
    return [
        (
            path.removeprefix("decisions/").removesuffix(".yaml"),
            labels.format_code_without_words(path),
        )
        for path in seen.plain
        if path.startswith("decisions/")
    ]


def list_sub_pathway_choices(seen: Outline) -> Choices:
    return [(key, labels.format_part_title(seen, key)) for key in seen.parts]


def make_offer(said: Mapping[str, Words]) -> Offer:
    return lambda seen: list(said.items())


# --- a form for a piece


@dataclass(frozen=True)
class InputGroup:
    legend: Words
    hint: Words
    fields: list[forms.BoundField]


class PieceForm(forms.Form):
    """Questions about one piece. `seen` carries what stood there when it was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        asks: Iterable[PieceInput],
        outline: Outline,
        now: Any,
        whole: bool = False,
    ) -> None:
        """Build the form. `whole`: there is one question, and its answer is the
        piece."""
        self.asks = list(asks)
        self.outline = outline
        self.now = now
        self.whole = whole
        # Carried in the page, so that saving can compare what the editor saw with what
        # the draft holds by then.
        shown: dict[str, Any] = {"seen": encode_piece(now)}
        for ask in self.asks:
            shown |= ask.shown(outline, self._of(ask))
        super().__init__(data, initial=shown)
        self.names: dict[str, list[str]] = {}
        for ask in self.asks:
            inputs = ask.inputs(outline, self._of(ask))
            self.fields.update(inputs)
            self.names[ask.name] = list(inputs)

    def _of(self, ask: PieceInput) -> Any:
        return self.now if self.whole else outlines.read_map(self.now).get(ask.name)

    def groups(self) -> list[InputGroup]:
        return [
            InputGroup(
                ask.legend(),
                ask.hint if ask.legend() else "",
                [self[name] for name in self.names[ask.name]],
            )
            for ask in self.asks
        ]

    @override
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            self.piece = self._piece(cleaned)
        return cleaned

    def _piece(self, answers: Mapping[str, Any]) -> Any:
        said: dict[str, Any] = {}
        for ask in self.asks:
            try:
                said[ask.name] = ask.said(answers, self.outline, self._of(ask))
            except UnclearAnswer as error:
                self.add_error(error.at, error.why)
            except ValidationError as error:
                self.add_error(self.names[ask.name][0], error)
        if self.whole:
            return said.get(self.asks[0].name)
        # Keys for which there is no question stay as they are in the file.
        kept = {**outlines.read_map(self.now), **said}
        return {key: value for key, value in kept.items() if value is not None}

    @staticmethod
    def told(data: Mapping[str, Any], otherwise: Any) -> Any:
        """Read what the file held when the form was shown, as the form itself
        reports."""
        try:
            return json.loads(str(data.get("seen") or "null"))
        # The hidden field comes from a browser and may hold anything; then the present
        # state counts as what was seen.
        except ValueError:
            return otherwise


def encode_piece(piece: Any) -> str:
    return json.dumps(piece, ensure_ascii=False, sort_keys=True, default=str)


def choose_code(words: Any, taken: Iterable[str], otherwise: str) -> str:
    """Choose a code from a title that nothing else has yet."""
    # Codes are letters without accents: a title in Arabic alone gives none, so then the
    # kind of piece names it.
    title = outlines.choose_words("en", outlines.read_text(words))
    base = slugify(title).replace("-", "_")[:50].strip("_")
    if not CODE.fullmatch(base):
        base = otherwise
    known, number, code = set(taken), 2, base
    while code in known:
        code, number = f"{base}_{number}", number + 1
    return code
