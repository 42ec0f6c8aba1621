"""What a sender writes: messages, slips, handover, search."""

from collections.abc import Iterable
from typing import Unpack

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from amana.care.cases.models.case_needs import UnmetReason
from amana.care.consent.models import Consent, VitalInterest
from amana.care.consent.payload import ALONG, WRITTEN_IN
from amana.care.referrals.actions.referral_moves import NOT_HEARD_OF
from amana.care.referrals.forms.answer_forms import (
    AppointmentTimeField,
    SealedTextField,
)
from amana.care.referrals.referral_messages import HandoverMessage
from amana.design.directory.forms.directory_inputs import list_area_choices
from amana.ui import languages
from amana.ui.form_options import FormOptions, Posted


class MessageForm(forms.Form):
    text = SealedTextField(label=_("Write to the other team"), required=True)


class SlipForm(forms.Form):
    """How the slip that the person takes along looks."""

    language = forms.ChoiceField(label=_("Language of the slip"))
    team = forms.BooleanField(
        label=_("Show our team’s name"), required=False, initial=True
    )

    def __init__(self, data: Posted = None, **kwargs: Unpack[FormOptions]) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (code, languages.format_language(code)) for code, _ in settings.LANGUAGES
        ]


class HandoverForm(forms.Form):
    """A warm handover: no one is sent off alone with a slip."""

    note = SealedTextField(
        label=_("Accompanying message"),
        help_text=_("Only what the person agreed to share. It is kept sealed."),
    )
    who = forms.CharField(label=_("Accompanied by"), max_length=200, required=False)
    at = AppointmentTimeField(label=_("Departure or arrival time"), required=False)
    where = forms.CharField(label=_("Meeting point"), max_length=300, required=False)
    transport = forms.CharField(
        label=_("How they travel"), max_length=200, required=False
    )
    met_with = forms.CharField(
        label=_("Interpreter"),
        max_length=200,
        required=False,
        help_text=_("Trained and neutral: never family or a fellow traveller."),
    )

    def handover(self) -> HandoverMessage | None:
        said = {k: v for k, v in self.cleaned_data.items() if k != "note" and v}
        if "met_with" in said:  # one form with `interpreter` of the question
            said["interpreter"] = said.pop("met_with")
        return HandoverMessage(**said) if said else None

    def along(self) -> list[str]:
        """List the letters that this writes, by name."""
        written = {name for name, value in self.cleaned_data.items() if value}
        return [letter for letter in ALONG if written & set(WRITTEN_IN[letter])]

    def is_heard_of(self, agreed: Iterable[Consent]) -> bool:
        """Check whether she was informed, with each of these, of the letters written
        here."""
        if all(set(self.along()) <= set(consent.along) for consent in agreed):
            return True
        self.add_error(None, NOT_HEARD_OF)
        return False


class ServiceSearchForm(forms.Form):
    """Where to search: posted, because where a person is may be in no address."""

    area = forms.ChoiceField(label=_("Near"), required=False)
    within_km = forms.TypedChoiceField(
        label=_("Within"),
        choices=[("", _("any distance")), *((km, f"{km} km") for km in (10, 50, 150))],
        coerce=float,
        empty_value=None,
        required=False,
    )
    more = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Posted = None, **kwargs: Unpack[FormOptions]) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list_area_choices(empty=str(_("anywhere")))


class UnmetForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why none is suitable"),
        choices=UnmetReason.choices,
        widget=forms.RadioSelect,
    )


class VitalInterestForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why the person can’t be asked"),
        choices=VitalInterest.Reason.choices,
        widget=forms.RadioSelect,
    )
    words = SealedTextField(
        label=_("The danger"),
        help_text=_("Kept sealed in the case. The second person reads it."),
        required=True,
    )


class AccessCodeForm(forms.Form):
    """The code that was given by voice, or that is on a return slip."""

    code = forms.CharField(
        label=_("The code you were given"),
        error_messages={"required": _("Enter the code.")},
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "dir": "ltr"}
        ),
    )


class QuestionForm(forms.Form):
    """What someone without an account asks of the sender."""

    text = SealedTextField(
        label=_("Your question, or what the sender should know"),
        help_text=_("Only the sender’s team can read it."),
        required=True,
    )


def add_name_field(form: forms.Form) -> None:
    """Add a field for the first name of an outsider, if they wish to give it."""
    form.fields.pop("places", None)  # they count their places themselves
    form.fields["who"] = forms.CharField(
        label=_("Your first name"),
        help_text=_("So that the sender knows whom to ask for."),
        max_length=60,
        required=False,
    )


class SheetForm(forms.Form):
    """In which language a sheet is printed: that of those who will read it."""

    language = forms.ChoiceField(
        label=_("Language of the sheet"), widget=forms.RadioSelect
    )

    def __init__(self, data: Posted = None, **kwargs: Unpack[FormOptions]) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = languages.list_languages()
