"""Forms of the door through which learners come."""

from django import forms
from django.utils.translation import gettext_lazy as _

from amana.ui import languages


class AddressForm(forms.Form):
    address = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )
    then = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)

    def clean_address(self) -> str:
        return str(self.cleaned_data["address"]).lower()


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        help_text=_(
            "Those who lead your course see it. A certificate can bear another name."
        ),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=languages.list_languages)


class NewLearnerForm(ProfileForm):
    accepts = forms.BooleanField(
        label=_("I have read the terms, and accept them"),
        error_messages={"required": _("Accept the terms to open an account.")},
    )
