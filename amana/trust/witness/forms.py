"""What is asked of those who choose witnesses, carry answers, and declare a
restoration."""

import string

from django import forms
from django.utils.translation import gettext_lazy as _

from amana.trust.witness.models import Restoration

MOST = 4 * 1024


class WitnessForm(forms.Form):
    key = forms.CharField(
        label=_("Public key of the witness"),
        help_text=_("As the other organisation gave it to you, in person or by phone."),
        max_length=400,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    address = forms.URLField(
        label=_("Address at which it answers"),
        help_text=_("Leave this empty for a machine without a network."),
        max_length=400,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )


class LogForm(forms.Form):
    key = forms.CharField(
        label=_("Public key of the log"),
        help_text=_("As the other organisation gave it to you, in person or by phone."),
        max_length=400,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )


class AnswerForm(forms.Form):
    size = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.CharField(
        label=_("Witness’s answer"),
        help_text=_("One line that begins with a dash."),
        max_length=MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr"}),
    )
    file = forms.FileField(label=_("Or the file with the answer"), required=False)

    def clean(self) -> dict[str, object]:
        said = super().clean() or self.cleaned_data
        file = said.get("file")
        if not said.get("answer") and file:
            # Read up to a limit: a longer file is no answer, and must not fill the
            # memory.
            said["answer"] = file.read(MOST).decode("utf-8", errors="replace")
        if not said.get("answer"):
            self.add_error("answer", _("Enter the answer or choose the file."))
        return said


class CompareForm(forms.Form):
    size = forms.IntegerField(label=_("Number of entries on the paper"), min_value=1)
    hash = forms.CharField(
        label=_("Hash on the paper"),
        help_text=_("64 letters and digits; spaces don’t matter."),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )

    def clean_hash(self) -> str:
        typed = "".join(self.cleaned_data["hash"].split()).lower()
        if len(typed) != 64 or set(typed) - set(string.hexdigits):
            raise forms.ValidationError(
                _("A hash has 64 letters and digits, from 0 to 9 and from a to f.")
            )
        return typed


class RestorationForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why an older database was restored"),
        choices=Restoration.Reason.choices,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("What happened"),
        help_text=_("Don’t enter names or case numbers."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
