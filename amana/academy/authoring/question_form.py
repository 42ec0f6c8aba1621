"""A question as a form: what is the same everywhere, and its words, language by
language side by side."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from amana.academy.authoring.course_choices import Choices, CourseChoices, keep_chosen
from amana.academy.authoring.placed_faults import check_characters
from amana.academy.authoring.question_entries import (
    CHOSEN,
    Entry,
    QuestionEntry,
    build_row,
    flatten_question,
    iterate_row_fields,
    set_number,
    set_text,
)
from amana.ui.languages import format_language

QUESTION_KINDS: dict[str, str | Promise] = {
    "one": gettext_lazy("One option is right"),
    "many": gettext_lazy("Several options are right"),
    "decide": gettext_lazy("A decision, in which no option has to be right"),
    "order": gettext_lazy("To bring into order"),
    "match": gettext_lazy("Pairs that belong together"),
    "number": gettext_lazy("A number"),
}
ROW_LABELS: dict[str, str | Promise] = {
    "text": gettext_lazy("Option %(number)s (%(language)s)"),
    "feedback": gettext_lazy("Feedback to option %(number)s (%(language)s)"),
    "left": gettext_lazy("Pair %(number)s, left (%(language)s)"),
    "right": gettext_lazy("Pair %(number)s, right (%(language)s)"),
}


class QuestionForm(forms.Form):
    """A question in all languages of its course."""

    id = forms.RegexField(
        label=gettext_lazy("Code"),
        regex=r"^[a-z][a-z0-9-]{0,59}$",
        help_text=gettext_lazy("Small letters and digits, as m1-b121."),
    )
    objectives = forms.MultipleChoiceField(
        label=gettext_lazy("Learning objectives"), widget=forms.CheckboxSelectMultiple
    )
    competency = forms.ChoiceField(label=gettext_lazy("Competency"))
    critical = forms.BooleanField(
        label=gettext_lazy("A mistake here could harm a person (critical)"),
        required=False,
    )
    source = forms.ChoiceField(label=gettext_lazy("Source"), required=False)
    at = forms.CharField(
        label=pgettext_lazy("in a source", "Page, article or chapter"), required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Why this is right, for reviewers"),
        help_text=gettext_lazy("Learners never see it."),
        widget=forms.Textarea({"rows": 3}),
    )
    answer = forms.FloatField(label=gettext_lazy("The right number"))
    tolerance = forms.FloatField(
        label=gettext_lazy("How far off still counts"), min_value=0, required=False
    )
    was = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        entry: QuestionEntry,
        choices: CourseChoices,
        *,
        was: str,
        data: QueryDict | None = None,
    ) -> None:
        """Show what was sent, else what the files say; of a new question nothing."""
        filled = data
        if data is None and entry.said:
            filled = {**flatten_question(entry, choices.languages), "was": was}  # type: ignore[assignment]
        super().__init__(filled, initial={"was": was})
        self.entry, self.choices = entry, choices
        self.drop_unused()
        self.offer_choices()
        for language in choices.languages:
            self.add_language(language)
        if entry.kind in CHOSEN:
            self.fields["right"] = self.build_right()

    def drop_unused(self) -> None:
        bank, kind = self.entry.bank, self.entry.kind
        unused = [] if bank else ["critical", "at", "reason"]
        unused += [] if kind == "number" else ["answer", "tolerance"]
        unused += ["id"] if self.entry.said else []
        for name in unused:
            del self.fields[name]

    def offer_choices(self) -> None:
        said, choices = self.entry.said, self.choices
        listed = choices.objectives
        for code in said.get("objectives") or ():
            listed = keep_chosen(listed, str(code))
        competencies = keep_chosen(
            choices.competencies, str(said.get("competency", ""))
        )
        sources = keep_chosen(choices.sources, str(said.get("source", "")))
        offered: dict[str, Choices] = {
            "objectives": listed,
            "competency": competencies,
            "source": [("", "—"), *sources],
        }
        for name, found in offered.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]

    def build_right(self) -> forms.Field:
        rows = [
            (str(at), _("Option %(number)s") % {"number": at + 1})
            for at in range(self.entry.rows)
        ]
        if self.entry.kind == "one":
            return forms.ChoiceField(
                label=_("Which option is right"),
                choices=rows,
                widget=forms.RadioSelect,
            )
        return forms.MultipleChoiceField(
            label=_("Which options are right"),
            choices=rows,
            widget=forms.CheckboxSelectMultiple,
            required=self.entry.kind == "many",
        )

    def add_language(self, language: str) -> None:
        """Add the fields of one language; only the first one has to be filled in."""
        entry, first = self.entry, language == self.choices.first
        build = partial(build_text_field, language)
        if entry.bank:
            label = _("Document (%(language)s)")
            self.fields[f"document-{language}"] = build(label, rows=5)
        label = _("Question (%(language)s)")
        self.fields[f"text-{language}"] = build(label, rows=3, required=first)
        for at in range(entry.rows if entry.kind != "number" else 0):
            for name, long in iterate_row_fields(entry):
                label = str(ROW_LABELS[name])
                self.fields[f"row-{at}-{name}-{language}"] = build(
                    label, rows=2 if long else 1, number=at + 1
                )
        if not entry.bank:
            label = _("Feedback on the whole (%(language)s)")
            self.fields[f"feedback-{language}"] = build(label, rows=2)
        if entry.kind == "number":
            label = _("Unit (%(language)s)")
            self.fields[f"unit-{language}"] = build(label, rows=1)
        if not first:
            self.fields[f"same-{language}"] = forms.BooleanField(
                label=_("The %(language)s text matches the current question.")
                % {"language": format_language(language)},
                required=False,
            )

    # -- what was typed ----------------------------------------------------------------

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        check_characters(self, said)
        if not self.errors:
            self.check_rows()
            for language in self.choices.languages[1:]:
                self.check_language(language)
        return said

    def get_text(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "").replace("\r\n", "\n").strip("\n")

    def list_kept(self) -> list[int]:
        """List the rows that have a text in the first language; others are left out."""
        name = next((name for name, _long in iterate_row_fields(self.entry)), "")
        first = self.choices.first
        return [
            at
            for at in range(self.entry.rows)
            if self.get_text(f"row-{at}-{name}-{first}").strip()
        ]

    def list_right(self) -> list[int]:
        chosen = self.cleaned_data.get("right") or ()
        return [int(at) for at in ([chosen] if isinstance(chosen, str) else chosen)]

    def check_rows(self) -> None:
        """Check that nothing is typed next to an option that is left out."""
        kept = self.list_kept()
        if not set(self.list_right()) <= set(kept):
            self.add_error("right", _("This option has no text."))
        for at in set(range(self.entry.rows)) - set(kept):
            # A text next to an empty option would be lost without a word.
            for name, field in self.fields.items():
                typed = name.startswith(f"row-{at}-") and self.get_text(name).strip()
                if typed and isinstance(field, forms.CharField):
                    words = _("Write it in the first language too, or clear it here.")
                    self.add_error(name, words)

    def is_translated(self, language: str) -> bool:
        names = (name for name in self.fields if name.endswith(f"-{language}"))
        return any(self.get_text(name).strip() for name in names if name[:5] != "same-")

    def check_language(self, language: str) -> None:
        """Check that a language has all of a question, or nothing."""
        if not self.is_translated(language):
            return
        names = [f"text-{language}"]
        for at in self.list_kept():
            for name, _long in iterate_row_fields(self.entry):
                if self.get_text(f"row-{at}-{name}-{self.choices.first}").strip():
                    names.append(f"row-{at}-{name}-{language}")
        for name in names:
            if not self.get_text(name).strip():
                self.add_error(name, _("This is not translated yet."))

    # -- what the files become ---------------------------------------------------------

    def build_question(self) -> dict[str, Any]:
        """Build the question as its file says it, with what the form does not know."""
        was, data = self.entry.said, self.cleaned_data
        said = dict(was)
        if not was:
            said["id"] = data["id"]
            if not self.entry.bank:
                said["kind"] = self.entry.kind
        said["objectives"] = data["objectives"]
        said["competency"] = data["competency"]
        if self.entry.bank and (data["critical"] or "critical" in was):
            said["critical"] = data["critical"]
        self.set_words(said, was, self.choices.first)
        for name in ("reason", "source", "at"):
            set_text(said, was, name, self.get_text(name))
        for name in ("answer", "tolerance"):
            set_number(said, was, name, data.get(name))
        return said

    def build_words(self, language: str) -> dict[str, Any] | None:
        """Build a translation as its file says it; None where there is none."""
        if not self.is_translated(language):
            return None
        was = self.entry.words.get(language, {})
        said = dict(was)
        self.set_words(said, was, language)
        return said

    def set_words(self, said: dict[str, Any], was: Entry, language: str) -> None:
        """Set what is said in one language."""
        for name in ("document", "text"):
            set_text(said, was, name, self.get_text(f"{name}-{language}"))
        if rows := self.build_rows(was, language):
            said["pairs" if self.entry.kind == "match" else "options"] = rows
        for name in ("feedback", "unit"):
            if f"{name}-{language}" in self.fields:
                set_text(said, was, name, self.get_text(f"{name}-{language}"))

    def build_rows(self, was: Entry, language: str) -> list[object]:
        listed = was.get("pairs" if self.entry.kind == "match" else "options")
        before = listed if isinstance(listed, list) else []
        names = [name for name, _long in iterate_row_fields(self.entry)]
        # Which one is right is said once, in the original; translations only name it.
        marks = self.entry.kind in CHOSEN and language == self.choices.first
        right = self.list_right() if marks else []
        return [
            build_row(
                before[at] if at < len(before) else None,
                {name: self.get_text(f"row-{at}-{name}-{language}") for name in names},
                right=at in right if marks else None,
            )
            for at in (self.list_kept() if names else ())
        ]

    # -- the page ----------------------------------------------------------------------

    @property
    def common_fields(self) -> list[BoundField]:
        """The fields that are the same in each language."""
        return [
            self[name]
            for name in self.fields
            if name != "was" and not self.is_of_language(name)
        ]

    def is_of_language(self, name: str) -> bool:
        return name.rpartition("-")[2] in self.choices.languages and "-" in name

    def iterate_lines(self) -> Iterator[list[BoundField]]:
        """Yield what belongs together, each in all languages side by side."""
        first = self.choices.first
        for name in self.fields:
            stem, _dash, language = name.rpartition("-")
            if language != first or not stem:
                continue
            yield [
                self[f"{stem}-{code}"]
                for code in self.choices.languages
                if f"{stem}-{code}" in self.fields
            ]

    @property
    def ticks(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name[:5] == "same-"]

    def place_fault(self, place: Sequence[str | int], language: str) -> str:
        """Name the field for a place within a question; empty: the whole form."""
        match [*place]:
            case ["options", int(at), "feedback"]:
                return f"row-{at}-feedback-{language}"
            case ["options", int(at), *_more]:
                return f"row-{at}-text-{language}"
            case ["pairs", int(at), *more]:
                side = more[0] if more else "left"
                return f"row-{at}-{side}-{language}"
            case ["options"] if language == self.choices.first:
                return "right" if "right" in self.fields else f"row-0-text-{language}"
            case ["options" | "pairs" as key]:
                return f"row-0-{'text' if key == 'options' else 'left'}-{language}"
            case ["translated_from"]:
                return f"same-{language}"
            case ["document" | "text" | "feedback" | "unit" as key]:
                return f"{key}-{language}"
            case [str(key), *_more]:
                return key
        return "" if language == self.choices.first else f"text-{language}"


def build_text_field(
    language: str, label: str, *, rows: int, required: bool = False, number: int = 0
) -> forms.Field:
    """Build the field of a text in one language; its label names it."""
    look = {"lang": language, "dir": "auto", "spellcheck": "true"}
    widget = forms.Textarea({**look, "rows": rows}) if rows > 1 else None
    said = {"number": number, "language": format_language(language)}
    return forms.CharField(
        label=label % said,
        required=required,
        strip=False,
        widget=widget or forms.TextInput(look),
    )
