"""Working on a case: needs, follow-ups, notes, safety, files."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Unpack

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.care.cases import safety
from amana.care.cases.forms.record import LONGEST_TEXT
from amana.care.cases.models.case_needs import FollowUp, Need, UnmetReason
from amana.care.cases.models.case_record import Urgency
from amana.care.cases.models.files import FileRemoval
from amana.trust.vault import files
from amana.trust.vault.compartments import Compartment
from amana.ui.form_options import Files, FormOptions, Posted


class AnswerNeedForm(forms.Form):
    status = forms.ChoiceField(
        label=_("Status of this need"),
        widget=forms.RadioSelect,
        choices=[
            (status.value, status.label)
            for status in Need.Status
            if status is not Need.Status.REFERRED
        ],
    )
    reason = forms.ChoiceField(
        label=_("If nothing acceptable was found, why?"),
        choices=[("", ""), *UnmetReason.choices],
        required=False,
    )


class FollowUpForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Type of follow-up"),
        choices=FollowUp.Kind.choices,
        widget=forms.RadioSelect,
        initial=FollowUp.Kind.CONTACT,
    )
    words = forms.CharField(
        label=_("What needs to be done"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    due_at = forms.DateTimeField(
        label=_("By when"),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
        ),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
    )

    def __init__(self, data: Posted = None, **kwargs: Unpack[FormOptions]) -> None:
        super().__init__(data, **kwargs)
        tomorrow = timezone.localtime() + timedelta(days=1)
        self.fields["due_at"].initial = tomorrow.replace(minute=0, second=0)


class OutcomeForm(forms.Form):
    words = forms.CharField(
        label=_("Outcome"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CaseNoteForm(forms.Form):
    words = forms.CharField(
        label=_("Note"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "What you saw or heard, and from whom. A note can’t be changed once saved."
        ),
    )


class UrgencyForm(forms.Form):
    urgency = forms.ChoiceField(
        label=_("How urgent is this case?"),
        choices=Urgency.choices,
        widget=forms.RadioSelect,
    )


class SafetyForm(forms.Form):
    """How safe the person is: each item answered, or left as not known."""

    words = forms.CharField(
        label=_("The person’s view of their safety"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    plan = forms.CharField(
        label=_("What we agreed to do, and who can help"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Steps before, during and after danger; safe people and places."),
    )

    def __init__(self, data: Posted = None, **kwargs: Unpack[FormOptions]) -> None:
        super().__init__(data, **kwargs)
        for code, item in safety.ITEMS.items():
            self.fields[code] = forms.ChoiceField(
                label=str(item.text),
                choices=safety.SafetyAnswer.choices,
                initial=safety.SafetyAnswer.UNKNOWN,
                required=False,
                widget=forms.RadioSelect,
            )

    @property
    def groups(self) -> list[tuple[object, list[forms.BoundField]]]:
        return [
            (name, [self[item.code] for item in items]) for name, items in safety.GROUPS
        ]

    @property
    def answers(self) -> dict[str, str]:
        return {code: self.cleaned_data.get(code) or "unknown" for code in safety.ITEMS}


class FileForm(forms.Form):
    compartment = forms.ChoiceField(label=_("Part of the case"))
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": files.ACCEPTED}),
        help_text=_(
            "PDF, JPEG, PNG or WebP, at most 10 MB. The original is sealed; "
            "colleagues see a copy without location, camera details or hidden "
            "content."
        ),
    )
    words = forms.CharField(
        label=_("What it shows"), max_length=LONGEST_TEXT, required=False
    )

    def __init__(
        self,
        data: Posted = None,
        files: Files = None,
        *,
        compartments: Iterable[Compartment],
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, files, **kwargs)
        part = self.fields["compartment"]
        assert isinstance(part, forms.ChoiceField)
        part.choices = [(c.value, c.label) for c in Compartment if c in compartments]


class RemoveFileForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Reason for deletion"),
        choices=FileRemoval.choices,
        widget=forms.RadioSelect,
    )
