"""What those who lead an exercise decide on their board, what players say that they did
without the engine, and what observers mark."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amana.academy.exercises import labels
from amana.academy.exercises.engine.exercise_log import ACTS
from amana.care.cases.fields import FIELDS
from amana.care.cases.models.case_record import Case
from amana.care.cases.rules import work_on_case
from amana.sandbox import act_log, playing
from amana.sandbox.act_log import WISH
from amana.sandbox.observing import SheetItem
from amana.sandbox.stage import ObserverMark
from amana.trust.access.models import User
from amana.trust.vault.compartments import Compartment
from amana.ui.form_options import Posted

SPEEDS = (0, 1, 10, 20, 30, 60, 120)
HOURS = (1, 4, 8, 24)


class SpeedForm(forms.Form):
    speed = forms.TypedChoiceField(
        choices=[(speed, speed) for speed in SPEEDS], coerce=float
    )


class ForwardForm(forms.Form):
    hours = forms.TypedChoiceField(
        choices=[(hours, hours) for hours in HOURS], coerce=int
    )


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Note for the debrief"), max_length=300)


SAID_BY_PLAYERS = (
    *("safety.assessed", "seen.alone", "companion.seen", "interpreter.used"),
    *("need.found", "need.acted_on", "age.doubted", "guardian.called"),
    *("guardian.suspected", "guardian.consented", "narrative.written", "call.told"),
    *("border.asked", "handover.ordered", "handover.confirmed"),
)
"""What happens between people, and of which the engine knows nothing."""


def list_fields_by_part() -> list[tuple[str, list[tuple[str, str]]]]:
    """List the fields of a record under the part that they are in, for a choice."""
    return [
        (
            str(part.label),
            [
                (key, str(field.label))
                for key, field in FIELDS.items()
                if field.compartment is part
            ],
        )
        for part in Compartment
    ]


class ActForm(forms.Form):
    """What a player did, of whom, and who else was part of it."""

    basis = forms.ChoiceField(
        label=_("On what it rested"),
        choices=[
            ("", _("with their consent, or does not apply")),
            ("life", _("to save a life")),
            ("law", _("the law requires it")),
            (WISH, _("at the person’s own wish")),
        ],
        required=False,
    )

    def __init__(self, data: Posted = None, *, by: User) -> None:
        super().__init__(data)
        people, agencies = playing.list_people(), playing.list_agencies()
        # Most people of a crowd have no name: the case stands for them.
        people += [
            (act_log.name_case(case.pk), case.reference)
            for case in work_on_case.among(Case.objects.all(), by)[:200]
        ]
        self.fields["act"] = forms.ChoiceField(
            label=_("What you did, or what happened"),
            choices=[(act, labels.ACTS[act]) for act in SAID_BY_PLAYERS],
        )
        self.fields["person"] = forms.ChoiceField(label=_("Of whom"), choices=people)
        self.fields["other"] = forms.ChoiceField(
            label=_(
                "Who else: the one you called or informed, who interpreted, "
                "who came along"
            ),
            choices=[("", "–"), *people, *agencies],
            required=False,
        )
        self.fields["fields"] = forms.MultipleChoiceField(
            label=_("What was shared"),
            help_text=_("Only for what you shared in a call or conversation."),
            choices=list_fields_by_part(),
            required=False,
        )
        self.order_fields(["act", "person", "basis", "other", "fields"])

    def clean(self) -> dict[str, Any]:
        """Name the parts of the act as criteria do."""
        said = dict(self.cleaned_data)
        act, other = said.get("act", ""), said.pop("other", "")
        if act == "call.told" and not said.get("fields"):
            # Without it, sharing more than was consented to could not be seen.
            self.add_error("fields", _("Choose what you shared."))
        elif act != "call.told":
            said["fields"] = []
        wanted = ACTS.get(act, frozenset()) - {"person"}
        if wanted and not other:
            self.add_error("other", _("Choose who else it was."))
        if "person" not in ACTS.get(act, frozenset()):
            said.pop("person", None)
        return said | dict.fromkeys(wanted, other)


class PersonForm(forms.Form):
    """Of which invented person a case is."""

    def __init__(self, data: Posted = None, *, by: User) -> None:
        super().__init__(data)
        self.fields["case"] = forms.ModelChoiceField(
            work_on_case.among(Case.objects.all(), by), label=_("Case")
        )
        self.fields["person"] = forms.ChoiceField(
            label=_("Is about"), choices=playing.list_people()
        )


class ObserverSheetForm(forms.Form):
    """How far each of what is looked for was seen, and what was seen."""

    def __init__(
        self,
        data: Posted = None,
        *,
        sheet: Iterable[SheetItem],
        marked: Mapping[str, ObserverMark],
    ) -> None:
        super().__init__(data)
        self.sheet, self.marked = list(sheet), marked
        for item in self.sheet:
            mark = marked.get(item.code, ObserverMark("", ""))
            # A list, not buttons: eleven times four fill a telephone ten times over.
            self.fields[item.code] = forms.ChoiceField(
                label=item.title,
                help_text=item.seen_by,
                choices=[("", "–"), *item.list_choices()],
                initial=mark.level,
                required=False,
            )
            self.fields[f"{item.code}-text"] = forms.CharField(
                label=_("What you saw"),
                max_length=300,
                initial=mark.text,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        """Require a level for what was seen: without one it would be lost."""
        marked: dict[str, Any] = self.cleaned_data
        for item in self.sheet:
            if marked.get(f"{item.code}-text") and not marked.get(item.code):
                self.add_error(item.code, _("Choose how far it was seen."))
        return marked

    def list_marks(self) -> Iterator[tuple[str, ObserverMark]]:
        """List what was marked; without a level, where one was taken back."""
        for item in self.sheet:
            level = self.cleaned_data[item.code]
            if level or item.code in self.marked:
                text = self.cleaned_data[f"{item.code}-text"]
                yield item.code, ObserverMark(level, text)
