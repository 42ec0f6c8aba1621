"""A lesson as a form: what it is about, and its parts from the top."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from amana.academy.authoring import lesson_parts
from amana.academy.authoring.course_choices import CourseChoices, keep_chosen
from amana.academy.authoring.lesson_parts import LessonDraft, LessonPart
from amana.academy.authoring.placed_faults import check_characters
from amana.academy.courses import labels
from amana.faults import Fault

MOST_PARTS = 150
LISTS = ("objectives", "competencies", "sectors")

PART_KINDS: dict[str, str | Promise] = {
    lesson_parts.WORDS: pgettext_lazy("part of a lesson", "Text"),
    lesson_parts.PICTURE: pgettext_lazy("part of a lesson", "Drawing"),
    lesson_parts.ASKED: pgettext_lazy("part of a lesson", "Practice question"),
    lesson_parts.THOUGHT: pgettext_lazy("part of a lesson", "Reflection"),
    lesson_parts.HELP: pgettext_lazy("part of a lesson", "Helplines"),
}
SAID_LABELS: dict[str, str | Promise] = {
    lesson_parts.WORDS: gettext_lazy("Text of part %(number)s (Markdown)"),
    lesson_parts.PICTURE: gettext_lazy("Drawing of part %(number)s"),
    lesson_parts.ASKED: gettext_lazy("Question of part %(number)s"),
    lesson_parts.THOUGHT: gettext_lazy("What to think about in part %(number)s"),
}


@dataclass(frozen=True)
class TypedLesson:
    """What stands in a lesson’s form: of its file, or as it was sent."""

    head: Mapping[str, Any]
    parts: Sequence[LessonPart]
    was: str
    """The fingerprint of the file that it changes."""
    same: bool = False
    """The translator says that it matches its original."""


def read_typed_lesson(data: QueryDict) -> TypedLesson:
    """Read what was sent, whether or not it can be saved."""
    count = data.get("count", "")
    # Bounded: a form that was made by hand could claim a million parts.
    most = min(int(count), MOST_PARTS) if count.isascii() and count.isdigit() else 0
    return TypedLesson(
        head={
            **{key: data.get(key, "") for key in ("title", "kind", "content_note")},
            **{key: data.getlist(key) for key in LISTS},
        },
        parts=[
            LessonPart(
                data.get(f"part-{at}-kind", ""),
                data.get(f"part-{at}-said", "").replace("\r\n", "\n"),
                data.get(f"part-{at}-alternative", ""),
            )
            for at in range(most)
            if data.get(f"part-{at}-kind") in lesson_parts.KINDS
        ],
        was=data.get("was", ""),
        same=bool(data.get("same")),
    )


def take_typed_lesson(draft: LessonDraft, was: str) -> TypedLesson:
    """Take what stands in a lesson’s file."""
    said = draft.said
    return TypedLesson(
        head={
            **{key: str(said.get(key) or "") for key in ("title", "content_note")},
            "kind": said.get("kind", "lesson"),
            **{key: [str(code) for code in get_list(said.get(key))] for key in LISTS},
        },
        parts=draft.parts,
        was=was,
    )


def get_list(said: object) -> list[object]:
    return said if isinstance(said, list) else []


def change_parts(typed: TypedLesson, change: str, kind: str) -> TypedLesson:
    """Move or remove a part (“up-2”, “down-2”, “remove-2”), or add one (“add”)."""
    parts = list(typed.parts)
    verb, _dash, number = change.partition("-")
    at = int(number) if number.isascii() and number.isdigit() else -1
    if verb == "add" and kind in lesson_parts.KINDS and len(parts) < MOST_PARTS:
        parts.append(LessonPart(kind))
    elif at in range(len(parts)):
        # Taken out first, so that the number of the place is that among the others.
        moved = parts.pop(at)
        if verb != "remove":
            to = at - 1 if verb == "up" else at + 1
            parts.insert(min(max(to, 0), len(parts)), moved)
    return replace(typed, parts=parts)


@dataclass(frozen=True)
class ShownPart:
    """A part of a lesson with its fields."""

    number: int
    kind: str
    title: str
    fields: list[BoundField]
    hidden: BoundField
    at: int
    original: str
    """The same part in the course’s first language; empty in that language."""

    @property
    def up(self) -> str:
        return f"up-{self.at}"

    @property
    def down(self) -> str:
        return f"down-{self.at}"

    @property
    def remove(self) -> str:
        return f"remove-{self.at}"


class LessonForm(forms.Form):
    """A lesson’s head and its parts. It is always filled in: with what the file says,
    or with what was sent."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=300)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of lesson"), choices=list(labels.KINDS.items())
    )
    objectives = forms.MultipleChoiceField(
        label=gettext_lazy("Learning objectives"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    competencies = forms.MultipleChoiceField(
        label=gettext_lazy("Competencies"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    sectors = forms.MultipleChoiceField(
        label=gettext_lazy("For these sectors"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    content_note = forms.CharField(
        label=gettext_lazy("Note before anything hard to read"),
        widget=forms.Textarea({"rows": 2}),
        required=False,
    )
    same = forms.BooleanField(
        label=gettext_lazy("This translation matches the current lesson."),
        required=False,
    )
    was = forms.CharField(widget=forms.HiddenInput, required=False)
    count = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        typed: TypedLesson,
        choices: CourseChoices,
        *,
        language: str,
        originals: Sequence[LessonPart] | None = None,
        unchecked: bool = False,
    ) -> None:
        """Show what was typed; `originals` are the parts of what it translates.
        `unchecked`: its parts were moved, and nothing is to be saved yet."""
        super().__init__(flatten_lesson(typed))
        self.unchecked = unchecked
        self.typed, self.choices, self.language = typed, choices, language
        self.originals = originals
        # What is the same in each language stands in the original alone.
        for name in ("same",) if originals is None else ("kind", *LISTS):
            del self.fields[name]
        for name in LISTS if originals is None else ():
            offered = getattr(choices, name)
            for chosen in typed.head[name]:
                offered = keep_chosen(offered, str(chosen))
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        for at, part in enumerate(typed.parts):
            self.add_part(at, part)

    def add_part(self, at: int, part: LessonPart) -> None:
        kind = forms.CharField(widget=forms.HiddenInput, required=False)
        self.fields[f"part-{at}-kind"] = kind
        if field := self.build_said(part, at + 1):
            self.fields[f"part-{at}-said"] = field
        if part.kind == lesson_parts.PICTURE:
            self.fields[f"part-{at}-alternative"] = forms.CharField(
                label=_("What the drawing of part %(number)s shows, in words")
                % {"number": at + 1},
                help_text=_("Screen readers read it out."),
                widget=forms.Textarea({"rows": 2, "lang": self.language}),
                required=False,
            )

    def build_said(self, part: LessonPart, number: int) -> forms.Field | None:
        """Build the field of what a part says; helplines say nothing of their own."""
        look = {"lang": self.language, "dir": "auto", "spellcheck": "true"}
        label = str(SAID_LABELS.get(part.kind, "")) % {"number": number}
        match part.kind:
            case lesson_parts.WORDS:
                # As tall as its text: a small window on a long text is edited blindly.
                rows = min(18, max(4, len(part.said) // 70 + part.said.count("\n")))
                area = forms.Textarea({**look, "rows": rows})
                return forms.CharField(
                    label=label, widget=area, required=False, strip=False
                )
            case lesson_parts.THOUGHT:
                area = forms.Textarea({**look, "rows": 2})
                return forms.CharField(label=label, widget=area)
            case lesson_parts.ASKED:
                offered = keep_chosen(self.choices.questions, part.said)
                return forms.ChoiceField(label=label, choices=offered)
            case lesson_parts.PICTURE:
                offered = keep_chosen(self.choices.figures, part.said)
                return forms.ChoiceField(label=label, choices=offered)
        return None

    def full_clean(self) -> None:
        if not self.unchecked:
            super().full_clean()
            return
        self._errors, self.cleaned_data = ErrorDict(), {}

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        check_characters(self, said)
        for name, value in said.items():
            if name.endswith("-alternative") and "]" in str(value):
                self.add_error(name, _("Square brackets can’t be used here."))
        return said

    def list_parts(self) -> list[LessonPart]:
        """List the parts to save; a text that was emptied is none."""
        found = []
        for at, part in enumerate(self.typed.parts):
            said = str(self.cleaned_data.get(f"part-{at}-said", ""))
            said = said.replace("\r\n", "\n").strip("\n")
            if part.kind == lesson_parts.THOUGHT:
                said = " ".join(said.split())
            other = self.cleaned_data.get(f"part-{at}-alternative", "")
            if said.strip() or part.kind == lesson_parts.HELP:
                found.append(LessonPart(part.kind, said, " ".join(str(other).split())))
        return found

    def build_head(self, was: Mapping[str, Any]) -> dict[str, object]:
        """Build the entries of the head; None for one that says nothing."""
        # A translation’s form has fewer fields, and its file says nothing of what they
        # are about: that is in the original alone.
        said = {
            name: self.cleaned_data[name]
            for name in ("title", "kind", "content_note", *LISTS)
            if name in self.cleaned_data
        }
        # Left out, it is a lesson: it is not written where it was not.
        if said.get("kind") == "lesson" and "kind" not in was:
            del said["kind"]
        return {
            name: keep_wording(was.get(name), value) or None
            for name, value in said.items()
        }

    def iterate_parts(self) -> Iterator[ShownPart]:
        """Yield the parts with their fields, as the page shows them."""
        beside = match_originals(self.typed.parts, self.originals)
        for at, part in enumerate(self.typed.parts):
            names = (f"part-{at}-said", f"part-{at}-alternative")
            title = _("Part %(number)s: %(kind)s")
            yield ShownPart(
                number=at + 1,
                kind=part.kind,
                title=title % {"number": at + 1, "kind": PART_KINDS[part.kind]},
                fields=[self[name] for name in names if name in self.fields],
                hidden=self[f"part-{at}-kind"],
                at=at,
                original=beside[at],
            )

    @property
    def part_kinds(self) -> list[tuple[str, str | Promise]]:
        return list(PART_KINDS.items())

    @property
    def main_fields(self) -> list[BoundField]:
        return [
            self[name]
            for name in self.fields
            if not name.startswith("part-") and not self[name].is_hidden
        ]

    def place_fault(self, draft: LessonDraft, fault: Fault) -> str:
        """Name the field that a fault of the file is about; empty: the whole form."""
        if fault.where:
            return str(fault.where[0])
        at = lesson_parts.find_part(draft.parts, fault.line or 0)
        return "" if at is None else f"part-{at}-said"


def flatten_lesson(typed: TypedLesson) -> dict[str, object]:
    """Flatten what was typed into the names of the form’s fields."""
    flat: dict[str, object] = {
        **typed.head,
        "was": typed.was,
        "count": len(typed.parts),
        "same": typed.same,
    }
    for at, part in enumerate(typed.parts):
        flat[f"part-{at}-kind"] = part.kind
        flat[f"part-{at}-said"] = part.said
        flat[f"part-{at}-alternative"] = part.alternative
    return flat


def match_originals(
    parts: Sequence[LessonPart], originals: Sequence[LessonPart] | None
) -> list[str]:
    """Find the original of each part: the one in the same place, of the same kind."""
    listed = list(originals or ())
    return [
        lesson_parts.format_part(listed[at])
        if at < len(listed) and listed[at].kind == part.kind
        else ""
        for at, part in enumerate(parts)
    ]


def keep_wording(was: object, now: object) -> object:
    """Keep what a file says where only the ends of its lines are others."""
    if isinstance(was, str) and isinstance(now, str):
        now = now.replace("\r\n", "\n")
        return was if was.strip() == now.strip() else now
    return now
