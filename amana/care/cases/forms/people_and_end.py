"""Who works on a case, its transfer, its end, and finding it."""

from typing import Unpack

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amana.care.cases import closing
from amana.care.cases.forms.record import LONGEST_TEXT
from amana.care.cases.models.case_record import Assignment, ClosureReason
from amana.care.cases.models.files import EmergencyContact, TransferDecline
from amana.telephones import format_dialled
from amana.trust.access.models.organisations import Team, User
from amana.ui.form_options import FormOptions, Posted


class AssignForm(forms.Form):
    worker = forms.ModelChoiceField(User.objects.none(), label=_("Colleague"))
    part = forms.ChoiceField(
        label=pgettext_lazy("of a colleague in a case", "Part"),
        choices=Assignment.GIVEN,
        widget=forms.RadioSelect,
        initial=Assignment.Part.SUPPORT,
    )

    def __init__(
        self,
        data: Posted = None,
        *,
        workers: QuerySet[User],
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["worker"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = workers


class RestrictForm(forms.Form):
    people = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Who may open this case"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        data: Posted = None,
        *,
        workers: QuerySet[User],
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["people"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = workers


class TransferTeamField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Team) -> str:
        return f"{obj.organisation} · {obj}"


class TransferForm(forms.Form):
    to = TransferTeamField(Team.objects.none(), label=_("To which team"))
    agreed = forms.CharField(
        label=_("How the person agreed"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Required for another organisation. Within your own, inform the person "
            "anyway."
        ),
    )

    def __init__(
        self,
        data: Posted = None,
        *,
        teams: QuerySet[Team],
        **kwargs: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = teams


class TransferDeclineForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Reason for declining"),
        widget=forms.RadioSelect,
        choices=[
            (reason.value, reason.label)
            for reason in TransferDecline
            if reason is not TransferDecline.TAKEN_BACK
        ],
    )


class CloseForm(forms.Form):
    checklist = forms.MultipleChoiceField(
        label=_("What has been done"),
        choices=list(closing.CHECKLIST.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.ChoiceField(
        label=_("Reason for closure"), choices=[("", ""), *ClosureReason.choices]
    )
    left_open = forms.CharField(
        label=_("What is left open, and why"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Required if the safety, agreement or coming-back item is not "
            "ticked, or a need is outstanding."
        ),
    )
    words = forms.CharField(
        label=_("Anything else a colleague should know if the person comes back"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SendBackForm(forms.Form):
    words = forms.CharField(
        label=_("What still needs to be done"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CaseSearchForm(forms.Form):
    q = forms.CharField(
        label=_("Reference, name or telephone number"),
        max_length=100,
        help_text=_("Names are found in other spellings and scripts too."),
    )


class EmergencyContactForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = EmergencyContact
        fields = (
            *("when", "name", "number", "note", "place"),
            *("name_en", "note_en", "name_fr", "note_fr", "name_ar", "note_ar"),
        )
        labels = {
            "when": _("When to call"),
            "name": _("Who answers"),
            "number": _("Number"),
            "note": _("Instructions or opening hours"),
            "place": _("Position in the list"),
            "name_en": _("Who answers, in English"),
            "note_en": _("Instructions, in English"),
            "name_fr": _("Who answers, in French"),
            "note_fr": _("Instructions, in French"),
            "name_ar": _("Who answers, in Arabic"),
            "note_ar": _("Instructions, in Arabic"),
        }

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        if not format_dialled(number):
            raise forms.ValidationError(
                _(
                    "Enter one number, as it is dialled here. Add another line for a "
                    "second number."
                )
            )
        return number
