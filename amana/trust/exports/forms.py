"""What is asked before people's data leaves."""

from django import forms
from django.utils.translation import gettext_lazy as _

from amana.trust.exports.models import Export


class ReasonForm(forms.Form):
    why = forms.ChoiceField(
        label=_("Why do you need it?"),
        choices=Export.Why.choices,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In a few words"),
        help_text=_("Optional. Don’t enter names."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
