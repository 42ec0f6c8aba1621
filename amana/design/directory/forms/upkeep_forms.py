"""Forms about taking a service out of the directory."""

from django import forms
from django.utils.translation import gettext_lazy


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Its team reads this. Do not name any person you help."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("Your answer"),
        help_text=gettext_lazy("Do not name any person you help."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
